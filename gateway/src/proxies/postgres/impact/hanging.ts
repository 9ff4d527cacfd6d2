import { z } from 'zod';
import { Cascade, type Impact } from '../../../../contract/impact.ts';
import type { Looks } from './looks.ts';
import type { Examined } from './subject.ts';

const CATALOGUE_MS = 1000;

/** What hangs on the relation that is written. */
export type Hanging = Pick<Impact, 'cascades' | 'triggers' | 'ofRows'> & { views: string[] };

/** Everything about one relation ($1) in one row. $2: d, u or t; $3: what an update sets; $4: trigger's event bit. */
const HANGING = `WITH RECURSIVE taken (oid, depth) AS (
    SELECT $1::pg_catalog.oid, 0
    UNION SELECT k.conrelid, taken.depth + 1 FROM taken
      JOIN pg_catalog.pg_constraint k ON k.confrelid OPERATOR(pg_catalog.=) taken.oid AND k.contype = 'f'
        AND k.conparentid OPERATOR(pg_catalog.=) 0
      WHERE taken.depth < 8 AND ($2 = 't' OR ($2 = 'd' AND k.confdeltype = 'c')))
  SELECT
    (SELECT coalesce(pg_catalog.json_agg(DISTINCT pg_catalog.jsonb_build_object(
        'from', pg_catalog.json_build_object('schema', fn.nspname, 'relation', f.relname),
        'to', pg_catalog.json_build_object('schema', tn.nspname, 'relation', t.relname),
        'constraint', k.conname,
        'action', CASE WHEN $2 = 't' THEN 'truncate'
          ELSE CASE CASE $2 WHEN 'd' THEN k.confdeltype ELSE k.confupdtype END
            WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default' END END)), '[]'::pg_catalog.json)
      FROM (SELECT DISTINCT oid FROM taken) x
      JOIN pg_catalog.pg_constraint k ON k.confrelid OPERATOR(pg_catalog.=) x.oid AND k.contype = 'f'
        AND k.conparentid OPERATOR(pg_catalog.=) 0
      JOIN pg_catalog.pg_class f ON f.oid OPERATOR(pg_catalog.=) k.confrelid
      JOIN pg_catalog.pg_namespace fn ON fn.oid OPERATOR(pg_catalog.=) f.relnamespace
      JOIN pg_catalog.pg_class t ON t.oid OPERATOR(pg_catalog.=) k.conrelid
      JOIN pg_catalog.pg_namespace tn ON tn.oid OPERATOR(pg_catalog.=) t.relnamespace
      WHERE $2 = 't' OR ($2 = 'd' AND k.confdeltype IN ('c', 'n', 'd'))
        OR ($2 = 'u' AND k.confupdtype IN ('c', 'n', 'd') AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
          WHERE a.attrelid OPERATOR(pg_catalog.=) k.confrelid AND a.attnum OPERATOR(pg_catalog.=) ANY (k.confkey)
            AND a.attname OPERATOR(pg_catalog.=) ANY ($3::pg_catalog.name[])))) AS cascades,
    (SELECT coalesce(pg_catalog.json_agg(g.tgname ORDER BY g.tgname), '[]'::pg_catalog.json)
      FROM pg_catalog.pg_trigger g WHERE g.tgrelid OPERATOR(pg_catalog.=) $1::pg_catalog.oid AND NOT g.tgisinternal
        AND g.tgenabled <> 'D' AND (g.tgtype::pg_catalog.int4 OPERATOR(pg_catalog.&) $4::pg_catalog.int4) <> 0) AS triggers,
    (SELECT CASE WHEN pg_catalog.min(c.reltuples) >= 0 THEN pg_catalog.sum(c.reltuples)::pg_catalog.int8 END
      FROM pg_catalog.pg_class c
      WHERE c.relkind IN ('r', 'm') AND (c.oid OPERATOR(pg_catalog.=) $1::pg_catalog.oid OR c.oid OPERATOR(pg_catalog.=) ANY (
        SELECT p.relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree($1::pg_catalog.oid::pg_catalog.regclass) p
        WHERE p.isleaf))) AS rows,
    (SELECT coalesce(pg_catalog.json_agg(DISTINCT pg_catalog.concat(n.nspname, '.', v.relname)), '[]'::pg_catalog.json)
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_rewrite r ON r.oid OPERATOR(pg_catalog.=) d.objid
      JOIN pg_catalog.pg_class v ON v.oid OPERATOR(pg_catalog.=) r.ev_class
      JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) v.relnamespace
      WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_rewrite'::pg_catalog.regclass
        AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.refobjid OPERATOR(pg_catalog.=) $1::pg_catalog.oid AND v.oid <> d.refobjid) AS views`;

/** pg_trigger.tgtype: the bit of what sets it off. */
const EVENTS: Partial<Record<string, number>> = {
  insert: 4,
  copyFrom: 4,
  delete: 8,
  update: 16,
  truncate: 32,
  merge: 28,
};

/** @throws what `Looks` throws; ZodError */
export async function hanging(subject: Examined, looks: Looks): Promise<Hanging | null> {
  const { statement, world, outline, decision } = subject;
  const [written] = statement.facts.writes;
  if (written === undefined) return null;
  const relation = world.catalogue.snapshot.relations.find(
    ({ schema, name }) => schema === written.schema && name === written.relation,
  );
  if (relation === undefined) return null;
  const way = WAYS[written.by] ?? (outline.emptiesReferring ? 't' : 'n');
  const seen = await looks.see({
    text: HANGING,
    values: [
      String(relation.oid),
      way,
      `{${outline.sets.map((name) => JSON.stringify(name)).join(',')}}`,
      String(EVENTS[written.by] ?? 0),
    ],
    state: null,
    timeoutMs: CATALOGUE_MS,
  });
  const [cascades, triggers, rows, views] = seen.rows[0] ?? [];
  const names = z.array(z.string());
  const of = { schema: written.schema, relation: written.relation };
  const isFiltered = (decision.rows ?? []).length > 0;
  return {
    cascades: z.array(Cascade).parse(JSON.parse(cascades ?? '[]')),
    triggers: names.parse(JSON.parse(triggers ?? '[]')).map((trigger) => ({ ...of, trigger })),
    // How many are hidden from the requester is theirs not to know.
    ofRows: rows === null || rows === undefined || isFiltered ? null : Number(rows),
    views: names.parse(JSON.parse(views ?? '[]')),
  };
}

const WAYS: Partial<Record<string, string>> = { delete: 'd', update: 'u' };
