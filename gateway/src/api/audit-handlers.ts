import type { Person } from '../../contract/approval-request.ts';
import type { auditEndpoints, HeldOf } from '../../contract/audit-endpoints.ts';
import { SluiceError } from '../../contract/error.ts';
import { RecordSearch } from '../../contract/record-search.ts';
import { isHeld } from '../core/audit/purge.ts';
import { type Caller, type Handlers, required } from './handlers.ts';
import type { ApiServices } from './services.ts';

/** What administrators do to the log as a whole. */
export function auditHandlers(services: ApiServices): Pick<Handlers, keyof typeof auditEndpoints> {
  const { audit, events, adminGroups, auditorGroups } = services;
  const administrator = (caller: Caller | null) => oneOf(adminGroups, caller);
  const reader = (caller: Caller | null) => oneOf([...adminGroups, ...auditorGroups], caller);
  return {
    auditCheckpoint: async ({ caller }) => {
      reader(caller);
      return { checkpoint: await audit.control.checkpoint() };
    },
    rotateAuditKey: async ({ body, caller }) => {
      const by = administrator(caller);
      await events.note(by, { kind: 'adminAct', act: 'changed the key of the log', reason: body.reason });
      return { key: await audit.control.rotateKey(by) };
    },
    purge: async ({ body, caller }) => {
      const by = administrator(caller);
      const { before, reason } = body;
      if (new Date(before) > services.now()) {
        const why = `${before} is still to come: a purge up to there would take all that there is.`;
        throw new SluiceError('request.invalid', why, 'Say before when with a moment that is over.');
      }
      await events.note(by, { kind: 'adminAct', act: `purged records of before ${before}`, reason });
      return { count: await audit.control.purge({ before: new Date(before), reason, by }) };
    },
    legalHolds: async ({ caller }) => {
      reader(caller);
      return { holds: await audit.holds.list() };
    },
    placeHold: async ({ body, caller }) => {
      const hold = await audit.holds.place(administrator(caller), body);
      if (hold !== null) return { ...hold, isKnown: await isKnown(services, body.of) };
      const why = `There is a legal hold ${body.name} already.`;
      throw new SluiceError('request.invalid', why, 'Give this one another name, or lift that one.');
    },
    liftHold: async ({ params, body, caller }) => {
      const hold = await audit.holds.lift(administrator(caller), params.name, body.reason);
      if (hold !== null) return hold;
      const why = `There is no legal hold ${params.name}.`;
      throw new SluiceError('request.notFound', why, '`sluice audit holds` lists those in force.');
    },
  };
}

/** Whether a record is of whom a hold keeps. */
async function isKnown({ records }: ApiServices, of: HeldOf): Promise<boolean> {
  const search = RecordSearch.safeParse({ [of.kind]: of.value });
  if (!search.success) return false;
  const { target = null, ...others } = search.data;
  const found = await records.texts({ principal: null, search: others, target, before: null, limit: 1 });
  return found.texts.some((text) => isHeld(text, [of]));
}

/** @throws SluiceError `identity.forbidden` */
function oneOf(groups: readonly string[], caller: Caller | null): Person {
  const { id, name, groups: own } = required(caller).principal;
  if (own.some((group) => groups.includes(group))) return { id, name };
  throw new SluiceError(
    'identity.forbidden',
    `Only ${groups.join(' and ')} may do that to the log.`,
    'Ask one of them.',
  );
}
