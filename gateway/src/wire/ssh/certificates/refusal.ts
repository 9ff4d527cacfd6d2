import { fingerprint } from '../keys/fingerprint.ts';
import type { Certificate } from './certificate.ts';

/** Why a certificate does not count. */
export type RefusalReason =
  | 'malformed'
  | 'nestedAuthority'
  | 'unknownAuthority'
  | 'badSignature'
  | 'wrongKind'
  | 'notYetValid'
  | 'expired'
  | 'noPrincipals'
  | 'wrongPrincipal'
  | 'unknownCriticalOption'
  | 'malformedOption'
  | 'sourceAddress'
  | 'unproved';

/** `message` says which certificate and why, `next` what to do about it; both are whole sentences. */
export type Refusal = { kind: 'refused'; reason: RefusalReason; message: string; next: string };

const MAX_QUOTED_CHARACTERS = 100;
const NEW_ONE = 'Get a new certificate: open a terminal in the editor again, or run `sluice connect`.';

const NEXT: Readonly<Record<RefusalReason, string>> = {
  malformed: NEW_ONE,
  nestedAuthority: 'Have it signed by the authority’s own key: certificates do not vouch for certificates.',
  unknownAuthority: `${NEW_ONE} If this authority is to be trusted, an admin must name its key in the configuration.`,
  badSignature: NEW_ONE,
  wrongKind:
    'Use a certificate that was issued for this: `ssh-keygen -L -f FILE` shows whether one is a user’s or a host’s.',
  notYetValid: 'Compare the clocks of this machine and of the one that issued it, or wait until it begins.',
  expired: NEW_ONE,
  noPrincipals: 'Have it issued for named principals: one that names none would be good for everybody.',
  wrongPrincipal: 'Use a name that the certificate was issued for, or have one issued for this name.',
  unknownCriticalOption: 'Have it issued without this option: what it restricts can not be enforced here.',
  malformedOption: NEW_ONE,
  sourceAddress: 'Connect from a network that the certificate allows, or have one issued for where you are.',
  unproved: 'Use the private key that the certificate was issued for, and an ssh that signs with SHA-2.',
};

/** A refusal in words. `why` goes on after "The certificate “…” (serial …) ": "ended at 12:00". */
export function refusal(
  reason: RefusalReason,
  certificate: Pick<Certificate, 'keyId' | 'serial'>,
  why: string,
): Refusal {
  const { keyId, serial } = certificate;
  const which = keyId === '' ? 'The certificate without a key id' : `The certificate ${quoted(keyId)}`;
  return { kind: 'refused', reason, message: `${which} (serial ${serial}) ${why}.`, next: NEXT[reason] };
}

/** The refusal of what does not even parse. */
export function malformedCertificate(why: string): Refusal {
  return { kind: 'refused', reason: 'malformed', message: `${why}.`, next: NEXT.malformed };
}

/** A text that somebody else wrote, in quotes and not longer than people read. */
export function quoted(text: string): string {
  return text.length > MAX_QUOTED_CHARACTERS ? `“${text.slice(0, MAX_QUOTED_CHARACTERS)}…”` : `“${text}”`;
}

/** Its authority as people compare it. */
export function authorityInWords({ authorityBlob }: Certificate): string {
  return fingerprint(authorityBlob);
}
