import type { CountedRule } from '../../../../contract/decision.ts';
import type { ActionRule, AskingRule } from '../compile/rule.ts';
import type { TargetRules } from '../compile/target-rules.ts';
import { type HostQuestion, isAboutHost, type Question, type SqlQuestion } from '../policy.ts';
import { type Gap, gapsOf, isCoveredByDefault } from './coverage.ts';
import { type ChosenDetections, chooseDetections } from './detections.ts';
import { effectsOf, type ThroughEffect, throughEffectsOf } from './effects.ts';
import { type ChosenMask, chooseMasks, type Errored } from './masks.ts';
import { opens, Reach, ReachBehind, touched, touches, type Way } from './reach.ts';
import { type ChosenRows, chooseRows } from './rows.ts';
import { isAboutUse, isHarmless, opensUse } from './uses.ts';

/** A rule that is about nothing that the statement names, and where the statement leads that it is about. */
export type Led = Found & { rule: CountedRule };
/** What is done there, and what leads to the column that the rule is about; null where it is about the whole. */
type Found = { effect: ThroughEffect; way: Way | null };

/** Everything the decider looks at: the rules that match, parted by what they ask. */
export type Matched = {
  blocks: CountedRule[];
  asks: AskingRule[];
  masks: ChosenMask[];
  detections: ChosenDetections['detections'];
  rows: ChosenRows['chosen'];
  unfiltered: ChosenRows['unfiltered'];
  allows: CountedRule[];
  errored: Errored[];
  led: Led[];
  /** What the statement does and no allow or approve rule is about. */
  gaps: Gap[];
  /** Whether any rule at all lets this principal use the target. */
  mayUse: boolean;
  readClock: boolean;
};

/** Matches a target's rules with what is done. */
export function match(question: Question, rules: TargetRules): Matched {
  return isAboutHost(question) ? matchUses(question, rules) : matchEffects(question, rules);
}

function matchEffects(question: SqlQuestion, rules: TargetRules): Matched {
  const { chosen, errored, readClock } = chooseMasks(question, rules);
  const detected = chooseDetections(question, rules);
  const filters = chooseRows(question, rules);
  const matched: Matched = {
    ...nothingMatched(),
    masks: chosen,
    detections: detected.detections,
    rows: filters.chosen,
    unfiltered: filters.unfiltered,
    errored: [...errored, ...filters.errored, ...detected.errored],
    readClock: readClock || filters.readClock || detected.readClock,
  };
  const reaches = effectsOf(question.facts).map((effect) => new Reach(effect, question));
  const behind = throughEffectsOf(question.facts, question.through).map(
    (effect) => new ReachBehind(effect, question),
  );
  const opening = matchActions(question, rules, matched, (rule) =>
    isAbout(rule, reaches, rules) ? null : leadingTo(rule, behind, rules),
  );
  for (const reach of reaches) {
    if (matched.mayUse && isCoveredByDefault(reach.effect)) continue;
    matched.gaps.push(...gapsOf(reach, opening, rules));
  }
  return matched;
}

function matchUses(question: HostQuestion, rules: TargetRules): Matched {
  const { detections, errored, readClock } = chooseDetections(question, rules);
  const matched: Matched = { ...nothingMatched(), detections, errored, readClock };
  const { uses, account } = question.facts;
  const opening = matchActions(question, rules, matched, (rule) =>
    uses.some((use) => isAboutUse(rule, use, account)) ? null : undefined,
  );
  const open = uses.filter((use) => !isHarmless(use) || !matched.mayUse);
  const closed = open.filter((use) => !opening.some((rule) => opensUse(rule, use, account)));
  matched.gaps.push(...closed.map((use) => ({ use })));
  return matched;
}

function nothingMatched(): Matched {
  return {
    blocks: [],
    asks: [],
    masks: [],
    detections: [],
    rows: [],
    unfiltered: [],
    allows: [],
    errored: [],
    led: [],
    gaps: [],
    mayUse: false,
    readClock: false,
  };
}

/**
 * Parts the rules that are about what is done by what they ask, and gives those that open. `about` says for a rule
 * whether it is: null for what is named, where it leads for what is not, undefined for neither.
 */
function matchActions(
  question: Question,
  rules: TargetRules,
  matched: Matched,
  about: (rule: ActionRule) => Found | null | undefined,
): ActionRule[] {
  const opening: ActionRule[] = [];
  for (const rule of rules.actions) {
    if (!rule.concerns(question.principal)) continue;
    if (rule.outcome !== 'block') matched.mayUse = true;
    const led = about(rule);
    if (led === undefined || !holds(rule, question, matched)) continue;
    if (led !== null) matched.led.push({ rule: rule.counted, ...led });
    if (rule.outcome === 'block') matched.blocks.push(rule.counted);
    else opening.push(rule);
    if (rule.outcome === 'approve') matched.asks.push(rule);
    if (rule.outcome === 'allow') matched.allows.push(rule.counted);
  }
  return opening;
}

function isAbout(rule: ActionRule, reaches: readonly Reach[], rules: TargetRules): boolean {
  return rule.outcome === 'allow'
    ? reaches.some((reach) => opens(rule, reach, rules) !== false)
    : reaches.some((reach) => touches(rule, reach, rules));
}

/** What the statement does behind what it names and this rule is about; what opens is about what is named alone. */
function leadingTo(rule: ActionRule, behind: readonly ReachBehind[], rules: TargetRules): Found | undefined {
  if (rule.outcome === 'allow') return undefined;
  for (const reach of behind) {
    const part = touched(rule, reach, rules);
    if (part !== null) return { effect: reach.effect, way: part === 'all' ? null : reach.wayTo(part) };
  }
  return undefined;
}

function holds(rule: ActionRule, question: Question, matched: Matched): boolean {
  if (rule.condition === null) return true;
  if (rule.condition.readsClock) matched.readClock = true;
  const truth = rule.condition.evaluate(question);
  if (truth.kind === 'errored') matched.errored.push({ rule: rule.counted, why: truth.why });
  return truth.kind === 'holds';
}
