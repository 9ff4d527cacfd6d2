/** Stored trees of expressions, with what they belong to. */
const TREES = `
      SELECT 'pg_attrdef'::regclass AS classid, oid AS objid, adbin::text AS tree FROM pg_attrdef
      UNION ALL SELECT 'pg_constraint'::regclass, oid, conbin::text FROM pg_constraint WHERE conbin IS NOT NULL
      UNION ALL SELECT 'pg_policy'::regclass, oid, concat(polqual, polwithcheck) FROM pg_policy
      UNION ALL SELECT 'pg_class'::regclass, indexrelid, concat(indexprs, indpred) FROM pg_index
        WHERE indexprs IS NOT NULL OR indpred IS NOT NULL
      UNION ALL SELECT 'pg_class'::regclass, partrelid, partexprs::text FROM pg_partitioned_table
      UNION ALL SELECT 'pg_type'::regclass, oid, typdefaultbin::text FROM pg_type WHERE typdefaultbin IS NOT NULL
      UNION ALL SELECT 'pg_trigger'::regclass, oid, tgqual::text FROM pg_trigger WHERE tgqual IS NOT NULL
      UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxexprs::text FROM pg_statistic_ext`;

/** A node with no other in it that is no column: of constants alone, where all constants within are taken out. */
const INNERMOST = String.raw`\{(?!VAR )[A-Z_]+ [^{}]*\}`;

/**
 * What is computed of constants alone is so as a query is planned, by immutable functions. From the inside out, to any
 * depth: each round takes the innermost nodes away. Escaped characters are none of the tree's own.
 */
const FOLDED = `
      SELECT classid, objid, regexp_replace(tree, '${String.raw`\\.`}', '', 'g') FROM trees
      WHERE classid IN ('pg_class'::regclass, 'pg_constraint'::regclass, 'pg_statistic_ext'::regclass)
        AND tree ~ '${String.raw`:(?:funcid|opfuncid) [1-9]\d{4}`}'
      UNION SELECT classid, objid, regexp_replace(tree, '${INNERMOST}', '', 'g') FROM folded`;

const EXTENSION = `LEFT JOIN pg_depend de ON de.classid = 'pg_proc'::regclass AND de.objid = p.oid AND de.deptype = 'e'
        AND de.refclassid = 'pg_extension'::regclass
      LEFT JOIN pg_extension e ON e.oid = de.refobjid`;

/** Functions of the operator classes by which values of a type are sorted, grouped and joined, where nobody says how. */
const OF_DEFAULT_CLASSES = `
    SELECT 0, oc.opcintype::int8, true, true, 0, n.nspname, p.proname, e.extname
    FROM pg_opclass oc JOIN pg_am am ON am.oid = oc.opcmethod AND am.amname IN ('btree', 'hash')
      JOIN (SELECT amprocfamily AS family, amproclefttype AS lefttype, amprocrighttype AS righttype,
          amproc::oid AS function FROM pg_amproc
        UNION ALL SELECT ao.amopfamily, ao.amoplefttype, ao.amoprighttype, o.oprcode::oid
          FROM pg_amop ao JOIN pg_operator o ON o.oid = ao.amopopr) f
        ON f.family = oc.opcfamily AND f.lefttype = oc.opcintype AND f.righttype = oc.opcintype
      JOIN pg_proc p ON p.oid = f.function JOIN pg_namespace n ON n.oid = p.pronamespace
      JOIN pg_language l ON l.oid = p.prolang
      ${EXTENSION}
    WHERE oc.opcdefault AND p.oid >= 16384 AND l.lanname NOT IN ('c', 'internal')`;

/** What a foreign key compares by, as rows that it refers to are changed (pg_trigger.tgtype: 8 delete, 16 update). */
const OF_KEYS = `
    SELECT DISTINCT k.confrelid::int8, 0, false, false, 24, n.nspname, p.proname, e.extname
    FROM pg_constraint k CROSS JOIN unnest(k.conpfeqop || k.conppeqop || k.conffeqop) AS compared (operator)
      JOIN pg_operator o ON o.oid = compared.operator JOIN pg_proc p ON p.oid = o.oprcode
      JOIN pg_namespace n ON n.oid = p.pronamespace
      ${EXTENSION}
    WHERE k.contype = 'f' AND p.oid >= 16384`;

/** Functions that the server calls by itself. Belongs to `catalogueQueries`. */
export const attachedQuery = `WITH RECURSIVE trees AS (${TREES}), folded (classid, objid, tree) AS (${FOLDED})
    SELECT coalesce(ad.adrelid, nullif(c.conrelid, 0), pol.polrelid, i.indrelid, pt.partrelid, tg.tgrelid,
        sx.stxrelid, 0)::int8 AS relation, coalesce(nullif(c.contypid, 0), ty.oid, 0)::int8 AS type,
      pol.oid IS NOT NULL OR coalesce(c.contypid <> 0, false) OR (d.planned AND e.oid IS NULL) AS "onRead",
      d.planned AND e.oid IS NULL AS planned, coalesce(tg.tgtype, 0) AS events,
      n.nspname AS schema, p.proname AS function, e.extname AS extension
    FROM (
      SELECT DISTINCT classid, objid, false AS planned,
        (regexp_matches(tree, ':(?:funcid|aggfnoid|winfnoid) (\\d+)', 'g'))[1]::oid AS function
      FROM trees
      UNION ALL SELECT DISTINCT classid, objid, true, im.oid
      FROM folded, regexp_matches(tree, '${INNERMOST}', 'g') AS constants (nodes),
        regexp_matches(nodes[1], ':(?:funcid|opfuncid) (\\d+)', 'g') AS called (ids)
        JOIN pg_proc im ON im.oid = ids[1]::oid AND im.provolatile = 'i'
      WHERE im.oid >= 16384
      UNION ALL SELECT d.classid, d.objid, false, o.oprcode FROM pg_depend d JOIN pg_operator o ON o.oid = d.refobjid
        WHERE d.refclassid = 'pg_operator'::regclass
      UNION ALL SELECT d.classid, d.objid, true, ap.amproc FROM pg_depend d JOIN pg_opclass oc ON oc.oid = d.refobjid
        JOIN pg_amproc ap ON ap.amprocfamily = oc.opcfamily WHERE d.refclassid = 'pg_opclass'::regclass
          AND ap.amproc >= 16384
    ) d JOIN pg_proc p ON p.oid = d.function
      JOIN pg_namespace n ON n.oid = p.pronamespace
      LEFT JOIN pg_attrdef ad ON d.classid = 'pg_attrdef'::regclass AND ad.oid = d.objid
      LEFT JOIN pg_constraint c ON d.classid = 'pg_constraint'::regclass AND c.oid = d.objid
      LEFT JOIN pg_policy pol ON d.classid = 'pg_policy'::regclass AND pol.oid = d.objid
      LEFT JOIN pg_index i ON d.classid = 'pg_class'::regclass AND i.indexrelid = d.objid
      LEFT JOIN pg_partitioned_table pt ON d.classid = 'pg_class'::regclass AND pt.partrelid = d.objid
      LEFT JOIN pg_type ty ON d.classid = 'pg_type'::regclass AND ty.oid = d.objid AND ty.typdefaultbin IS NOT NULL
      LEFT JOIN pg_trigger tg ON d.classid = 'pg_trigger'::regclass AND tg.oid = d.objid
      LEFT JOIN pg_statistic_ext sx ON d.classid = 'pg_statistic_ext'::regclass AND sx.oid = d.objid
      ${EXTENSION}
    WHERE coalesce(ad.oid, c.oid, pol.oid, i.indexrelid, pt.partrelid, ty.oid, tg.oid, sx.oid) IS NOT NULL
    UNION ALL SELECT 0, t.oid::int8, true, true, 0, n.nspname, p.proname, e.extname
    FROM pg_range r CROSS JOIN LATERAL (VALUES (r.rngtypid), (r.rngmultitypid)) t (oid) JOIN pg_opclass oc ON oc.oid = r.rngsubopc
      LEFT JOIN pg_amproc ap ON ap.amprocfamily = oc.opcfamily
      JOIN pg_proc p ON p.oid IN (ap.amproc, r.rngcanonical, r.rngsubdiff)
      JOIN pg_namespace n ON n.oid = p.pronamespace
      ${EXTENSION}
    WHERE r.rngtypid >= 16384 AND p.oid >= 16384
    UNION ALL ${OF_DEFAULT_CLASSES}
    UNION ALL ${OF_KEYS}`;
