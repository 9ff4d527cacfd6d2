import type { Ask } from '../../contract/ask.ts';
import type { Decision } from '../../contract/decision.ts';
import { EffectHash, PolicyVersion, RuleId, TargetName } from '../../contract/ids.ts';
import type { Principal } from '../../contract/principal.ts';
import type { Draft } from '../core/approvals/approvals.ts';

/** What the group dba is asked for, a window of ten minutes allowed. */
export const ASK: Ask = {
  rule: RuleId.parse('risky-writes'),
  groups: ['dba'],
  of: 'any',
  quorum: 1,
  waitSeconds: 900,
  windowSeconds: 600,
  breakGlass: [],
};

/** A statement of somebody's that asks for approval. `name` tells it from others. */
export function draft(principal: Principal, name: string, asks: readonly Ask[] = [ASK]): Draft {
  const decision: Decision = {
    outcome: 'approve',
    rules: [],
    masks: [],
    asks: [...asks],
    sentence: 'Needs approval by dba.',
    next: '',
    policyVersion: PolicyVersion.parse('p1'),
  };
  return {
    principal,
    surface: 'editor',
    target: TargetName.parse('shop'),
    wanted: {
      kind: 'statement',
      statement: `update customers set note = '${name}' where id = 1`,
      parameters: [],
    },
    effect: EffectHash.parse(`effect of ${name}`),
    shape: EffectHash.parse('shape'),
    decision,
    reason: '',
    ticket: '',
  };
}
