import { SluiceError } from '../../contract/error.ts';
import type { TargetName } from '../../contract/ids.ts';
import type { Principal } from '../../contract/principal.ts';
import type { Target } from '../../contract/target.ts';
import type { AccessPlace } from '../core/policy/access/access.ts';
import { knownPeople } from '../core/policy/access/people.ts';
import { whatReport, whoReport } from '../core/policy/access/reports.ts';
import { splitName } from '../core/policy/language/name.ts';
import { audits } from './auditing.ts';
import type { Handlers } from './handlers.ts';
import type { ApiServices } from './services.ts';

/** People are looked for in so many records. */
const RECORDS = 5000;

type Relation = Omit<AccessPlace, 'doing'>;

/** Who may do something, and what somebody may do. */
export function accessHandlers(services: ApiServices): Pick<Handlers, 'policyWho' | 'policyWhat'> {
  return {
    policyWho: async ({ params, caller }) => {
      const { table, column } = params;
      const what = column === undefined ? table : `${table}.${column}`;
      const act = `asked who may ${params.doing} ${what} on ${params.target}`;
      const { principal } = await audits(services, caller, act);
      const target = targetNamed(services, params.target);
      const relation = await relationNamed(services, principal, params);
      const people = await knownPeople(services.records, RECORDS);
      return whoReport(services.policy.current(), target, { ...relation, doing: params.doing }, people);
    },
    policyWhat: async ({ params, caller }) => {
      const act = `asked what ${params.person} may do on ${params.target}`;
      const { principal } = await audits(services, caller, act);
      const target = targetNamed(services, params.target);
      const person = personNamed(params.person, await knownPeople(services.records, RECORDS));
      // Of a database that can't be reached the rules are told all the same.
      const relations = await relationsOn(services, principal, params.target).catch(() => null);
      return whatReport(services.policy.current(), target, person, relations);
    },
  };
}

export function targetNamed({ targets, hosts }: ApiServices, name: TargetName): Target {
  const found = targets.get(name) ?? hosts.get(name);
  if (found !== undefined) return found.target;
  throw new SluiceError('target.unknown', `There is no target called ${name}.`, 'Check the name.');
}

/** A table of the catalogue, or one of its columns; a column stands as it is named where the catalogue can't be read. */
async function relationNamed(
  services: ApiServices,
  principal: Principal,
  { target, table, column }: { target: TargetName; table: string; column?: string | undefined },
): Promise<Relation> {
  const [name = table, schema] = (splitName(table) ?? []).toReversed();
  const relations = relationsOn(services, principal, target);
  const all = await (column === undefined ? relations : relations.catch(() => []));
  if (all === null) {
    throw notThere(`${target} is a host, and has no tables.`, 'Ask `sluice policy what PERSON TARGET`.');
  }
  const found = all.find((one) => one.relation === name && (schema === undefined || one.schema === schema));
  if (column === undefined && found !== undefined) return found;
  if (column !== undefined && (found?.columns.includes(column) ?? all.length === 0)) {
    return { schema: found?.schema ?? schema ?? 'public', relation: name, columns: [column] };
  }
  const what = found === undefined ? `table ${table}` : `column ${column} in ${found.schema}.${name}`;
  throw notThere(`${target} has no ${what}.`, 'Write the table as schema.table.');
}

function notThere(what: string, next: string): SluiceError {
  return new SluiceError('request.invalid', what, next);
}

/** The relations of a target's catalogue, by name; null where it has none. @throws SluiceError `catalogue.unavailable` */
export async function relationsOn(
  { targets }: ApiServices,
  principal: Principal,
  name: TargetName,
): Promise<Relation[] | null> {
  const target = targets.get(name);
  if (target === undefined) return null;
  const { schemas } = await target.catalogue(principal);
  return schemas.flatMap((schema) =>
    schema.relations.map((relation) => ({
      schema: schema.name,
      relation: relation.name,
      columns: relation.columns.map((column) => column.name),
    })),
  );
}

function personNamed(wanted: string, people: readonly Principal[]): Principal {
  const name = wanted.toLowerCase();
  const found = people.find((one) =>
    [one.id, one.id.replace(/^[a-z]+:/, ''), one.email ?? '', one.name].some(
      (own) => own.toLowerCase() === name,
    ),
  );
  if (found !== undefined) return found;
  throw new SluiceError(
    'request.invalid',
    `Nobody called "${wanted}" did anything that was recorded lately, so their groups are not known.`,
    'Ask about one of their groups: `sluice policy who` tells each.',
  );
}
