import type { CountedRule } from '../../../../contract/decision.ts';
import type { Detection } from '../../../../contract/detection.ts';
import type { StatementKind } from '../../../../contract/facts.ts';
import type { Truth } from '../compile/condition.ts';
import { isSystemSchema } from '../compile/on.ts';
import type { DetectRule } from '../compile/rule.ts';
import { isAbout, type TargetRules } from '../compile/target-rules.ts';
import { means } from '../host/selector.ts';
import { isAboutHost, type Question, type SqlQuestion } from '../policy.ts';
import type { Errored } from './masks.ts';

export type ChosenDetections = {
  detections: Array<{ detection: Detection; rule: CountedRule }>;
  errored: Errored[];
  readClock: boolean;
};

/** What is looked for in the values of a statement's answer. A rule that can't be evaluated blocks it. */
export function chooseDetections(question: Question, rules: TargetRules): ChosenDetections {
  const chosen: ChosenDetections = { detections: [], errored: [], readClock: false };
  if (rules.detects.length === 0 || !showsData(question)) return chosen;
  for (const rule of rules.detects) {
    if (!rule.concerns(question.principal)) continue;
    const columns = columnsOf(rule, question, rules);
    if (columns?.length === 0) continue;
    const truth = truthOf(rule, question, chosen);
    if (truth.kind === 'errored') chosen.errored.push({ rule: rule.counted, why: truth.why });
    if (truth.kind !== 'holds') continue;
    const detection = { rule: rule.counted.id, ...rule.detect, columns };
    chosen.detections.push({ detection, rule: rule.counted });
  }
  return chosen;
}

/** Null stands for all that is shown; of a host's programs nobody knows what they show. */
function columnsOf(rule: DetectRule, question: Question, rules: TargetRules): Detection['columns'] {
  if (isAboutHost(question)) {
    const { uses, account } = question.facts;
    return uses.some((use) => means(rule.on.host, use, account, false)) ? null : [];
  }
  if (rule.on.relation === null && rule.on.column === null) return null;
  return question.columns.filter((column) => isAbout(rule, column, rules.tagsOf(column)));
}

function truthOf({ condition }: DetectRule, question: Question, chosen: ChosenDetections): Truth {
  if (condition === null) return { kind: 'holds' };
  if (condition.readsClock) chosen.readClock = true;
  return condition.evaluate(question);
}

/** Kinds whose data doesn't stand in their facts. */
const STORED: ReadonlySet<StatementKind> = new Set<StatementKind>(['execute', 'fetch', 'call', 'do']);

/** Whether anything of the target's but its catalogue can be in the answer, or in an error. */
function showsData(question: Question): boolean {
  return isAboutHost(question) || showsRows(question);
}

function showsRows({ facts }: SqlQuestion): boolean {
  const touched = [...facts.reads, ...facts.writes];
  if (touched.some(({ schema }) => !isSystemSchema(schema))) return true;
  return STORED.has(facts.kind) || (touched.length === 0 && facts.functions.length > 0);
}
