import { type Finding, note, open } from './findings.ts';
import type { RoleRights, ServerReach } from './questions.ts';

/** Roles of the server whose members get at values past all grants. */
const POWERFUL: ReadonlyMap<string, string> = new Map([
  ['pg_read_all_data', 'it reads every table'],
  ['pg_read_server_files', "it reads the server's files, tables' among them"],
  ['pg_write_server_files', "it writes the server's files"],
  ['pg_execute_server_program', 'it runs programs on the server'],
  ['pg_write_all_data', 'it writes every table'],
  ['pg_monitor', "it sees others' statements"],
  ['pg_read_all_stats', "it sees others' statements"],
  ['pg_read_all_settings', 'it sees every setting, credentials among them'],
  ['pg_create_subscription', 'it connects to other servers'],
  ['pg_maintain', "it runs what is attached to everybody's tables"],
  ['pg_database_owner', 'it owns the database'],
]);

/** What the role is by itself: each of these makes grants on tables mean nothing, or less. */
export function roleFindings(role: RoleRights): Finding[] {
  const is = (holds: boolean, why: string) => (holds ? [open('role', role.name, why)] : []);
  return [
    ...is(role.superuser, 'it is a superuser: nothing in the database is closed to it'),
    ...is(role.replication, 'it has REPLICATION: it can copy the whole cluster'),
    ...is(role.bypassRls, 'it has BYPASSRLS: row policies do not hold for it'),
    ...is(role.createRole, 'it has CREATEROLE: it can make itself a member of other roles'),
    ...(role.createDatabase ? [note('role', role.name, 'it has CREATEDB')] : []),
    ...(role.superuser ? [] : role.memberOf).map((group) =>
      open(
        'role',
        role.name,
        `it is a member of ${group}: ${POWERFUL.get(group) ?? 'it has that role’s rights'}`,
      ),
    ),
  ];
}

export function serverFindings(reach: ServerReach, maskingSchema: string): Finding[] {
  const { largeObjects } = reach;
  return [
    ...reach.catalogue.map((name) => open('relation', name, 'it shows values, statements or credentials')),
    ...reach.functions.map((name) => open('function', name, "it reads the server's files")),
    ...reach.languages.map((name) => open('extension', name, 'functions in this language do anything')),
    ...reach.foreignServers.map((name) =>
      open('server', name, 'USAGE on a foreign server: it reads elsewhere'),
    ),
    ...(reach.largeObjectsUnchecked
      ? [open('large object', 'lo_compat_privileges', 'it is on: everybody reads every large object')]
      : []),
    ...(largeObjects > 0 ? [open('large object', `${largeObjects} of them`, 'they can be read')] : []),
    ...reach.createIn.map((name) =>
      name === maskingSchema
        ? open('relation', name, 'it can make objects where masking views are')
        : open(
            'relation',
            name,
            'it can make tables in this schema, whose foreign keys would tell masked values',
          ),
    ),
    ...(reach.createSchemas
      ? [
          open(
            'relation',
            'CREATE on the database',
            'it can make schemas, and tables whose foreign keys would tell masked values',
          ),
        ]
      : []),
    ...reach.eventTriggers.map((name) =>
      note('function', name, 'event trigger: it runs with every change of the schema'),
    ),
    ...reach.laterTables.map((name) =>
      open(
        'relation',
        name === '' ? 'every schema' : name,
        'default privileges let it read tables that are made later',
      ),
    ),
  ];
}
