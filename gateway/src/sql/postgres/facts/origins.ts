import type { Origin, Step } from '../../engine.ts';
import type { Column } from '../catalogue/catalogue.ts';
import type { Names } from './names.ts';
import type { Visible } from './scope.ts';
import { viewFlow } from './view.ts';

/** How deep views of views are followed; what is masked behind them is masked all the same. */
const MAX_VIEWS = 16;

/** Where an output column's value comes from, and through what: its sources, and what stands behind those of views. */
export function originsOf(
  names: Names,
  passed: ReadonlyMap<Column, readonly Step[]>,
  { sources }: Visible,
): Origin[] {
  const origins = new Map<Column, Origin>();
  for (const source of sources) follow(names, source, passed.get(source) ?? [], origins);
  return [...origins.values()];
}

function follow(names: Names, column: Column, through: readonly Step[], origins: Map<Column, Origin>): void {
  if (origins.has(column) || through.length > MAX_VIEWS) return;
  const { relation } = column;
  const ref = { schema: relation.schema, relation: relation.name, column: column.name };
  origins.set(column, { ...ref, through: [...through] });
  if (relation.definition === null) return;
  const shown = viewFlow(names, relation).columns[relation.columns.indexOf(column)];
  const view: Step = { kind: 'view', name: `${relation.schema}.${relation.name}` };
  for (const source of shown?.sources ?? []) follow(names, source, [view, ...through], origins);
}
