import type { CountedRule, Decision } from '../../../../contract/decision.ts';
import type { PolicyVersion } from '../../../../contract/ids.ts';
import type { Question } from '../policy.ts';
import type { Matched } from './match.ts';
import * as say from './sentences.ts';

type Answer = Omit<Decision, 'policyVersion'>;

/**
 * The decider: any error or block → block; else anything that no rule opens → block; else any ask → approve;
 * else any mask → mask; else allow. What could not be determined counts as an error. No parsing, no I/O.
 */
export function decide(question: Question, matched: Matched, policyVersion: PolicyVersion): Decision {
  const decided = answer(question, matched);
  const { detections } = matched;
  if (decided.outcome === 'block' || detections.length === 0) return { ...decided, policyVersion };
  return {
    ...decided,
    outcome: decided.outcome === 'allow' ? 'mask' : decided.outcome,
    rules: [...decided.rules, ...detections.map(({ rule }) => rule)],
    detections: detections.map(({ detection }) => detection),
    sentence: `${decided.sentence} ${say.detected(detections)}`,
    policyVersion,
  };
}

function answer(question: Question, matched: Matched): Answer {
  const { blocks, asks, masks, allows, errored, gaps } = matched;
  if (question.facts.unknowns.length > 0) return blocked([], say.unknowns(question.facts.unknowns));
  if (blocks.length > 0) return blocked(blocks, say.blockedByRules(blocks));
  if (errored.length > 0)
    return blocked(
      errored.map(({ rule }) => rule),
      say.errored(errored),
    );
  if (!matched.mayUse) return blocked([], say.noAccess(question));
  if (gaps.length > 0) return blocked([], say.uncovered(question, gaps));
  const columnMasks = masks.map(({ mask }) => mask);
  const maskRules = [...new Set(masks.map(({ rule }) => rule))];
  if (asks.length > 0) {
    const approvers = commonApprovers(asks.map((rule) => rule.approvers));
    const rules = [...asks.map((rule) => rule.counted), ...maskRules, ...allows];
    return {
      outcome: 'approve',
      rules,
      masks: columnMasks,
      approvers,
      ...say.needsApproval(asks, approvers),
    };
  }
  if (masks.length > 0) {
    const rules = [...maskRules, ...allows];
    return { outcome: 'mask', rules, masks: columnMasks, approvers: [], ...say.masked(question, masks) };
  }
  return { outcome: 'allow', rules: allows, masks: [], approvers: [], ...say.allowed(allows) };
}

function blocked(rules: CountedRule[], told: { sentence: string; next: string }): Answer {
  return { outcome: 'block', rules, masks: [], approvers: [], ...told };
}

/** Every rule that asks must be content: only groups that all of them name may approve. */
function commonApprovers(lists: ReadonlyArray<readonly string[]>): string[] {
  const [first = [], ...rest] = lists;
  return [...new Set(first)].filter((group) => rest.every((list) => list.includes(group))).toSorted();
}
