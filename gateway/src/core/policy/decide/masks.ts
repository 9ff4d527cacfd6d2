import { type ColumnMask, type CountedRule, strictness } from '../../../../contract/decision.ts';
import { type ColumnRef, isSameColumn } from '../../../../contract/facts.ts';
import type { RuleId } from '../../../../contract/ids.ts';
import type { Truth } from '../compile/condition.ts';
import type { MaskRule } from '../compile/rule.ts';
import type { TargetRules } from '../compile/target-rules.ts';
import type { SqlQuestion } from '../policy.ts';

/** A rule whose condition could not be evaluated. */
export type Errored = { rule: CountedRule; why: string };

/** A masked column with the rule that masks it. */
export type ChosenMask = { mask: ColumnMask; rule: CountedRule };

export type ChosenMasks = {
  chosen: ChosenMask[];
  errored: Errored[];
  readClock: boolean;
};

/** For each column the strictest of the masks that concern this principal; ties go to the first rule id. */
export function chooseMasks(question: SqlQuestion, rules: TargetRules): ChosenMasks {
  const verdicts = new Map<MaskRule, boolean>();
  const result: ChosenMasks = { chosen: [], errored: [], readClock: false };
  const applies = (rule: MaskRule): boolean => {
    const known = verdicts.get(rule);
    if (known !== undefined) return known;
    const truth = truthOf(rule, question, result);
    // A mask that can't be told holds: the decision blocks, and a badge shows the column as masked.
    const holds = truth.kind !== 'fails';
    verdicts.set(rule, holds);
    return holds;
  };
  for (const column of question.columns) {
    const lifted = liftedOn(column, question);
    const applying = rules.masksAbout(column).filter((rule) => !lifted.has(rule.counted.id) && applies(rule));
    const rule = strictest(applying);
    if (rule === undefined) continue;
    const mask: ColumnMask = { column, mask: rule.mask, rule: rule.counted.id };
    // What one rule lets through another holds back.
    if (applying.every(({ lookup }) => lookup === 'exact')) mask.lookup = 'exact';
    const unmask = applying.flatMap((one) => (one.unmask === null ? [] : [one.unmask]));
    if (unmask.length === applying.length) mask.unmask = unmask;
    result.chosen.push({ mask, rule: rule.counted });
  }
  return result;
}

/** Rules whose masks on a column somebody has lifted for this principal. */
function liftedOn(column: ColumnRef, { principal, target }: SqlQuestion): ReadonlySet<RuleId> {
  if (principal.lifts === undefined) return NO_RULES;
  const theirs = principal.lifts.filter(
    (lift) => lift.target === target.name && isSameColumn(lift.column, column),
  );
  return new Set(theirs.flatMap(({ rules }) => rules));
}

const NO_RULES: ReadonlySet<RuleId> = new Set();

function truthOf(rule: MaskRule, question: SqlQuestion, result: ChosenMasks): Truth {
  if (!rule.concerns(question.principal)) return { kind: 'fails' };
  if (rule.condition === null) return { kind: 'holds' };
  if (rule.condition.readsClock) result.readClock = true;
  const truth = rule.condition.evaluate(question);
  if (truth.kind === 'errored') result.errored.push({ rule: rule.counted, why: truth.why });
  return truth;
}

function strictest(rules: readonly MaskRule[]): MaskRule | undefined {
  return rules.reduce<MaskRule | undefined>(
    (best, rule) => (best === undefined || strictness(rule.mask) > strictness(best.mask) ? rule : best),
    undefined,
  );
}
