import type { Alias, Node, SelectStmt } from 'libpg-query';
import { bodyOf, namesOf } from '../parse/node.ts';
import { castOf, constantOf } from './lookup.ts';

/**
 * How many rows of an INSERT's VALUES give a column a constant or parameter; null when one gives it anything else. DEFAULT
 * and NULL are nobody's choice.
 */
export function givenValues(source: Node, at: number): number | null {
  const select = bodyOf(source, 'SelectStmt');
  if (select?.valuesLists !== undefined) return constantsIn(select.valuesLists, at);
  return select === undefined ? null : selectedValues(select, at);
}

function constantsIn(rows: readonly Node[], at: number): number | null {
  let count = 0;
  for (const row of rows) {
    const value = bodyOf(row, 'List')?.items?.[at];
    if (value === undefined || bodyOf(value, 'SetToDefault') !== undefined) continue;
    if (bodyOf(value, 'A_Const')?.isnull === true) continue;
    if (constantOf(value) === null) return null;
    count += 1;
  }
  return count;
}

/** All else of a query would pick its rows, or multiply them: one value could be tried with many others beside it. */
const PARTS: ReadonlySet<string> = new Set(['targetList', 'fromClause', 'sortClause', 'limitOption', 'op']);

/**
 * The same of `SELECT a::text, b FROM (VALUES …) AS v (a, b, place) ORDER BY place`, by which SQLAlchemy inserts several rows
 * and has them returned in their order: names of the list, with a cast or without, and nothing else.
 */
function selectedValues(select: SelectStmt, at: number): number | null {
  const [from, second] = select.fromClause ?? [];
  const list = bodyOf(from, 'RangeSubselect');
  const rows = bodyOf(list?.subquery, 'SelectStmt')?.valuesLists;
  const isSimple = Object.keys(select).every((part) => PARTS.has(part)) && second === undefined;
  if (rows === undefined || !isSimple || !isWhole(list?.subquery)) return null;
  const placeOf = (node: Node | undefined) => placeIn(list?.alias, node);
  const targets = (select.targetList ?? []).map((node) => bodyOf(node, 'ResTarget')?.val);
  const places = targets.map((value) => placeOf(bodyOf(value, 'TypeCast')?.arg ?? value));
  const sorted = (select.sortClause ?? []).map((node) => placeOf(bodyOf(node, 'SortBy')?.node));
  const place = places[at];
  if (place === undefined || [...places, ...sorted].includes(-1)) return null;
  const cast = bodyOf(targets[at], 'TypeCast');
  return cast === undefined || castOf(cast.typeName) !== undefined ? constantsIn(rows, place) : null;
}

/** VALUES without LIMIT, OFFSET or WITH. */
function isWhole(node: Node | undefined): boolean {
  const parts = Object.keys(bodyOf(node, 'SelectStmt') ?? {});
  return parts.every((part) => part === 'valuesLists' || part === 'limitOption' || part === 'op');
}

/** Which column of a list in FROM a name means; -1 where it is none of them, or none for sure. */
function placeIn(alias: Alias | undefined, node: Node | undefined): number {
  const [name, table, ...more] = namesOf(bodyOf(node, 'ColumnRef')?.fields).toReversed();
  const isOf = table === undefined || table === alias?.aliasname;
  return typeof name === 'string' && isOf && more.length === 0 ? namesOf(alias?.colnames).indexOf(name) : -1;
}
