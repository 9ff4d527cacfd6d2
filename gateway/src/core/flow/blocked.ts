import type { Decision } from '../../../contract/decision.ts';
import type { PolicyVersion } from '../../../contract/ids.ts';

/** A block that no rule asked for: the gateway could not understand or could not enforce. */
export function blocked(policyVersion: PolicyVersion, sentence: string, next: string): Decision {
  return { outcome: 'block', rules: [], masks: [], asks: [], sentence, next, policyVersion };
}
