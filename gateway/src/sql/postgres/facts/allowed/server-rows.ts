import type { Relation } from '../../catalogue/catalogue.ts';

const WITHOUT_TOAST = `"schemaname" OPERATOR(pg_catalog.<>) 'pg_toast'`;

/**
 * Which rows of the server's own relations anybody sees for whom something is masked. Locks that reading under
 * SERIALIZABLE leaves behind name the row that a foreign key found, and its partition; what becomes of a table's long
 * values in its TOAST table tells how long those of one row were.
 */
const SHOWN: ReadonlyMap<string, string> = new Map([
  [
    'pg_locks',
    // What reads pg_class has locks of its own, which would be shown: casts have none.
    `"mode" OPERATOR(pg_catalog.<>) 'SIReadLock' AND ("relation" IS NULL
      OR pg_catalog.strpos("relation"::pg_catalog.regclass::pg_catalog.text, 'pg_toast_') OPERATOR(pg_catalog.=) 0)`,
  ],
  ...['pg_stat', 'pg_stat_xact', 'pg_statio'].flatMap((kind) =>
    ['all', 'sys'].flatMap(
      (whose): Array<[string, string]> => [
        [`${kind}_${whose}_tables`, WITHOUT_TOAST],
        [`${kind}_${whose}_indexes`, WITHOUT_TOAST],
      ],
    ),
  ),
]);

/** A condition over the columns of a relation of the server's own that holds for the rows that are shown; null for all. */
export function shownRows({ schema, name }: Relation): string | null {
  return schema === 'pg_catalog' ? (SHOWN.get(name) ?? null) : null;
}
