import type { Node } from 'libpg-query';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import { bodyOf } from '../parse/node.ts';
import { isKnown } from './defaults.ts';
import { writtenBehind } from './reached.ts';
import { shownColumn } from './view.ts';
import type { Walk } from './walk.ts';

/** The rows of an INSERT: `given` says whether all of them have a value for a column, `rows` how many there are. */
type Inserted = { given: (column: Column, at: number) => boolean; rows: number | null };

/** What an INSERT of these columns (all, where they are left out) from this source gives itself. */
export function insertedBy(cols: readonly Node[] | undefined, source: Node | undefined): Inserted {
  const names = cols?.map((node) => bodyOf(node, 'ResTarget')?.name);
  const lists = bodyOf(source, 'SelectStmt')?.valuesLists;
  const rows = lists?.map((row) => bodyOf(row, 'List')?.items ?? []);
  const isGivenAt = (at: number) => {
    if (source === undefined || at < 0) return false;
    // Of a query's columns we don't know the number; those beyond it are taken for written.
    if (rows === undefined) return true;
    return rows.every((row) => row[at] !== undefined && bodyOf(row[at], 'SetToDefault') === undefined);
  };
  return {
    given: (column, at) => isGivenAt(names === undefined ? at : names.indexOf(column.name)),
    rows: source === undefined ? 1 : (rows?.length ?? null),
  };
}

/** Notes columns that an INSERT or COPY leaves to defaults, those of the tables that it writes through a view as well. */
export function noteFilled(walk: Walk, relation: Relation, { given, rows }: Inserted): void {
  const { names, findings } = walk;
  const { catalogue } = names;
  const settled = new Set<Column>();
  for (const [at, column] of relation.columns.entries()) {
    const isFilled = !given(column, at) && catalogue.defaultExpressionOf(column) !== null;
    if (!isFilled && !given(column, at)) continue;
    const known = isFilled && isKnown(catalogue.defaultExpressionOf(column));
    for (const own of [column, ...shownColumns(walk, column)]) {
      settled.add(own);
      if (known) findings.fill(own, rows);
    }
  }
  for (const base of writtenBehind(names, relation)) {
    for (const column of base.columns) {
      if (settled.has(column) || !isKnown(catalogue.defaultExpressionOf(column))) continue;
      for (const own of [column, ...shownColumns(walk, column)]) findings.fill(own, rows);
    }
  }
}

/** The columns that a view's column shows as they are, one below the other. */
export function shownColumns({ names }: Walk, column: Column): Column[] {
  const shown: Column[] = [];
  for (let next = shownColumn(names, column); next !== undefined; next = shownColumn(names, next)) {
    if (shown.includes(next)) break;
    shown.push(next);
  }
  return shown;
}
