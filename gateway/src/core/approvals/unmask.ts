import { approversInWords } from '../../../contract/ask.ts';
import type { ColumnMask, CountedRule, Decision } from '../../../contract/decision.ts';
import type { ColumnRef } from '../../../contract/facts.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { Target } from '../../../contract/target.ts';
import type { Drafted } from '../flow/governed-target.ts';
import type { Policy } from '../policy/policy.ts';
import { effectOf } from './effect.ts';

/** Columns that somebody wants to see unmasked, and for how long. */
export type WantedColumns = { columns: readonly ColumnRef[]; forSeconds: number };

/** The request that it takes: every rule that masks one of the columns for them must let somebody agree to lift it. */
export function draftUnmask(
  policy: Policy,
  principal: Principal,
  target: Target,
  { columns, forSeconds }: WantedColumns,
  at: Date,
): Drafted {
  const masks = columns.flatMap(({ schema, relation, column }) =>
    policy.masksOn(principal, target, { schema, relation }, [column], at),
  );
  if (masks.length === 0) return { kind: 'free', statement: '' };
  const closed = masks.find(({ mask }) => mask.unmask === undefined);
  if (closed !== undefined) return nobodyMay(closed);
  const asks = [
    ...new Map(masks.flatMap(({ mask }) => mask.unmask ?? []).map((ask) => [ask.rule, ask])).values(),
  ];
  const longest = Math.min(...asks.map(({ windowSeconds }) => windowSeconds ?? 0));
  if (forSeconds > longest) return tooLong(longest);
  const rules = [...new Map(masks.map(({ rule }) => [rule.id, rule])).values()];
  const wanted = masks.map(({ mask }) => mask.column);
  const place = { principal, target: target.name, policyVersion: policy.version };
  return {
    kind: 'draft',
    draft: {
      principal,
      surface: 'editor',
      target: target.name,
      wanted: { kind: 'unmask', columns: wanted, forSeconds },
      effect: effectOf(place, ['unmask', JSON.stringify(wanted), String(forSeconds)]),
      shape: null,
      decision: decisionOf(policy, rules, asks, wanted, forSeconds),
    },
  };
}

function decisionOf(
  { version }: Policy,
  rules: CountedRule[],
  asks: Decision['asks'],
  columns: readonly ColumnRef[],
  forSeconds: number,
): Decision {
  const names = columns.map(({ relation, column }) => `${relation}.${column}`).join(', ');
  const approvers = approversInWords(asks);
  return {
    outcome: 'approve',
    rules,
    masks: [],
    asks,
    sentence: `Needs approval by ${approvers}: to see ${names} unmasked for ${Math.round(forSeconds / 60)} minutes.`,
    next: `It waits until ${approvers} agreed.`,
    policyVersion: version,
  };
}

function nobodyMay({ mask, rule }: { mask: ColumnMask; rule: CountedRule }): Drafted {
  return {
    kind: 'refused',
    why: `Rule ${rule.id} masks ${mask.column.relation}.${mask.column.column}, and lets nobody lift that: ${rule.because}`,
    next: `Ask ${rule.owner}, who owns the rule.`,
  };
}

function tooLong(longestSeconds: number): Drafted {
  return {
    kind: 'refused',
    why: `The rules let it be unmasked for ${Math.floor(longestSeconds / 60)} minutes at most.`,
    next: 'Ask for less time.',
  };
}
