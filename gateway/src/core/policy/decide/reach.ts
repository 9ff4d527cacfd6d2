import type { ColumnRef, RelationRef, ThroughColumns } from '../../../../contract/facts.ts';
import type { ActionRule } from '../compile/rule.ts';
import type { TargetRules } from '../compile/target-rules.ts';
import type { SqlQuestion } from '../policy.ts';
import { type Effect, isSessionKind, type ThroughEffect } from './effects.ts';

/**
 * An effect with the columns it uses: for a read those whose values are shown or looked at; for anything else
 * every column of the relation, as facts don't say which are written.
 */
export class Reach {
  readonly effect: Effect;
  readonly #question: SqlQuestion;
  #used: readonly ColumnRef[] | undefined;

  constructor(effect: Effect, question: SqlQuestion) {
    this.effect = effect;
    this.#question = question;
  }

  get used(): readonly ColumnRef[] {
    this.#used ??= this.columnsUsed();
    return this.#used;
  }

  /** Every column of the relation. */
  get all(): readonly ColumnRef[] {
    const { relation } = this.effect;
    return relation === null ? [] : this.#question.columns.filter((column) => isOf(column, relation));
  }

  protected columnsUsed(): readonly ColumnRef[] {
    const { kind, relation } = this.effect;
    if (relation === null) return [];
    if (kind !== 'select') return this.all;
    const { disclosed, conditions } = this.#question.facts;
    return [...disclosed, ...conditions].filter((column) => isOf(column, relation));
  }
}

/** What leads to one column behind what a statement names. */
export type Way = ThroughColumns['columns'][number] & Pick<ThroughColumns, 'by' | 'path'>;

/** What is done behind what a statement names, with the columns that it uses there. */
export class ReachBehind extends Reach {
  override readonly effect: ThroughEffect;

  constructor(effect: ThroughEffect, question: SqlQuestion) {
    super(effect, question);
    this.effect = effect;
  }

  /** What leads to a column that is used; null where all of the relation are. */
  wayTo({ column }: ColumnRef): Way | null {
    for (const { by, path, columns } of this.effect.columns ?? []) {
      const used = columns.find((one) => one.column === column);
      if (used !== undefined) return { ...used, by, path };
    }
    return null;
  }

  protected override columnsUsed(): readonly ColumnRef[] {
    const { columns, relation } = this.effect;
    if (columns === null) return this.all;
    return columns.flatMap((way) => way.columns.map(({ column }) => ({ ...relation, column })));
  }
}

/** Whether a rule that blocks or asks is about any part of an effect. */
export function touches(rule: ActionRule, reach: Reach, rules: TargetRules): boolean {
  return touched(rule, reach, rules) !== null;
}

/** What of an effect a rule that blocks or asks is about: one of the columns that it names, all of it, or null for nothing. */
export function touched(rule: ActionRule, reach: Reach, rules: TargetRules): ColumnRef | 'all' | null {
  const { effect } = reach;
  const { relation, column } = rule.on;
  if (!rule.doing(effect)) return null;
  if (relation === null && column === null) return 'all';
  // What is done to no relation in particular (CREATE SCHEMA, DO) may well be about this one.
  if (effect.relation === null) return effect.kind !== 'select' && !isSessionKind(effect.kind) ? 'all' : null;
  if (relation !== null && !relation(effect.relation)) return null;
  if (column === null) return 'all';
  return reach.used.find((used) => column(used, rules.tagsOf(used))) ?? null;
}

/** What of an effect a rule that opens is about: all of it, nothing, or the columns for which the test holds. */
export function opens(
  rule: ActionRule,
  { effect }: Reach,
  rules: TargetRules,
): boolean | ((column: ColumnRef) => boolean) {
  const { relation, column } = rule.on;
  if (!rule.doing(effect)) return false;
  if (relation === null && column === null) return true;
  if (effect.relation === null || (relation !== null && !relation(effect.relation))) return false;
  return column === null || ((candidate) => column(candidate, rules.tagsOf(candidate)));
}

function isOf(column: ColumnRef, { schema, relation }: RelationRef): boolean {
  return column.relation === relation && column.schema === schema;
}
