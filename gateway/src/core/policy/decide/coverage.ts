import type { ColumnRef } from '../../../../contract/facts.ts';
import type { HostUse } from '../../../../contract/host-facts.ts';
import { isSystemSchema } from '../compile/on.ts';
import type { ActionRule } from '../compile/rule.ts';
import type { TargetRules } from '../compile/target-rules.ts';
import { type Effect, isSessionKind } from './effects.ts';
import { opens, type Reach } from './reach.ts';

/** An effect, or one column of it, that no rule opens. */
export type EffectGap = { effect: Effect; column: ColumnRef | null };
/** What is done with a host and no rule opens. */
export type UseGap = { use: HostUse };
export type Gap = EffectGap | UseGap;

/** What is left of an effect when everything that rules open is taken away. Empty: it is covered. */
export function gapsOf(reach: Reach, opening: readonly ActionRule[], rules: TargetRules): EffectGap[] {
  const { effect } = reach;
  const byColumn: Array<(column: ColumnRef) => boolean> = [];
  for (const rule of opening) {
    const opened = opens(rule, reach, rules);
    if (opened === true) return [];
    if (opened !== false) byColumn.push(opened);
  }
  const isOpen = (column: ColumnRef): boolean => byColumn.some((test) => test(column));
  // A statement that only counts rows uses no column; it needs a rule about some column of the relation.
  if (reach.used.length === 0) return reach.all.some(isOpen) ? [] : [{ effect, column: null }];
  const closed = reach.used.filter((column) => !isOpen(column));
  if (closed.length < reach.used.length) return closed.map((column) => ({ effect, column }));
  return [{ effect, column: null }];
}

/**
 * What whoever may use a target may do without a rule of its own: session statements, expressions that read
 * nothing (`select now()`), and reading the server's catalogue, of which the SQL room lets harmless relations
 * through only.
 */
export function isCoveredByDefault({ kind, relation }: Effect): boolean {
  if (isSessionKind(kind)) return true;
  return kind === 'select' && (relation === null || isSystemSchema(relation.schema));
}
