import { type CountedRule, type Decision, isRestricted } from '../../../../contract/decision.ts';
import { isSameColumn } from '../../../../contract/facts.ts';
import type { PolicyVersion } from '../../../../contract/ids.ts';
import { isAboutHost, type Question } from '../policy.ts';
import type { Matched } from './match.ts';
import * as say from './sentences.ts';

type Answer = Omit<Decision, 'policyVersion'>;
type Restrictions = Pick<Decision, 'masks' | 'rows' | 'lookups'>;

/**
 * The decider: any error or block → block; else anything that no rule opens → block; else any ask → approve;
 * else any mask or row filter → mask; else allow. What could not be determined counts as an error. No parsing, no I/O.
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
  const { blocks, asks, masks, allows, errored, gaps, led } = matched;
  if (question.facts.unknowns.length > 0) return blocked([], say.unknowns(question.facts.unknowns));
  if (blocks.length > 0) return blocked(blocks, say.blockedByRules(blocks, led));
  if (errored.length > 0)
    return blocked(
      errored.map(({ rule }) => rule),
      say.errored(errored),
    );
  if (!matched.mayUse) return blocked([], say.noAccess(question));
  if (gaps.length > 0) return blocked([], say.uncovered(question, gaps));
  const [unfiltered] = matched.unfiltered;
  if (unfiltered !== undefined) return blocked([unfiltered.rule], say.unfiltered(unfiltered));
  const restrictions = restrictionsOf(question, matched);
  const ruling = [...new Set([...masks, ...matched.rows].map(({ rule }) => rule))];
  if (asks.length > 0) {
    const rules = [...asks.map((rule) => rule.counted), ...ruling, ...allows];
    return {
      outcome: 'approve',
      rules,
      ...restrictions,
      asks: asks.map(({ ask }) => ask),
      ...say.needsApproval(asks, led),
    };
  }
  const rules = [...ruling, ...allows];
  if (!isRestricted(restrictions))
    return { outcome: 'allow', rules, masks: [], asks: [], ...say.allowed(allows) };
  const told = say.restricted(question, masks, matched.rows, restrictions.lookups ?? []);
  return { outcome: 'mask', rules, ...restrictions, asks: [], ...told };
}

function restrictionsOf(question: Question, { masks, rows }: Matched): Restrictions {
  const restrictions: Restrictions = { masks: masks.map(({ mask }) => mask) };
  if (isAboutHost(question)) return restrictions;
  if (rows.length > 0) restrictions.rows = rows.map(({ filter }) => filter);
  const lookups = (question.facts.lookups ?? []).filter(({ column }) =>
    masks.some(({ mask }) => mask.lookup === 'exact' && isSameColumn(mask.column, column)),
  );
  if (lookups.length > 0) restrictions.lookups = lookups;
  return restrictions;
}

function blocked(rules: CountedRule[], told: { sentence: string; next: string }): Answer {
  return { outcome: 'block', rules, masks: [], asks: [], ...told };
}
