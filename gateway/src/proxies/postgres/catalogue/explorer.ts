import { z } from 'zod';
import type { RunQuery } from '../../../sql/postgres/catalogue/load.ts';

/** What only the explorer shows: primary keys by relation OID, and the signatures of routines. */
export type ExplorerDetails = {
  primaryKeys: ReadonlyMap<number, ReadonlySet<number>>;
  routines: ReadonlyArray<{ schema: string; name: string; arguments: string; returns: string }>;
};

const Key = z.object({ relation: z.coerce.number(), columns: z.array(z.int()) });
const Routine = z.object({
  schema: z.string(),
  name: z.string(),
  arguments: z.string(),
  returns: z.string(),
});

/** Asks for them; any role may. @throws ZodError when the server answers in another shape. */
export async function loadExplorerDetails(run: RunQuery): Promise<ExplorerDetails> {
  const keys = z.array(Key).parse(
    await run(`SELECT conrelid::pg_catalog.int8 AS relation, conkey::pg_catalog.int4[] AS columns
      FROM pg_catalog.pg_constraint WHERE contype = 'p' AND conrelid <> 0`),
  );
  const routines = z.array(Routine).parse(
    await run(`SELECT n.nspname AS schema, p.proname AS name,
        pg_catalog.pg_get_function_arguments(p.oid) AS arguments,
        coalesce(pg_catalog.pg_get_function_result(p.oid), '') AS returns
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE p.oid >= 16384 AND n.nspname !~ '^pg_'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
          AND d.objid = p.oid AND d.deptype = 'e')`),
  );
  return {
    primaryKeys: new Map(keys.map(({ relation, columns }) => [relation, new Set(columns)])),
    routines,
  };
}
