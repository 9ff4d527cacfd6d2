/** What is known of keys besides the columns that they are of. Belongs to `catalogueQueries`. */
export const keyQueries = {
  /** Temporary relations of other sessions come and go, and nobody inserts into them. */
  defaults: `SELECT a.attrelid::int8 AS relation, a.attnum AS column,
      CASE WHEN a.attidentity <> '' THEN 'nextval(identity)'
        ELSE coalesce(pg_get_expr(d.adbin, d.adrelid), t.typdefault) END AS expression
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'f') AND c.relpersistence <> 't'
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      AND (d.oid IS NOT NULL OR a.attidentity <> '' OR t.typdefault IS NOT NULL)`,
  unvalidatedKeys: `SELECT k.conrelid::int8 AS relation, k.conname AS name, k.conkey::int[] AS columns
    FROM pg_constraint k WHERE k.contype = 'f' AND NOT k.convalidated`,
  encodings: `SELECT getdatabaseencoding()::text AS encoding`,
} as const;
