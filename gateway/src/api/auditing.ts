import { SluiceError } from '../../contract/error.ts';
import type { Principal } from '../../contract/principal.ts';
import type { RecordSearch } from '../../contract/record-search.ts';
import { type Caller, required } from './handlers.ts';
import type { ApiServices } from './services.ts';

/**
 * Whoever may ask about everybody: administrators and auditors.
 *
 * @throws SluiceError `identity.forbidden`
 */
export function mustAudit({ adminGroups, auditorGroups }: ApiServices, caller: Caller | null): Caller {
  const known = required(caller);
  const may = [...adminGroups, ...auditorGroups];
  if (known.principal.groups.some((group) => may.includes(group))) return known;
  throw new SluiceError(
    'identity.forbidden',
    `Only ${may.join(' and ')} may ask what policies do for others.`,
    'Ask one of them.',
  );
}

/**
 * Whoever may ask about everybody, once the log tells that they do, as `act` says.
 *
 * @throws SluiceError `identity.forbidden`
 */
export async function audits(services: ApiServices, caller: Caller | null, act: string): Promise<Caller> {
  const known = mustAudit(services, caller);
  await tellReading(services, known.principal, act);
  return known;
}

/** Resolves once the log tells that somebody reads about others, as `act` says. */
export function tellReading({ events }: ApiServices, { id, name }: Principal, act: string): Promise<void> {
  return events.reading({ id, name }, act);
}

/** What records were looked for, in words: of a statement's words only that there were some, for they may be values. */
export function searchWords({ text, ...search }: RecordSearch): string {
  const named = Object.entries(search).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value}`],
  );
  const all = [...named, ...(text === undefined ? [] : ['words of statements'])];
  return all.length === 0 ? '' : ` (${all.join(', ')})`;
}
