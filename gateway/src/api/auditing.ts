import { SluiceError } from '../../contract/error.ts';
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
