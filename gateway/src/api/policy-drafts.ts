import { SluiceError } from '../../contract/error.ts';
import type { PolicyNames, TouchedTarget, TouchReport } from '../../contract/policy-draft.ts';
import type { policyDraftEndpoints } from '../../contract/policy-draft-endpoints.ts';
import type { Principal } from '../../contract/principal.ts';
import type { Target } from '../../contract/target.ts';
import { knownPeople } from '../core/policy/access/people.ts';
import type { Part } from '../core/policy/drafts/part.ts';
import { touchedPeople, touchedTargets } from '../core/policy/drafts/touched.ts';
import { mustAudit } from './auditing.ts';
import type { Handlers } from './handlers.ts';
import { relationsOn, targetNamed } from './policy-access.ts';
import type { ApiServices } from './services.ts';

/** People are looked for in so many records, and known for so long. */
const RECORDS = 5000;
const PEOPLE_MS = 60_000;
const DECIDED_DAYS = 30;
/** So many records are counted; there may be more. */
const MAX_DECIDED = 200;
const MAX_NAMED = 8;
const MAX_TOUCHES_MS = 10_000;
const DAY_MS = 86_400_000;

/** What an editor asks while somebody writes a policy. */
export function draftHandlers(services: ApiServices): Pick<Handlers, keyof typeof policyDraftEndpoints> {
  const people = new RememberedPeople(services);
  return {
    policyCheck: async ({ body, caller, signal }) => {
      mustAudit(services, caller);
      return services.policyDrafts.check(body.documents, signal);
    },
    policyTouches: async ({ body, caller, signal }): Promise<TouchReport> => {
      const { principal } = mustAudit(services, caller);
      const part = await services.policyDrafts.partAt(body, signal);
      if ('problem' in part) return { kind: 'unreadable', why: part.problem };
      const known = await people.known();
      const meant = touchedPeople(part, known);
      return {
        kind: 'touches',
        targets: await touchedIn(services, part, principal, signal),
        people:
          meant === null
            ? null
            : {
                count: meant.length,
                of: known.length,
                examples: meant.slice(0, MAX_NAMED).map(({ name }) => name),
              },
        decided: part.rule === null ? null : await decidedBy(services, part.rule),
      };
    },
    policyNames: async ({ caller }): Promise<PolicyNames> => {
      mustAudit(services, caller);
      const known = await people.known();
      const groups = [...services.policy.current().groups(), ...known.flatMap((person) => person.groups)];
      return {
        targets: allTargets(services),
        groups: [...new Set([...groups, ...services.adminGroups, ...services.auditorGroups])].toSorted(),
        people: known.map(({ id, name }) => ({ id, name })),
      };
    },
    policyTargetNames: async ({ params, caller }) => {
      const { principal } = mustAudit(services, caller);
      const { name } = targetNamed(services, params.target);
      const view = await services.targets.get(name)?.catalogue(principal);
      const { version, schemas } = view ?? { version: '', schemas: [] };
      if (version === params.known) return { kind: 'unchanged' };
      return {
        kind: 'names',
        version,
        schemas: schemas.map((schema) => ({
          name: schema.name,
          relations: schema.relations.map((relation) => ({
            name: relation.name,
            columns: relation.columns.map((column) => column.name),
          })),
          functions: [...new Set(schema.functions.map((routine) => routine.name))],
        })),
      };
    },
  };
}

/** @throws SluiceError `request.invalid` where it takes too long */
async function touchedIn(
  services: ApiServices,
  part: Part,
  principal: Principal,
  signal: AbortSignal,
): Promise<TouchedTarget[] | null> {
  const relationsOf = ({ name }: Target) => relationsOn(services, principal, name);
  const tooLong = AbortSignal.timeout(MAX_TOUCHES_MS);
  try {
    return await touchedTargets(part, allTargets(services), relationsOf, AbortSignal.any([signal, tooLong]));
  } catch (error) {
    if (signal.aborted) throw new SluiceError('statement.cancelled', 'The question was taken back.');
    if (!tooLong.aborted) throw error;
    throw new SluiceError(
      'request.invalid',
      'What this part of the policy is about takes too long to be found out.',
      'Name fewer patterns or targets in it.',
    );
  }
}

function allTargets({ targets, hosts }: ApiServices): Target[] {
  return [...targets.values(), ...hosts.values()].map(({ target }) => target);
}

async function decidedBy(
  { records, now }: ApiServices,
  rule: string,
): Promise<{ count: number; isMore: boolean; days: number }> {
  const from = new Date(now().getTime() - DECIDED_DAYS * DAY_MS).toISOString();
  const search = { rule, from };
  const page = await records.list({
    principal: null,
    search,
    target: null,
    before: null,
    limit: MAX_DECIDED,
  });
  return { count: page.records.length, isMore: page.next !== null, days: DECIDED_DAYS };
}

/** People as records know them, found again after a while: reading thousands of records for each hover would be slow. */
class RememberedPeople {
  readonly #services: ApiServices;
  #known: Promise<Principal[]> | null = null;
  #untilMs = 0;

  constructor(services: ApiServices) {
    this.#services = services;
  }

  known(): Promise<Principal[]> {
    const nowMs = this.#services.now().getTime();
    if (this.#known !== null && nowMs < this.#untilMs) return this.#known;
    const found = knownPeople(this.#services.records, RECORDS);
    this.#known = found;
    this.#untilMs = nowMs + PEOPLE_MS;
    found.catch(() => {
      if (this.#known === found) this.#known = null;
    });
    return found;
  }
}
