import type { ColumnRef } from 'libpg-query';
import { mayHaveColumn, lookUp as whole } from '../../../../gateway/src/sql/postgres/facts/column.ts';
import type { Scope } from '../../../../gateway/src/sql/postgres/facts/scope.ts';
import { textOf } from '../../../../gateway/src/sql/postgres/parse/node.ts';

export * from '../../../../gateway/src/sql/postgres/facts/column.ts';

/** The whole row of a near alias comes before a column of the query around. */
export const lookUp: typeof whole = (walk, ref, scope) => {
  const [field, ...more] = ref.fields ?? [];
  const name = more.length === 0 ? textOf(field) : null;
  if (field === undefined || !name || !isRow(name, scope)) return whole(walk, ref, scope);
  walk.findings.visited.add(ref);
  const row: ColumnRef = { ...ref, fields: [field, { A_Star: {} }] };
  return whole(walk, row, scope);
};

function isRow(name: string, scope: Scope): boolean {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    if (mayHaveColumn(at, name)) return false;
    if (at.items.some(({ ranges }) => ranges.some(({ alias }) => alias === name))) return true;
  }
  return false;
}
