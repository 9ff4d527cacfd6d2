import type { Catalogue, Relation } from '../catalogue/catalogue.ts';
import type { Findings } from './findings.ts';

/** Tables that take their defaults from a sequence whose next number a statement sets: `setval`, ALTER SEQUENCE. */
export function numberedTables(catalogue: Catalogue, { writes, references }: Findings): Relation[] {
  const changed = [
    ...writes.filter(({ by }) => by !== 'insert'),
    ...[...references.values()].filter(({ role }) => role === 'altered'),
  ];
  const names = changed.flatMap(({ relation }) => (relation.kind === 'S' ? relation.name : []));
  if (names.length === 0) return [];
  // A default has it by its name: one that holds that within another is taken for it, too.
  const isNumbered = (expression: string | null) => names.some((name) => expression?.includes(name));
  return [...catalogue.userRelations()].filter(({ columns }) =>
    columns.some((column) => isNumbered(catalogue.defaultExpressionOf(column))),
  );
}
