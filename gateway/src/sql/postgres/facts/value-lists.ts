import { type Column, columnsOf, isSystemSchema, type Relation } from '../catalogue/catalogue.ts';
import type { Findings } from './findings.ts';
import { generatedFlow } from './generated.ts';
import type { Names } from './names.ts';
import { viewFlow, viewsBehind } from './view.ts';

/** Relations that are planned, and the columns that conditions may be on. */
type Planned = { relations: ReadonlySet<Relation>; asked: ReadonlySet<Column> };

/**
 * The masked column of which a plan's estimates tell although nobody asks for it: CREATE STATISTICS (mcv) lists which values
 * of several columns come together most, so that how often two of them do is told by lists that a third one is in too.
 * Fewer than two are looked up in the columns' own statistics. What other kinds of statistics know (ndistinct,
 * dependencies) is known of each set of columns by itself.
 */
export function toldByLists(
  names: Names,
  findings: Findings,
  isMasked: (column: Column) => boolean,
  hidesRows: boolean,
): Column | undefined {
  const { catalogue } = names;
  const { relations, asked } = plannedIn(names, findings);
  const isAsked = (column: Column) => [column, ...kinOf(names, column)].some((own) => asked.has(own));
  for (const relation of relations) {
    const isPicked = hidesRows || catalogue.columnsOfPolicies(relation.oid).length > 0;
    for (const { columns: numbers, computes } of catalogue.valueListsOf(relation.oid)) {
      const columns = columnsOf(relation, numbers);
      const masked = columns.find(isMasked);
      const open = columns.filter((column) => !isMasked(column));
      if (masked === undefined || (open.length < 2 && !computes)) continue;
      // Two expressions may be of one column.
      if (isPicked || open.filter(isAsked).length >= (computes ? 1 : 2)) return masked;
    }
  }
  return undefined;
}

/**
 * Every column of which the estimates of a statement would tell so, were it masked, with those that would mask it: the same
 * column of parents and children, and what it is generated from.
 */
export function listedColumns(names: Names, findings: Findings): Column[] {
  const listed = [...plannedIn(names, findings).relations].flatMap((relation) =>
    names.catalogue.valueListsOf(relation.oid).flatMap(({ columns }) => columnsOf(relation, columns)),
  );
  return listed
    .filter((column) => toldByLists(names, findings, (own) => own === column, false) !== undefined)
    .flatMap((column) => [column, ...kinOf(names, column), ...generatedFrom(names, column)]);
}

function plannedIn(names: Names, { references, conditions }: Findings): Planned {
  const isOwn = ({ schema }: Relation) => !isSystemSchema(schema);
  const named = [...references.values()].map(({ relation }) => relation).filter(isOwn);
  const flows = named
    .filter(({ kind }) => kind === 'v')
    .flatMap((view) => viewsBehind(names, view))
    .filter((view) => view.kind === 'v' && isOwn(view))
    .map((view) => viewFlow(names, view));
  const relations = new Set([...named, ...flows.flatMap((flow) => flow.relations.filter(isOwn))]);
  for (const { oid } of [...relations])
    for (const below of names.catalogue.descendants(oid)) {
      const child = names.catalogue.relationByOid(below);
      if (child !== undefined) relations.add(child);
    }
  // Which of its columns a view is asked for, and which it asks for itself, is not told apart.
  const shown = flows.flatMap(({ columns }) => columns.flatMap(({ sources }) => [...sources]));
  const asked = new Set([...conditions, ...shown, ...flows.flatMap(({ lookedAt }) => [...lookedAt])]);
  return { relations, asked };
}

function kinOf({ catalogue }: Names, { relation: { oid }, name }: Column): Column[] {
  return [...catalogue.ancestors(oid), ...catalogue.descendants(oid)].flatMap(
    (kin) => catalogue.relationByOid(kin)?.byName.get(name) ?? [],
  );
}

function generatedFrom(names: Names, column: Column): Column[] {
  return column.generated ? [...(generatedFlow(names, column).sources ?? column.relation.columns)] : [];
}
