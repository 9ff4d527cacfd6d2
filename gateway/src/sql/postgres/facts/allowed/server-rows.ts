import type { Relation } from '../../catalogue/catalogue.ts';

/**
 * Which rows of the server's own relations anybody sees for whom something is masked. Locks that reading under
 * SERIALIZABLE leaves behind name the row that a foreign key found, and its partition; what becomes of a table's long
 * values in its TOAST table tells how long those of one row were.
 */
const SHOWN: ReadonlyMap<string, string> = new Map([
  [
    'pg_locks',
    `"mode" <> 'SIReadLock' AND ("relation" IS NULL OR "relation" NOT IN (SELECT "oid" FROM "pg_catalog"."pg_class" WHERE "relkind" = 't'))`,
  ],
  ...['pg_stat', 'pg_stat_xact', 'pg_statio'].flatMap((kind) =>
    ['all', 'sys'].flatMap(
      (whose): Array<[string, string]> => [
        [`${kind}_${whose}_tables`, `"schemaname" <> 'pg_toast'`],
        [`${kind}_${whose}_indexes`, `"schemaname" <> 'pg_toast'`],
      ],
    ),
  ),
]);

/** A condition over the columns of a relation of the server's own that holds for the rows that are shown; null for all. */
export function shownRows({ schema, name }: Relation): string | null {
  return schema === 'pg_catalog' ? (SHOWN.get(name) ?? null) : null;
}
