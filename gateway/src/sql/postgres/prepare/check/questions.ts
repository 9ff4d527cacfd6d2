import { z } from 'zod';
import type { RunQuery } from '../../catalogue/load.ts';
import { MASKING_SCHEMA } from '../names.ts';

const Names = z.array(z.string());

const Role = z.object({
  name: z.string(),
  superuser: z.boolean(),
  replication: z.boolean(),
  bypassRls: z.boolean(),
  createRole: z.boolean(),
  createDatabase: z.boolean(),
  /** Roles that it is a member of, through others as well. */
  memberOf: Names,
});

const Reach = z.object({
  /** Relations of the server that show values, statements or credentials, and that it may read. */
  catalogue: Names,
  /** Functions of the server that reach files and other programs, and that it may run. */
  functions: Names,
  languages: Names,
  foreignServers: Names,
  eventTriggers: Names,
  largeObjects: z.coerce.number().int(),
  largeObjectsUnchecked: z.boolean(),
  /** Schemas where it may make objects. */
  createIn: Names,
  createSchemas: z.boolean(),
  /** Schemas whose later tables it will be able to read by default privileges; '' stands for all. */
  laterTables: Names,
  /** Views of the schema of masking views that it may read. */
  maskingViews: Names,
});

export type RoleRights = z.infer<typeof Role>;
export type ServerReach = z.infer<typeof Reach>;

const ROLE = `SELECT r.rolname::text AS name, r.rolsuper AS superuser, r.rolreplication AS replication,
    r.rolbypassrls AS "bypassRls", r.rolcreaterole AS "createRole", r.rolcreatedb AS "createDatabase",
    ARRAY(SELECT g.rolname::text FROM pg_roles g WHERE g.oid <> r.oid AND pg_has_role(r.oid, g.oid, 'MEMBER')
      ORDER BY 1) AS "memberOf"
  FROM pg_roles r WHERE r.rolname = current_user`;

/** Left out: pg_read_file_old of versions before 17, which anybody may call and which refuses all but superusers. */
const REACH = `SELECT
  ARRAY(SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace
    AND c.relname IN ('pg_authid', 'pg_shadow', 'pg_statistic', 'pg_statistic_ext_data', 'pg_largeobject',
      'pg_subscription', 'pg_user_mapping', 'pg_hba_file_rules', 'pg_ident_file_mappings', 'pg_file_settings',
      'pg_backend_memory_contexts', 'pg_config') AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1) AS catalogue,
  ARRAY(SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace
    AND p.proname IN ('pg_read_file', 'pg_read_binary_file', 'pg_ls_dir', 'pg_stat_file', 'lo_import', 'lo_export',
      'pg_current_logfile', 'pg_logical_slot_get_changes', 'pg_logical_slot_peek_changes',
      'pg_create_logical_replication_slot', 'pg_log_query', 'pg_show_all_file_settings', 'pg_hba_file_rules')
    AND p.proname NOT LIKE 'pg_logical%' AND p.proname NOT LIKE 'pg_create_logical%'
    AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY 1) AS functions,
  ARRAY(SELECT lanname::text FROM pg_language WHERE NOT lanpltrusted AND lanname NOT IN ('internal', 'c')
    AND has_language_privilege(oid, 'USAGE') ORDER BY 1) AS languages,
  ARRAY(SELECT srvname::text FROM pg_foreign_server WHERE has_server_privilege(oid, 'USAGE') ORDER BY 1)
    AS "foreignServers",
  ARRAY(SELECT evtname::text FROM pg_event_trigger WHERE evtenabled <> 'D' ORDER BY 1) AS "eventTriggers",
  (SELECT count(*) FROM pg_largeobject_metadata m WHERE pg_has_role(m.lomowner, 'USAGE') OR EXISTS (
    SELECT FROM aclexplode(m.lomacl) a WHERE a.privilege_type = 'SELECT'
      AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE')))) AS "largeObjects",
  current_setting('lo_compat_privileges')::bool AS "largeObjectsUnchecked",
  ARRAY(SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^pg_' AND has_schema_privilege(oid, 'CREATE')
    ORDER BY 1) AS "createIn",
  has_database_privilege(current_database(), 'CREATE') AS "createSchemas",
  ARRAY(SELECT DISTINCT coalesce(n.nspname, '')::text FROM pg_default_acl d
      LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a
    WHERE d.defaclobjtype = 'r' AND a.privilege_type = 'SELECT'
      AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE')) AND NOT pg_has_role(d.defaclrole, 'USAGE')
    ORDER BY 1) AS "laterTables",
  ARRAY(SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = '${MASKING_SCHEMA}' AND c.relkind = 'v'
      AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
    ORDER BY 1) AS "maskingViews"`;

/** What the role that asks is, and what it reaches besides tables. @throws ZodError */
export async function askRights(run: RunQuery): Promise<{ role: RoleRights; reach: ServerReach }> {
  await run('BEGIN READ ONLY');
  try {
    await run('SET LOCAL search_path = pg_catalog');
    const [role] = z.tuple([Role]).parse(await run(ROLE));
    const [reach] = z.tuple([Reach]).parse(await run(REACH));
    return { role, reach };
  } finally {
    await run('ROLLBACK');
  }
}
