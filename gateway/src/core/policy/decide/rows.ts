import type { CountedRule, RowFilter } from '../../../../contract/decision.ts';
import type { RelationRef } from '../../../../contract/facts.ts';
import { isSystemSchema } from '../compile/on.ts';
import type { RowRule } from '../compile/rule.ts';
import type { TargetRules } from '../compile/target-rules.ts';
import type { SqlQuestion } from '../policy.ts';
import { columnsOf, renderFilter } from '../rows/render.ts';
import type { Errored } from './masks.ts';

/** A filter with the rule that asks for it. */
export type ChosenFilter = { filter: RowFilter; rule: CountedRule };
/** A filter that can't be told for this person or this relation, of which rows are read or written. */
export type Unfiltered = { rule: CountedRule; relation: RelationRef; why: string };

export type ChosenRows = {
  chosen: ChosenFilter[];
  unfiltered: Unfiltered[];
  errored: Errored[];
  readClock: boolean;
};

/** What is there when it can't be told what is. */
const NO_ROWS = 'FALSE';

/** Every filter about every relation that a statement touches. All of them hold together. */
export function chooseRows(question: SqlQuestion, rules: TargetRules): ChosenRows {
  const result: ChosenRows = { chosen: [], unfiltered: [], errored: [], readClock: false };
  if (rules.rows.length === 0) return result;
  const applying = rules.rows.filter((rule) => applies(rule, question, result));
  if (applying.length === 0) return result;
  for (const { relation, columns, used } of relationsOf(question)) {
    for (const rule of applying) {
      if (rule.on.relation?.(relation) === false) continue;
      const condition = conditionOf(rule, columns, question);
      if (typeof condition !== 'string' && used) {
        result.unfiltered.push({ rule: rule.counted, relation, why: condition.problem });
      }
      const told = typeof condition === 'string' ? condition : NO_ROWS;
      result.chosen.push({
        filter: { relation, rule: rule.counted.id, condition: told },
        rule: rule.counted,
      });
    }
  }
  return result;
}

/** A rule that can't be told holds: the decision blocks. */
function applies(rule: RowRule, question: SqlQuestion, result: ChosenRows): boolean {
  if (!rule.concerns(question.principal)) return false;
  if (rule.condition === null) return true;
  if (rule.condition.readsClock) result.readClock = true;
  const truth = rule.condition.evaluate(question);
  if (truth.kind === 'errored') result.errored.push({ rule: rule.counted, why: truth.why });
  return truth.kind !== 'fails';
}

function conditionOf(
  { filter }: RowRule,
  columns: ReadonlySet<string>,
  { principal }: SqlQuestion,
): string | { problem: string } {
  const missing = [...columnsOf(filter)].find((column) => !columns.has(column));
  if (missing !== undefined) return { problem: `it has no column ${missing}` };
  const rendered = renderFilter(filter, principal);
  return 'sql' in rendered ? rendered.sql : rendered;
}

type Touched = { relation: RelationRef; columns: Set<string>; used: boolean };

const keyOf = ({ schema, relation }: RelationRef): string => `${schema}\0${relation}`;

/** Every relation that is touched, its columns, and whether the statement reads or writes it, be it through a view. */
function relationsOf({ columns, facts, through }: SqlQuestion): Iterable<Touched> {
  const touched = new Map<string, Touched>();
  const keep = ({ schema, relation }: RelationRef): Touched => {
    const key = keyOf({ schema, relation });
    const known = touched.get(key) ?? { relation: { schema, relation }, columns: new Set(), used: false };
    touched.set(key, known);
    return known;
  };
  for (const column of columns) keep(column).columns.add(column.column);
  // What a statement makes has no rows yet.
  const written = facts.writes.filter((write) => write.by !== 'create' || touched.has(keyOf(write)));
  const behind = through.filter((ref) => ref.by === 'select' && touched.has(keyOf(ref)));
  for (const relation of [...facts.reads, ...written, ...behind]) keep(relation).used = true;
  return [...touched.values()].filter(({ relation }) => !isSystemSchema(relation.schema));
}
