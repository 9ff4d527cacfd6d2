import type { Catalogue, Column, Relation } from '../catalogue/catalogue.ts';
import type { Findings, Grouping } from './findings.ts';

/** A relation whose primary key is among what a select is grouped by, and what is named of it besides. */
export type Determined = { alias: string; relation: Relation; columns: Column[] };

/** What may stand ungrouped in a select, because a primary key determines it. Spec: manual, "The GROUP BY Clause". */
export function determinedBy(grouping: Grouping, findings: Findings, catalogue: Catalogue): Determined[] {
  const isGrouped = (column: Column) => grouping.columns.has(column);
  return grouping.ranges.flatMap(({ alias, relation }) => {
    const key = catalogue.constraintsOn(relation.oid).find((constraint) => constraint.primary)?.columns;
    if (key === undefined) return [];
    if (!relation.columns.filter((column) => key.includes(column.number)).every(isGrouped)) return [];
    const isNamed = (column: Column) => findings.seen.has(column) || findings.starred.has(relation);
    return [
      {
        alias,
        relation,
        columns: relation.columns.filter((column) => isNamed(column) && !isGrouped(column)),
      },
    ];
  });
}
