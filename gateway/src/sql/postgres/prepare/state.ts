import { z } from 'zod';
import type { RunQuery } from '../catalogue/load.ts';
import { MASKING_SCHEMA } from './names.ts';

const Oid = z.coerce.number().int();
const Names = z.array(z.string());

const Server = z.object({
  database: z.string(),
  administrator: z.string(),
  superuser: z.boolean(),
  /** Schemas of the database's own. */
  schemas: Names,
  /** What the comment of the schema of masking views says, when there is one. */
  maskingSchema: z.string().nullable(),
});

const Role = z.object({
  name: z.string(),
  superuser: z.boolean(),
  replication: z.boolean(),
  bypassRls: z.boolean(),
  memberOf: Names,
});

const RelationState = z.object({
  relation: Oid,
  rowSecurity: z.boolean(),
  securityInvoker: z.boolean(),
  /** Everybody may read some or all of it. */
  toPublic: z.boolean(),
});

const Routine = z.object({
  schema: z.string(),
  name: z.string(),
  /** As GRANT takes it: `public.order_total(integer)`. */
  signature: z.string(),
  extension: z.string().nullable(),
  definer: z.boolean(),
  toPublic: z.boolean(),
  /** By who asks. */
  executable: z.boolean(),
  /** Only triggers run it. */
  forTriggers: z.boolean(),
});
export type Routine = z.infer<typeof Routine>;

/** What preparing must know of a database besides its catalogue. */
export type DatabaseState = {
  server: z.infer<typeof Server>;
  roles: ReadonlyMap<string, z.infer<typeof Role>>;
  relations: ReadonlyMap<number, z.infer<typeof RelationState>>;
  routines: readonly Routine[];
  /** Roles that may have got what they do from PUBLIC: neither superusers nor the server's own. */
  otherRoles: readonly string[];
};

const SERVER = `SELECT current_database()::text AS database, current_user::text AS administrator,
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
    ARRAY(SELECT nspname::text FROM pg_namespace
      WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', '${MASKING_SCHEMA}') ORDER BY 1) AS schemas,
    (SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace
      WHERE nspname = '${MASKING_SCHEMA}') AS "maskingSchema"`;

const ROLES = `SELECT r.rolname::text AS name, r.rolsuper AS superuser, r.rolreplication AS replication,
    r.rolbypassrls AS "bypassRls", ARRAY(SELECT g.rolname::text FROM pg_auth_members m
      JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1) AS "memberOf"
  FROM pg_roles r WHERE r.rolname !~ '^pg_' ORDER BY 1`;

const RELATIONS = `SELECT c.oid::int8 AS relation, c.relrowsecurity AS "rowSecurity",
    coalesce(c.reloptions && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1',
      'security_invoker=yes'], false) AS "securityInvoker",
    EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = 0 AND a.privilege_type = 'SELECT')
      OR EXISTS (SELECT FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = c.oid AND a.grantee = 0
        AND a.privilege_type = 'SELECT') AS "toPublic"
  FROM pg_class c WHERE c.oid >= 16384 AND c.relkind IN ('r', 'v', 'm', 'p', 'f')`;

const ROUTINES = `SELECT n.nspname::text AS schema, p.proname::text AS name, p.oid::regprocedure::text AS signature,
    e.extname::text AS extension, p.prosecdef AS definer, coalesce(has_function_privilege(p.oid, 'EXECUTE'), false) AS executable,
    p.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype) AS "forTriggers",
    p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0) AS "toPublic"
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
      AND d.refclassid = 'pg_extension'::regclass
    LEFT JOIN pg_extension e ON e.oid = d.refobjid
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 3`;

/** Reads it in one read-only transaction; any role may. @throws ZodError when the server answers in another shape. */
export async function loadState(run: RunQuery): Promise<DatabaseState> {
  await run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    await run('SET LOCAL search_path = pg_catalog');
    const [server] = z.tuple([Server]).parse(await run(SERVER));
    const roles = z.array(Role).parse(await run(ROLES));
    const relations = z.array(RelationState).parse(await run(RELATIONS));
    return {
      server,
      roles: new Map(roles.map((role) => [role.name, role])),
      relations: new Map(relations.map((one) => [one.relation, one])),
      routines: z.array(Routine).parse(await run(ROUTINES)),
      otherRoles: roles.filter((role) => !role.superuser).map(({ name }) => name),
    };
  } finally {
    await run('ROLLBACK');
  }
}
