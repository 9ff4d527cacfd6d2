import { attachedQuery } from './attached-query.ts';
import { FIRST_USER_OID } from './oids.ts';

/**
 * SQL that loads what the analysis must know of a database. Any role may run it. Run all of `catalogueQueries`
 * in one `REPEATABLE READ READ ONLY` transaction after `catalogueSearchPath`, so that they see one state and
 * the server qualifies every name that it prints outside pg_catalog.
 */
export const catalogueSearchPath = `SET LOCAL search_path = pg_catalog, pg_temp`;

/**
 * Printing views and expressions takes their tables' weakest lock. Who holds the strongest may be waiting for the
 * catalogue in turn, which the server can't see; so the wait ends.
 */
export const catalogueLockTimeout = `SET LOCAL lock_timeout = '2s'`;

const VISIBLE_SCHEMAS = `n.nspname !~ '^pg_(toast|temp_|toast_temp_)'`;

/** The extension that each type belongs to. */
const EXTENSIONS = `(
  SELECT d.objid AS type, e.extname AS name
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
  WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.deptype = 'e'
    AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
)`;

/** None: of what is temporary nobody asks. A session's state is asked often, and each join takes its time to plan. */
const NO_EXTENSIONS = '(SELECT NULL::pg_catalog.oid AS type, NULL::pg_catalog.name AS name)';

/** For each domain what it is over in the end: its type as printed, the type's name in pg_catalog, typtype, extension. */
const domains = (extensions: string) => `(
  WITH RECURSIVE base(domain, type, modifier) AS (
    SELECT t.oid, t.typbasetype, t.typtypmod FROM pg_type t WHERE t.typtype = 'd'
    UNION ALL SELECT base.domain, b.typbasetype, b.typtypmod
      FROM base JOIN pg_type b ON b.oid = base.type WHERE b.typtype = 'd')
  SELECT base.domain, json_build_array(format_type(base.type, base.modifier),
    CASE WHEN bn.nspname = 'pg_catalog' THEN b.typname END, b.typtype, bx.name) AS base
  FROM base JOIN pg_type b ON b.oid = base.type JOIN pg_namespace bn ON bn.oid = b.typnamespace
  LEFT JOIN ${extensions} bx ON bx.type = b.oid
  WHERE b.typtype <> 'd'
)`;

/** Attributes: number, name, type, base type, typtype, generated, expression, not null, type OID, domain, extension. */
const columnsOf = (extensions: string) => `coalesce(json_agg(json_build_array(
    a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
    CASE WHEN tn.nspname = 'pg_catalog' THEN t.typname END,
    t.typtype, a.attgenerated,
    CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
    a.attnotnull, a.atttypid::int8, u.base, tx.name
  ) ORDER BY a.attnum), json_build_array()) AS columns
  FROM pg_attribute a
  JOIN pg_type t ON t.oid = a.atttypid
  JOIN pg_namespace tn ON tn.oid = t.typnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN ${domains(extensions)} u ON u.domain = t.oid
  LEFT JOIN ${extensions} tx ON tx.type = t.oid
  WHERE a.attnum > 0 AND NOT a.attisdropped`;

const KINDS = `'r', 'v', 'm', 'p', 'f', 'S'`;

/** What has columns, in these schemas. `columns`: where they come from. */
const relationsIn = (schemas: string, columns: string, kinds = KINDS) => `
  SELECT c.oid::int8 AS oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.reltype::int8 AS type,
    coalesce(k.columns, json_build_array()) AS columns,
    CASE WHEN c.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      THEN pg_get_viewdef(c.oid) END AS definition
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN ${columns}
  WHERE c.relkind IN (${kinds}) AND ${schemas}`;

/**
 * What somebody made (`>=`), or initdb (`<`), outside of sessions' own schemas. The columns in one pass: looking them up
 * for each relation takes seconds where the planner prefers sequential scans.
 */
const relationsMade = (by: '<' | '>=') =>
  relationsIn(
    `c.oid ${by} ${FIRST_USER_OID} AND ${VISIBLE_SCHEMAS}`,
    `(SELECT a.attrelid, ${columnsOf(EXTENSIONS)} AND a.attrelid ${by} ${FIRST_USER_OID} GROUP BY a.attrelid) k
      ON k.attrelid = c.oid`,
  );
/** For the few that are temporary. */
const EACH = `LATERAL (SELECT ${columnsOf(NO_EXTENSIONS)} AND a.attrelid = c.oid) k ON true`;

/** Whether all rows are known to be in an index: one that was not made to its end is written to all the same. */
const IS_FILLED = `i.indisvalid OR EXISTS (SELECT FROM pg_class x WHERE x.oid = i.indexrelid AND x.relkind = 'I')`;

/** They stand one after the other, each ended by NUL: taken apart as hex, two digits at a time. */
const TRIGGER_ARGUMENTS = `ARRAY(SELECT convert_from(decode(a.found[1], 'hex'), getdatabaseencoding())
        FROM regexp_matches(encode(t.tgargs, 'hex'), '((?:(?!00)..)*)00', 'g') WITH ORDINALITY AS a (found, at) ORDER BY a.at)`;

const functionsMade = (by: '<' | '>=') =>
  `SELECT n.nspname AS schema, p.proname AS name, p.prokind AS kind, p.provolatile AS volatility,
      l.lanname AS language, e.extname AS extension, p.prosecdef AS definer,
      CASE WHEN p.proargmodes IS NOT NULL THEN (
        SELECT json_agg(p.proargnames[i] ORDER BY i) FROM generate_subscripts(p.proargmodes, 1) i
        WHERE p.proargmodes[i] IN ('o', 'b', 't')) END AS outputs,
      p.prorettype::int8 AS "returnType", rt.typtype AS "returnKind", p.proretset AS "returnsSet",
      CASE WHEN p.oid < ${FIRST_USER_OID} THEN '[]' ELSE to_json(coalesce(p.proallargtypes, p.proargtypes::oid[])::int8[]) END AS types,
      l.lanname IN ('c', 'internal') OR p.prosqlbody IS NOT NULL
        OR coalesce(p.proconfig::text LIKE '%search_path=%', false) AS pinned
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
      JOIN pg_type rt ON rt.oid = p.prorettype
      LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
        AND d.refclassid = 'pg_extension'::regclass
      LEFT JOIN pg_extension e ON e.oid = d.refobjid
    WHERE p.oid ${by} ${FIRST_USER_OID} AND n.nspname !~ '^pg_(toast|temp_)'`;

export const catalogueQueries = {
  schemas: `SELECT n.nspname AS name, coalesce(has_schema_privilege(n.oid, 'USAGE'), false) AS usable
    FROM pg_namespace n WHERE ${VISIBLE_SCHEMAS}`,
  relations: relationsMade('>='),
  encoding: `SELECT pg_encoding_to_char(encoding) AS name FROM pg_database WHERE datname = current_database()`,
  inheritance: `SELECT i.inhrelid::int8 AS child, i.inhparent::int8 AS parent FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relkind IN ('r', 'p', 'f')`,
  partitionKeys: `SELECT partrelid::int8 AS relation, partattrs::int2[]::int[] AS columns FROM pg_partitioned_table`,
  viewColumns: `SELECT DISTINCT r.ev_class::int8 AS view, d.refobjid::int8 AS relation, d.refobjsubid AS column
    FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND r.oid >= 16384`,
  rules: `SELECT r.ev_class::int8 AS relation, r.rulename AS name, r.ev_type AS event
    FROM pg_rewrite r WHERE r.oid >= 16384 AND r.rulename <> '_RETURN'`,
  triggers: `SELECT t.tgrelid::int8 AS relation, t.tgname AS name, n.nspname AS schema, p.proname AS function,
      t.tgtype AS type, CASE WHEN t.tgqual IS NULL THEN '{}' WHEN t.tgqual LIKE '%:varattno 0 %' THEN '{0}' ELSE ARRAY(
        SELECT d.refobjsubid FROM pg_depend d WHERE d.classid = 'pg_trigger'::regclass AND d.objid = t.oid
          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = t.tgrelid AND d.refobjsubid > 0) END AS compared,
      ${TRIGGER_ARGUMENTS} AS arguments
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE NOT t.tgisinternal`,
  uniques: `SELECT i.indrelid::int8 AS relation, coalesce(array_agg(DISTINCT d.refobjsubid)
      FILTER (WHERE d.refobjsubid > 0), '{}') || i.indkey::int2[]::int[] AS columns, i.indisprimary AS primary,
      i.indisunique AND NOT i.indisexclusion AND i.indexprs IS NULL AND i.indpred IS NULL AS plain,
      CASE WHEN i.indexprs IS NULL THEN (i.indkey::int2[]::int[])[0:i.indnkeyatts - 1]
        ELSE coalesce(array_agg(DISTINCT d.refobjsubid) FILTER (WHERE d.refobjsubid > 0), '{}') END AS keys,
      i.indexprs IS NULL AND NOT coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) AS "nullsDistinct",
      ${IS_FILLED} AS validated, c.relname AS name
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid
    WHERE i.indisunique OR i.indisexclusion
    GROUP BY i.indexrelid, c.oid`,
  constraints: `SELECT conrelid::int8 AS relation, contype AS type, coalesce(conkey, '{}')::int[] AS columns,
      confrelid::int8 AS referenced, coalesce(confkey, '{}')::int[] AS "referencedColumns",
      confdeltype AS "onDelete", confupdtype AS "onUpdate", convalidated AS validated, coninhcount > 0 AS inherited,
      connoinherit AS alone
    FROM pg_constraint WHERE conrelid <> 0 AND contype IN ('c', 'f')`,
  functions: functionsMade('>='),
  operators: `SELECT n.nspname AS schema, o.oprname AS name, pn.nspname AS "functionSchema", p.proname AS function,
      e.extname AS extension
    FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
      JOIN pg_proc p ON p.oid = o.oprcode JOIN pg_namespace pn ON pn.oid = p.pronamespace
      LEFT JOIN pg_depend d ON d.classid = 'pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e'
        AND d.refclassid = 'pg_extension'::regclass
      LEFT JOIN pg_extension e ON e.oid = d.refobjid
    WHERE o.oid >= 16384`,
  types: `SELECT t.oid::int8 AS oid, n.nspname AS schema, t.typname AS name, t.typtype AS kind,
      e.extname AS extension, t.typbasetype::int8 AS base, t.typelem::int8 AS element,
      CASE WHEN t.oid < 16384 THEN '[]'::json ELSE coalesce(
        (SELECT json_agg(a.atttypid::int8) FROM pg_attribute a
          WHERE t.typrelid <> 0 AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
        (SELECT json_agg(r.rngsubtype::int8) FROM pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)),
        '[]') END AS parts
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
      LEFT JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
        AND d.refclassid = 'pg_extension'::regclass
      LEFT JOIN pg_extension e ON e.oid = d.refobjid
    WHERE ${VISIBLE_SCHEMAS}`,
  casts: `SELECT c.castsource::int8 AS source, c.casttarget::int8 AS target, n.nspname AS "functionSchema",
      p.proname AS function, e.extname AS extension, c.castcontext <> 'e' AS unasked,
      format_type(c.castsource, NULL) || ' to ' || format_type(c.casttarget, NULL) AS shown
    FROM pg_cast c LEFT JOIN pg_proc p ON p.oid = c.castfunc LEFT JOIN pg_namespace n ON n.oid = p.pronamespace
      LEFT JOIN pg_depend d ON d.classid = 'pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'e'
        AND d.refclassid = 'pg_extension'::regclass
      LEFT JOIN pg_extension e ON e.oid = d.refobjid
    WHERE c.oid >= 16384`,
  attached: attachedQuery,
  operatorClasses: `SELECT DISTINCT n.nspname AS schema, oc.opcname AS name, pn.nspname AS "functionSchema",
      p.proname AS function, e.extname AS extension
    FROM pg_opclass oc JOIN pg_namespace n ON n.oid = oc.opcnamespace
      JOIN (SELECT amprocfamily AS family, amproc::oid AS function FROM pg_amproc
        UNION ALL SELECT ao.amopfamily, o.oprcode::oid FROM pg_amop ao JOIN pg_operator o ON o.oid = ao.amopopr) f
        ON f.family = oc.opcfamily JOIN pg_proc p ON p.oid = f.function
      JOIN pg_namespace pn ON pn.oid = p.pronamespace
      LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
        AND d.refclassid = 'pg_extension'::regclass
      LEFT JOIN pg_extension e ON e.oid = d.refobjid
    WHERE p.oid >= 16384`,
  attachedTypes: `SELECT DISTINCT coalesce(ad.adrelid, c.conrelid, pol.polrelid, i.indrelid, tg.tgrelid, sx.stxrelid,
        pt.partrelid, 0)::int8 AS relation, coalesce(ty.oid, 0)::int8 AS domain, d.refobjid::int8 AS type,
      pol.oid IS NOT NULL AS "onRead"
    FROM pg_depend d
      LEFT JOIN pg_attrdef ad ON d.classid = 'pg_attrdef'::regclass AND ad.oid = d.objid
      LEFT JOIN pg_constraint c ON d.classid = 'pg_constraint'::regclass AND c.oid = d.objid AND c.conrelid <> 0
      LEFT JOIN pg_policy pol ON d.classid = 'pg_policy'::regclass AND pol.oid = d.objid
      LEFT JOIN pg_index i ON d.classid = 'pg_class'::regclass AND i.indexrelid = d.objid
      LEFT JOIN pg_trigger tg ON d.classid = 'pg_trigger'::regclass AND tg.oid = d.objid
      LEFT JOIN pg_statistic_ext sx ON d.classid = 'pg_statistic_ext'::regclass AND sx.oid = d.objid
      LEFT JOIN pg_partitioned_table pt ON d.classid = 'pg_class'::regclass AND pt.partrelid = d.objid AND d.objsubid = 0
      LEFT JOIN pg_type ty ON d.classid = 'pg_type'::regclass AND ty.oid = d.objid AND ty.typdefaultbin IS NOT NULL
    WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid >= 16384
      AND coalesce(ad.oid, c.oid, pol.oid, i.indexrelid, tg.oid, sx.oid, pt.partrelid, ty.oid) IS NOT NULL`,
  computed: `SELECT i.indrelid::int8 AS relation, (SELECT coalesce(json_agg(d.refobjsubid), '[]') FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refobjsubid > 0
          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid) AS columns,
      concat(i.indexprs, i.indpred) LIKE '%:varattno 0 %' AS whole,
      EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid) AS inherited, ${IS_FILLED} AS validated
    FROM pg_index i WHERE i.indrelid >= 16384 AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
    UNION ALL SELECT a.attrelid::int8, (SELECT coalesce(json_agg(d.refobjsubid), '[]') FROM pg_depend d
        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid > 0
          AND d.refobjsubid <> a.attnum AND (d.classid = 'pg_attrdef'::regclass AND d.objid = ad.oid
            OR d.classid = 'pg_class'::regclass AND d.objid = a.attrelid AND d.objsubid = a.attnum)),
      ad.adbin LIKE '%:varattno 0 %', false, true
    FROM pg_attribute a JOIN pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
    WHERE a.attgenerated <> ''`,
  statistics: `SELECT s.stxrelid::int8 AS relation, (SELECT coalesce(json_agg(d.refobjsubid), '[]') FROM pg_depend d
        WHERE d.classid = 'pg_statistic_ext'::regclass AND d.objid = s.oid AND d.refobjsubid > 0
          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = s.stxrelid) AS columns,
      s.stxexprs::text LIKE '%:varattno 0 %' AS whole
    FROM pg_statistic_ext s WHERE s.stxexprs IS NOT NULL`,
  valueLists: `SELECT s.stxrelid::int8 AS relation,
      CASE WHEN s.stxexprs::text LIKE '%:varattno 0 %' THEN '[0]' ELSE (SELECT coalesce(json_agg(d.refobjsubid), '[]')
        FROM pg_depend d WHERE d.classid = 'pg_statistic_ext'::regclass AND d.objid = s.oid AND d.refobjsubid > 0
          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = s.stxrelid) END AS columns,
      s.stxexprs IS NOT NULL AS computes
    FROM pg_statistic_ext s WHERE 'm' = ANY (s.stxkind)`,
  policies: `SELECT pol.polrelid::int8 AS relation, d.refobjid::int8 AS "from", d.refobjsubid AS column,
      concat(pol.polqual, pol.polwithcheck) LIKE '%:varattno 0 %' AS whole
    FROM pg_policy pol JOIN pg_class c ON c.oid = pol.polrelid AND c.relrowsecurity
      JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = pol.oid
        AND d.refclassid = 'pg_class'::regclass`,
  sequenceOwners: `SELECT d.objid::int8 AS sequence, d.refobjid::int8 AS relation, d.refobjsubid AS column
    FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
      AND d.refobjsubid > 0`,
  settingsRead: `SELECT DISTINCT CASE
        WHEN t.isBody AND t.text ~* '\\mshow\\M' OR t.text ~* 'pg_settings|pg_show_all_settings' THEN '*'
        ELSE coalesce(nullif(lower(substring(m.call FROM $re$^current_setting\\s*\\(\\s*'([^'\\\\]*)'$re$)), ''), '*') END
          AS name
    FROM (SELECT pg_get_expr(polqual, polrelid) AS text, false AS isBody FROM pg_policy
      UNION ALL SELECT pg_get_expr(polwithcheck, polrelid), false FROM pg_policy
      UNION ALL SELECT pg_get_viewdef(c.oid), false FROM pg_class c
        WHERE c.relkind IN ('v', 'm') AND c.oid >= 16384
      UNION ALL SELECT pg_get_expr(adbin, adrelid), false FROM pg_attrdef
      UNION ALL SELECT pg_get_constraintdef(oid), false FROM pg_constraint WHERE contype = 'c' AND oid >= 16384
      UNION ALL SELECT pg_get_indexdef(indexrelid), false FROM pg_index
        WHERE indexrelid >= 16384 AND (indexprs IS NOT NULL OR indpred IS NOT NULL)
      UNION ALL SELECT pg_get_triggerdef(oid), false FROM pg_trigger WHERE NOT tgisinternal
      UNION ALL SELECT coalesce(pg_get_function_sqlbody(oid), prosrc), true FROM pg_proc WHERE oid >= 16384) t
      LEFT JOIN LATERAL regexp_matches(t.text, $re$current_setting\\s*\\(\\s*'[^']*'(?:::text)?\\s*[,)]|current_setting$re$, 'gi') AS found (call) ON true
      LEFT JOIN LATERAL (SELECT lower(found.call[1]) AS call) m ON true
    WHERE t.text ~* 'current_setting|pg_settings|pg_show_all_settings' OR t.isBody AND t.text ~* '\\mshow\\M'`,
  eventTriggers: `SELECT t.evtname AS name, n.nspname AS schema, p.proname AS function
    FROM pg_event_trigger t JOIN pg_proc p ON p.oid = t.evtfoid JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE t.evtenabled <> 'D'`,
  views: `SELECT c.oid::int8 AS view, v.barrier, v.invoker OR NOT EXISTS (
      SELECT FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
          AND d.refclassid = 'pg_class'::regclass
        JOIN pg_class t ON t.oid = d.refobjid AND t.oid <> c.oid AND t.relkind IN ('r', 'v', 'm', 'p', 'f')
      WHERE r.ev_class = c.oid AND (t.relrowsecurity OR NOT coalesce(has_table_privilege(c.relowner, t.oid, 'SELECT'), false))
    ) AS "asQuery"
    FROM pg_class c, LATERAL (SELECT
        coalesce(bool_or(o.option_value::bool) FILTER (WHERE o.option_name = 'security_barrier'), false) AS barrier,
        coalesce(bool_or(o.option_value::bool) FILTER (WHERE o.option_name = 'security_invoker'), false) AS invoker
      FROM pg_options_to_table(c.reloptions) o) v
    WHERE c.oid >= 16384 AND c.relkind = 'v'`,
  maskingViews: `SELECT c.oid::int8 AS view, obj_description(c.oid, 'pg_class') AS comment
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'sluice' AND c.relkind = 'v'`,
  access: `SELECT c.oid::int8 AS relation, own, CASE WHEN whole THEN '{}' ELSE ARRAY(
      SELECT a.attnum::int FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        AND NOT coalesce(has_column_privilege(c.oid, a.attnum, 'SELECT'), false) ORDER BY a.attnum) END AS closed
    FROM pg_class c JOIN pg_roles r ON r.rolname = current_user,
      LATERAL (SELECT c.relowner = r.oid AS own, coalesce(has_table_privilege(c.oid, 'SELECT'), false) AS whole) u
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND (own OR NOT whole)`,
} as const;

/** What initdb made: thousands of rows that stay as they are until the server is another. */
export const systemQueries = { relations: relationsMade('<'), functions: functionsMade('<') } as const;

/** Hashes of records: of texts they take more than twice as long, and every statement that was run waits for this. */
const fingerprintOf = (table: string, key: string, where: string) => `(
    SELECT concat(count(*), ':', sum(hash_record_extended(ROW(${key}, x.xmin), 0)))
    FROM ${table} x WHERE ${where})`;

const NOT_TEMPORARY = (column: string) => `x.${column} NOT IN (SELECT t.oid FROM temporary t)`;

/**
 * One row, one column `version`: changes with every DDL statement that anybody commits, whoever it was, and
 * with nothing else that is frequent (temporary relations of other sessions are left out). Another role, which may
 * read other columns, has another.
 */
export const fingerprintQuery = `WITH temporary AS MATERIALIZED (SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relpersistence = 't')
 SELECT pg_catalog.md5(pg_catalog.concat_ws('|', current_user,
  ${fingerprintOf('pg_catalog.pg_namespace', `x.oid, pg_catalog.has_schema_privilege(x.oid, 'USAGE')`, `x.nspname !~ '^pg_(toast_)?temp_'`)},
  ${fingerprintOf('pg_catalog.pg_class', 'x.oid', `x.oid >= 16384 AND x.relpersistence <> 't' AND x.relkind <> 't'`)},
  ${fingerprintOf('pg_catalog.pg_attribute', `x.attrelid, x.attnum`, `x.attrelid >= 16384 AND (x.attnum > 0 OR x.attacl IS NOT NULL) AND ${NOT_TEMPORARY('attrelid')}`)},
  ${fingerprintOf('pg_catalog.pg_attrdef', 'x.oid', NOT_TEMPORARY('adrelid'))},
  ${fingerprintOf('pg_catalog.pg_proc', 'x.oid', 'x.oid >= 16384')},
  ${fingerprintOf('pg_catalog.pg_operator', 'x.oid', 'x.oid >= 16384')},
  ${fingerprintOf('pg_catalog.pg_cast', 'x.oid', 'x.oid >= 16384')},
  ${fingerprintOf('pg_catalog.pg_opclass', 'x.oid', 'x.oid >= 16384')},
  ${fingerprintOf('pg_catalog.pg_amop', 'x.oid', 'x.oid >= 16384')},
  ${fingerprintOf('pg_catalog.pg_amproc', 'x.oid', 'x.oid >= 16384')},
  ${fingerprintOf('pg_catalog.pg_sequence', 'x.seqrelid', NOT_TEMPORARY('seqrelid'))},
  ${fingerprintOf('pg_catalog.pg_depend', `x.classid, x.objid`, `x.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND x.deptype = 'e'`)},
  ${fingerprintOf('pg_catalog.pg_auth_members', `x.roleid, x.member`, 'true')},
  ${fingerprintOf('pg_catalog.pg_type', 'x.oid', `x.oid >= 16384 AND x.typnamespace NOT IN (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname ~ '^pg_(toast_)?temp_')`)},
  ${fingerprintOf('pg_catalog.pg_rewrite', 'x.oid', `x.oid >= 16384 AND ${NOT_TEMPORARY('ev_class')}`)},
  ${fingerprintOf('pg_catalog.pg_index', 'x.indexrelid', `x.indexrelid >= 16384 AND ${NOT_TEMPORARY('indrelid')}`)},
  ${fingerprintOf('pg_catalog.pg_trigger', 'x.oid', NOT_TEMPORARY('tgrelid'))},
  ${fingerprintOf('pg_catalog.pg_statistic_ext', 'x.oid', NOT_TEMPORARY('stxrelid'))},
  ${fingerprintOf('pg_catalog.pg_inherits', `x.inhrelid, x.inhparent`, NOT_TEMPORARY('inhrelid'))},
  ${fingerprintOf('pg_catalog.pg_constraint', 'x.oid', NOT_TEMPORARY('conrelid'))},
  ${fingerprintOf('pg_catalog.pg_policy', 'x.oid', 'true')},
  ${fingerprintOf('pg_catalog.pg_event_trigger', 'x.oid', 'true')},
  ${fingerprintOf('pg_catalog.pg_extension', 'x.oid', 'true')}
)) AS version`;

/** The same of what initdb made: another server, or a superuser's hand, gives another. */
export const systemFingerprintQuery = `SELECT pg_catalog.md5(pg_catalog.concat_ws('|',
  pg_catalog.current_setting('server_version'),
  ${fingerprintOf('pg_catalog.pg_namespace', 'x.oid, x.nspname', `x.oid < ${FIRST_USER_OID}`)},
  ${fingerprintOf('pg_catalog.pg_class', 'x.oid', `x.oid < ${FIRST_USER_OID}`)},
  ${fingerprintOf('pg_catalog.pg_attribute', 'x.attrelid, x.attnum', `x.attrelid < ${FIRST_USER_OID} AND x.attnum > 0`)},
  ${fingerprintOf('pg_catalog.pg_attrdef', 'x.oid', `x.adrelid < ${FIRST_USER_OID}`)},
  ${fingerprintOf('pg_catalog.pg_proc', 'x.oid', `x.oid < ${FIRST_USER_OID}`)},
  ${fingerprintOf('pg_catalog.pg_language', 'x.oid', 'true')},
  ${fingerprintOf('pg_catalog.pg_type', 'x.oid', `x.oid < ${FIRST_USER_OID}`)},
  ${fingerprintOf('pg_catalog.pg_depend', 'x.classid, x.objid, x.refobjid', `x.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND x.objid < ${FIRST_USER_OID}`)},
  ${fingerprintOf('pg_catalog.pg_extension', 'x.oid', 'true')}
)) AS version`;

/** Types of pg_temp that are no row types: domains, arrays, ranges … What they are made of stands for a column.
 * Their kind is that of TOAST tables, which nobody names. */
const TEMPORARY_TYPES = `
  SELECT t.oid::int8, n.nspname, t.typname, 't', t.oid::int8,
    CASE WHEN p.part IS NULL THEN json_build_array() ELSE json_build_array(json_build_array(
      1, '', format_type(p.part, NULL), NULL, 'b', '', NULL, false, p.part::int8, NULL, NULL)) END, NULL
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_range r ON t.oid IN (r.rngtypid, r.rngmultitypid),
    LATERAL (SELECT coalesce(nullif(t.typbasetype, 0), nullif(t.typelem, 0), r.rngsubtype) AS part) p
  WHERE t.typrelid = 0 AND n.oid = pg_my_temp_schema()`;

/** The search path of whoever runs it may be anything. */
const qualified = (sql: string) =>
  sql
    .replaceAll(
      /\b(pg_class|pg_namespace|pg_attribute|pg_type|pg_attrdef|pg_range)\b(?= [a-z])/g,
      'pg_catalog.$1',
    )
    .replaceAll(
      /\b(format_type|pg_get_expr|pg_get_viewdef|json_agg|json_build_array|pg_my_temp_schema)\(/g,
      'pg_catalog.$1(',
    )
    .replaceAll('::int8', '::pg_catalog.int8');

/**
 * The session's own state: one row with `search_path` (array of the schemas that are there and usable), `path` (the
 * setting), `role` and `temporary` (JSON, often `[]`): relations and types.
 */
export const sessionStateQuery = `SELECT pg_catalog.current_schemas(true)::pg_catalog.text[] AS search_path,
  pg_catalog.current_setting('search_path') AS path,
  current_user::pg_catalog.text AS role,
  CASE WHEN pg_catalog.pg_my_temp_schema() = 0 THEN '[]'::pg_catalog.json ELSE (
    SELECT coalesce(pg_catalog.json_agg(pg_catalog.row_to_json(r)), '[]'::pg_catalog.json) FROM (
${qualified(`${relationsIn('n.oid = pg_my_temp_schema()', EACH, `${KINDS}, 'c'`)}
  UNION ALL ${TEMPORARY_TYPES}`)}) r) END AS temporary`;
