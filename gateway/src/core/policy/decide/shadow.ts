import type { Decision, Shadow } from '../../../../contract/decision.ts';
import type { Facts } from '../../../../contract/facts.ts';
import { changesBetween } from '../replay/changes.ts';

/** What a decision by more rules would change; null when nothing. */
export function shadowOf(inForce: Decision, onTrial: Decision, facts: Facts): Shadow | null {
  const changes = changesBetween(inForce, onTrial, facts);
  if (changes.length === 0) return null;
  return {
    outcome: onTrial.outcome,
    sentence: onTrial.sentence,
    changes: changes.map(({ kind, detail, rules }) => ({ kind, detail, rules: rules.map(({ id }) => id) })),
  };
}
