import {
  type ColumnMask,
  type CountedRule,
  type Decision,
  type Outcome,
  strictness,
} from '../../../../contract/decision.ts';
import type { ChangeDirection, DecisionChangeKind } from '../../../../contract/decision-change.ts';
import type { ColumnRef, Facts } from '../../../../contract/facts.ts';
import type { RuleId } from '../../../../contract/ids.ts';
import { maskWord } from '../expectations/compare.ts';

/** One way in which two decisions about the same action differ. */
export type Change = {
  kind: DecisionChangeKind;
  direction: ChangeDirection;
  detail: string;
  rules: CountedRule[];
};

/** How `after` differs from `before` for whoever acts. */
export function changesBetween(before: Decision, after: Decision, facts: Facts): Change[] {
  const outcome = outcomeChange(before, after);
  if (after.outcome === 'block' || before.outcome === 'block') return outcome;
  return [
    ...outcome,
    ...maskChanges(before, after, facts),
    ...keyedChanges(rowTexts(before), rowTexts(after), 'rows', before, after),
    ...keyedChanges(detectorTexts(before), detectorTexts(after), 'detector', before, after),
  ];
}

/** How far an action gets by an outcome. */
const REACH: Record<Outcome, 'runs' | 'held' | 'blocked'> = {
  allow: 'runs',
  mask: 'runs',
  approve: 'held',
  block: 'blocked',
};
const NOW = { runs: 'nowRuns', held: 'nowHeld', blocked: 'nowBlocked' } as const;
const HURDLES = { runs: 0, held: 1, blocked: 2 } as const;

function outcomeChange(before: Decision, after: Decision): Change[] {
  const [was, is] = [REACH[before.outcome], REACH[after.outcome]];
  if (was !== is) {
    const direction = directionOf(HURDLES[is] - HURDLES[was]);
    return [{ kind: NOW[is], direction, detail: '', rules: becauseOf(before, after) }];
  }
  const [asked, asks] = [askText(before), askText(after)];
  if (asked === asks) return [];
  const detail = `${asked} → ${asks}`;
  return [{ kind: 'otherApprovers', direction: 'other', detail, rules: withOutcome(after, 'approve') }];
}

function directionOf(stricter: number): ChangeDirection {
  if (stricter === 0) return 'other';
  return stricter > 0 ? 'stricter' : 'looser';
}

/** The rules that make `after` as strict as it is; where none does, those of `before` that no longer count. */
function becauseOf(before: Decision, after: Decision): CountedRule[] {
  const strict = withOutcome(after, after.outcome);
  if (REACH[after.outcome] !== 'runs' && strict.length > 0) return strict;
  const [come, gone] = [without(after.rules, before.rules), without(before.rules, after.rules)];
  // What blocks may be a rule of another kind whose condition can't be evaluated.
  const [first, second] = after.outcome === 'block' ? [come, gone] : [gone, come];
  return first.length > 0 ? first : second;
}

function withOutcome({ rules }: Decision, outcome: Outcome): CountedRule[] {
  return rules.filter((rule) => rule.outcome === outcome);
}

function without(rules: readonly CountedRule[], others: readonly CountedRule[]): CountedRule[] {
  return rules.filter(({ id }) => !others.some((other) => other.id === id));
}

function askText({ asks }: Decision): string {
  return asks
    .map(({ groups, of, quorum }) => `${quorum} of ${of} ${groups.join(', ')}`)
    .toSorted()
    .join('; ');
}

/** Of columns that the action shows or looks at: others of the same tables are nobody's loss. */
function maskChanges(before: Decision, after: Decision, facts: Facts): Change[] {
  if (facts.protocol !== 'sql') return [];
  const used = new Map(
    [...facts.disclosed, ...facts.conditions].map((column) => [columnText(column), column]),
  );
  return [...used.keys()].flatMap((name): Change[] => {
    const [was, is] = [maskOf(before, name), maskOf(after, name)];
    const [from, to] = [wordOf(was), wordOf(is)];
    if (from === to) return [];
    const detail = `${name}: ${from} → ${to}`;
    if (is === undefined)
      return [{ kind: 'maskRemoved', direction: 'looser', detail, rules: ruleOf(before, was?.rule) }];
    const rules = ruleOf(after, is.rule);
    if (was === undefined) return [{ kind: 'maskAdded', direction: 'stricter', detail, rules }];
    return [{ kind: 'maskChanged', direction: maskDirection(was, is), detail, rules }];
  });
}

/** Looking a value up tells more than a mask lets through: where the two say different things, neither counts. */
function maskDirection(was: ColumnMask, is: ColumnMask): ChangeDirection {
  const byMask = Math.sign(strictness(is.mask) - strictness(was.mask));
  const byLookup = Number(was.lookup === 'exact') - Number(is.lookup === 'exact');
  return directionOf(byMask + byLookup);
}

function maskOf({ masks }: Decision, name: string): ColumnMask | undefined {
  return masks.find(({ column }) => columnText(column) === name);
}

function wordOf(mask: ColumnMask | undefined): string {
  if (mask === undefined) return 'clear';
  return mask.lookup === 'exact' ? `${maskWord(mask.mask)} with lookup` : maskWord(mask.mask);
}

function columnText({ schema, relation, column }: ColumnRef): string {
  return `${schema}.${relation}.${column}`;
}

/** What a rule asks of something, by the rule's id and what it is about. */
type Texts = ReadonlyMap<string, { text: string; rule: RuleId }>;

function rowTexts({ rows = [] }: Decision): Texts {
  return new Map(
    rows.map(({ relation: { schema, relation }, rule, condition }) => [
      `${rule} ${schema}.${relation}`,
      { text: `${schema}.${relation} where ${condition}`, rule },
    ]),
  );
}

function detectorTexts({ detections = [] }: Decision): Texts {
  return new Map(
    detections.map(({ rule, detect, replace }) => [
      rule,
      { text: `${detect.join(', ')} by ${replace}`, rule },
    ]),
  );
}

function keyedChanges(
  was: Texts,
  is: Texts,
  what: 'rows' | 'detector',
  before: Decision,
  after: Decision,
): Change[] {
  const kinds = {
    rows: { added: 'rowsAdded', removed: 'rowsRemoved', changed: 'rowsChanged' },
    detector: { added: 'detectorAdded', removed: 'detectorRemoved', changed: 'detectorAdded' },
  } as const;
  const removed = [...was].flatMap(([key, { text, rule }]): Change[] =>
    is.has(key)
      ? []
      : [{ kind: kinds[what].removed, direction: 'looser', detail: text, rules: ruleOf(before, rule) }],
  );
  const others = [...is].flatMap(([key, { text, rule }]): Change[] => {
    const old = was.get(key)?.text;
    if (old === text) return [];
    const rules = ruleOf(after, rule);
    if (old === undefined) return [{ kind: kinds[what].added, direction: 'stricter', detail: text, rules }];
    return [{ kind: kinds[what].changed, direction: 'other', detail: `${old} → ${text}`, rules }];
  });
  return [...removed, ...others];
}

function ruleOf({ rules }: Decision, id: RuleId | undefined): CountedRule[] {
  return rules.filter((rule) => rule.id === id);
}
