import * as z from 'zod';
import { Decision } from '../../../../contract/decision.ts';
import { Facts } from '../../../../contract/facts.ts';
import type { TargetName } from '../../../../contract/ids.ts';
import { RecordedQuestion } from '../../../../contract/record.ts';
import type { Target } from '../../../../contract/target.ts';
import type { Question } from '../policy.ts';

/** What of a record a decision depended on, and what was decided. */
export const Recorded = z.object({
  facts: Facts.nullable(),
  decision: Decision,
  question: RecordedQuestion.optional(),
});
export type Recorded = z.infer<typeof Recorded>;

/** A question that was recorded, for any moment. */
export type Asked = (at: Date) => Question;

/** Makes questions of records. Of one target with the same labels there is one object, as policies know targets by it. */
export class Questions {
  readonly #targets = new Map<string, Target>();

  /** How a recorded action is asked again; null where it was not understood, or what it was asked with was not kept. */
  of(name: TargetName, { facts, question }: Recorded): Asked | null {
    if (facts === null || question === undefined) return null;
    const { principal, labels, network, columns, through } = question;
    const target = this.#target(name, facts, labels);
    return facts.protocol === 'sql'
      ? (at) => ({ principal, target, network, at, facts, columns, through })
      : (at) => ({ principal, target, network, at, facts });
  }

  #target(name: TargetName, { protocol }: Facts, labels: Target['labels']): Target {
    const key = JSON.stringify([name, protocol, labels]);
    const known = this.#targets.get(key);
    if (known !== undefined) return known;
    const made: Target = { name, kind: protocol === 'sql' ? 'postgres' : 'ssh', labels };
    this.#targets.set(key, made);
    return made;
  }
}

/**
 * What the policy said in a recorded decision. Where it let an action run or wait and the person was refused all the
 * same (somebody denied it, masks could not be enforced), what it said still stands in masks, rows and asks.
 */
export function policySaid(decision: Decision): Decision {
  if (decision.outcome !== 'block') return decision;
  if (decision.asks.length > 0) return { ...decision, outcome: 'approve' };
  const restricted = decision.masks.length > 0 || (decision.rows ?? []).length > 0;
  return restricted ? { ...decision, outcome: 'mask' } : decision;
}
