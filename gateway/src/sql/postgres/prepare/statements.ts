import type { Catalogue, Relation } from '../catalogue/catalogue.ts';
import { quoted } from '../masks/type-name.ts';
import {
  commentOf,
  type MaskVariants,
  maskingViewOf,
  maskingViewQuery,
  systemColumnsOf,
} from './masking-view.ts';
import { canonical, LOCK_COLUMN, MASKING_SCHEMA, maskingViewName } from './names.ts';
import type { PolicyReach } from './policy-reach.ts';
import type { RelationPlan } from './relation-plan.ts';
import type { DatabaseState } from './state.ts';

export type Roles = { least: string; owner: string };

export function literal(text: string): string {
  const escaped = text.replaceAll("'", "''");
  return text.includes('\\') ? `E'${escaped.replaceAll('\\', '\\\\')}'` : `'${escaped}'`;
}

export const qualified = ({ schema, name }: { schema: string; name: string }) =>
  `${quoted(schema)}.${quoted(name)}`;

/** An anonymous block, whatever stands in its body. */
function block(body: string): string {
  let tag = '$sluice$';
  for (let more = 1; body.includes(tag); more += 1) tag = `$sluice${more}$`;
  return `DO ${tag} BEGIN ${body} END ${tag}`;
}

/** The two roles as they must be, whatever they were. */
export function roleStatements({ least, owner }: Roles, { server, roles }: DatabaseState): string[] {
  const created = (name: string, login: string) =>
    block(`IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${literal(name)}) THEN
  CREATE ROLE ${quoted(name)} ${login}; END IF;`);
  const cleaned = (name: string, login: string) => {
    const role = roles.get(name);
    const power = [
      ...(role?.superuser ? ['NOSUPERUSER'] : []),
      ...(role?.replication ? ['NOREPLICATION'] : []),
      ...(role?.bypassRls ? ['NOBYPASSRLS'] : []),
    ];
    return [
      `ALTER ROLE ${quoted(name)} ${[login, 'NOINHERIT NOCREATEDB NOCREATEROLE', ...power].join(' ')}`,
      ...(role?.memberOf ?? []).map((group) => `REVOKE ${quoted(group)} FROM ${quoted(name)}`),
    ];
  };
  return [
    created(least, 'LOGIN'),
    created(owner, 'NOLOGIN'),
    ...cleaned(least, 'LOGIN'),
    ...cleaned(owner, 'NOLOGIN'),
    // Who isn't a superuser must be of a role to make it an owner.
    ...(server.superuser ? [] : [`GRANT ${quoted(owner)} TO CURRENT_USER`]),
    `GRANT CONNECT ON DATABASE ${quoted(server.database)} TO ${quoted(least)}`,
  ];
}

export function schemaStatements(
  { least, owner }: Roles,
  target: string,
  { server }: DatabaseState,
): string[] {
  const schema = quoted(MASKING_SCHEMA);
  const both = `${quoted(least)}, ${quoted(owner)}`;
  return [
    server.maskingSchema === null
      ? `CREATE SCHEMA ${schema} AUTHORIZATION ${quoted(owner)}`
      : `ALTER SCHEMA ${schema} OWNER TO ${quoted(owner)}`,
    `COMMENT ON SCHEMA ${schema} IS ${literal(schemaComment(target))}`,
    `REVOKE ALL ON SCHEMA ${schema} FROM PUBLIC, ${quoted(least)}`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${quoted(least)}`,
    `REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM PUBLIC, ${quoted(least)}`,
    ...server.schemas.flatMap((name) => [
      `REVOKE ALL ON SCHEMA ${quoted(name)} FROM ${both}`,
      `REVOKE ALL ON ALL TABLES IN SCHEMA ${quoted(name)} FROM ${both}`,
      `REVOKE ALL ON ALL SEQUENCES IN SCHEMA ${quoted(name)} FROM ${both}`,
      `REVOKE ALL ON ALL ROUTINES IN SCHEMA ${quoted(name)} FROM ${both}`,
    ]),
  ];
}

export const schemaComment = (target: string) => `Masking views of the Sluice target ${target}`;

/** Masking views that are missing or no longer fit; those that fit stay. Views that nothing needs any more go. */
export function viewStatements(
  plans: readonly RelationPlan[],
  { owner }: Roles,
  catalogue: Catalogue,
): string[] {
  const wanted = plans
    .filter(({ reading }) => reading === 'view')
    .flatMap((plan) => viewsOf(plan, catalogue));
  const names = new Set(wanted.map(({ name }) => name));
  const found = [...catalogue.userRelations()].filter(
    ({ schema, kind }) => schema === MASKING_SCHEMA && kind === 'v',
  );
  const obsolete = found.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  return [
    ...obsolete.toSorted().map((name) => `DROP VIEW ${inSchema(name)}`),
    ...wanted.filter((view) => !fits(view, catalogue)).flatMap((view) => made(view, owner, catalogue)),
  ];
}

type WantedView = { name: string; relation: Relation; variants: MaskVariants; only: boolean };

const inSchema = (name: string) => qualified({ schema: MASKING_SCHEMA, name });

/** One view, and for a relation with children one without them. */
export function viewsOf({ relation, variants }: RelationPlan, catalogue: Catalogue): WantedView[] {
  const kinds = catalogue.descendants(relation.oid).size > 0 ? [false, true] : [false];
  return kinds.map((only) => ({ name: maskingViewName(relation, only), relation, variants, only }));
}

function fits({ relation, variants, only }: WantedView, catalogue: Catalogue): boolean {
  const known = maskingViewOf(catalogue, relation, only);
  if (typeof known === 'string' || known.variants.size !== variants.size) return false;
  return [...variants].every(([column, methods]) => {
    const there = known.variants.get(column)?.map(canonical) ?? [];
    return JSON.stringify(there) === JSON.stringify(methods.map(canonical));
  });
}

function made({ name, relation, variants, only }: WantedView, owner: string, catalogue: Catalogue): string[] {
  const view = inSchema(name);
  const comment = JSON.stringify(commentOf(catalogue, relation, variants, only));
  return [
    `DROP VIEW IF EXISTS ${view}`,
    `CREATE VIEW ${view} AS\n${maskingViewQuery(catalogue, relation, variants, only)}`,
    `ALTER VIEW ${view} OWNER TO ${quoted(owner)}`,
    // Only the server knows how it prints the view.
    block(`EXECUTE pg_catalog.format('COMMENT ON VIEW %s IS %L', ${literal(view)},
  ${literal(comment)}::pg_catalog.jsonb || pg_catalog.jsonb_build_object('shown', pg_catalog.encode(pg_catalog.sha256(
    pg_catalog.convert_to(pg_catalog.pg_get_viewdef(${literal(view)}::pg_catalog.regclass), 'UTF8')), 'hex')));`),
  ];
}

/** What both roles may do with relations, schemas and sequences. */
export function grantStatements(
  plans: readonly RelationPlan[],
  { least, owner }: Roles,
  catalogue: Catalogue,
): string[] {
  const used = plans.filter(({ reading, writing }) => reading !== 'none' || writing.length > 0);
  const schemas = [...new Set(used.map(({ relation }) => relation.schema))].toSorted();
  const behind = used.flatMap((plan) => plan.behind.map(({ schema }) => schema));
  const read = used.filter(({ reading }) => reading === 'view').map(({ relation }) => relation.schema);
  const owned = [...new Set([...read, ...behind])].toSorted();
  return [
    ...schemas.map((schema) => `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${quoted(least)}`),
    ...owned.map((schema) => `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${quoted(owner)}`),
    ...used.flatMap((plan) => relationGrants(plan, { least, owner }, catalogue)),
  ];
}

/** `nextval` of a column's own sequence comes with INSERT; all else that is done to sequences, rules speak of. */
export function sequenceGrants({ least }: Roles, catalogue: Catalogue, reach: PolicyReach): string[] {
  const sequences = [...catalogue.userRelations()].filter(({ kind }) => kind === 'S');
  const named = sequences.map((sequence) => [qualified(sequence), sequence] as const);
  return named
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([name, sequence]) => {
      const columns = sequence.columns.map((column) => column.name);
      const { doing } = reach.of({ schema: sequence.schema, relation: sequence.name }, columns);
      const privileges = [
        ...(doing.has('select') ? ['SELECT'] : []),
        ...(doing.has('update') ? ['UPDATE'] : []),
      ];
      if (privileges.length === 0) return [];
      return [
        `GRANT USAGE ON SCHEMA ${quoted(sequence.schema)} TO ${quoted(least)}`,
        `GRANT ${privileges.join(', ')} ON SEQUENCE ${name} TO ${quoted(least)}`,
      ];
    });
}

function relationGrants(plan: RelationPlan, { least, owner }: Roles, catalogue: Catalogue): string[] {
  const { relation, reading, writing, variants } = plan;
  const grants: string[] = [];
  const grant = (what: string, on: string, to: string) =>
    grants.push(`GRANT ${what} ON ${on} TO ${quoted(to)}`);
  const itself = qualified(relation);
  const privileges = [...(reading === 'table' ? ['SELECT'] : []), ...writing];
  if (privileges.length > 0) grant(privileges.join(', '), itself, least);
  if (reading === 'view' || reading === 'columns') {
    const open = relation.columns.filter(({ name }) => !variants.has(name)).map(({ name }) => name);
    const columns = [...open, ...systemColumnsOf(catalogue, relation, variants)].map(quoted);
    if (columns.length > 0) grant(`SELECT (${columns.join(', ')})`, itself, least);
    // information_schema lists a column to those who have any right to it. This one is none without CREATE.
    grant(`REFERENCES (${[...variants.keys()].map(quoted).join(', ')})`, itself, least);
  }
  if (reading === 'view') {
    for (const one of [relation, ...plan.behind]) grant('SELECT', qualified(one), owner);
    const [first] = relation.columns;
    if (plan.locking && first !== undefined) grant(`UPDATE (${quoted(first.name)})`, itself, owner);
    for (const { name } of viewsOf(plan, catalogue)) {
      grant('SELECT', inSchema(name), least);
      if (plan.locking) grant(`UPDATE (${quoted(LOCK_COLUMN)})`, inSchema(name), least);
    }
  }
  if (writing.includes('INSERT')) {
    for (const column of relation.columns) {
      const sequence = catalogue.sequenceOf(column);
      if (sequence !== undefined) grant('USAGE', `SEQUENCE ${qualified(sequence)}`, least);
    }
  }
  return grants;
}
