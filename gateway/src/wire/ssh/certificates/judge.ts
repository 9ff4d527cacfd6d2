import type { PublicKey } from '../keys/public-key.ts';
import type { Demands } from '../keys/security-key.ts';
import { checkSignature } from './authority.ts';
import { type Certificate, type CertificateKind, NO_END_S, parseCertificate } from './certificate.ts';
import type { Options } from './options.ts';
import { malformedCertificate, quoted, type Refusal, refusal } from './refusal.ts';
import { checkRestrictions, type Restrictions } from './restrictions.ts';

const MAX_SHOWN_PRINCIPALS = 5;

export type Wanted = {
  /** The keys whose certificates count. */
  authorities: readonly PublicKey[];
  kind: CertificateKind;
  /** Who or which host the certificate must be for; a host in lower case. */
  principal: string;
  /** Milliseconds since 1970. */
  nowMs: number;
  /** Where the client connects from; null when that isn't known, and then a certificate that asks is refused. */
  sourceAddress: string | null;
};

export type ValidCertificate = {
  kind: 'valid';
  publicKey: PublicKey;
  serial: bigint;
  keyId: string;
  principals: readonly string[];
  /** Milliseconds since 1970 from which on it is expired; null when it never is. */
  expiresAtMs: number | null;
  /** `permit-pty` and the like, and whatever the authority put in besides. */
  extensions: Options;
  /** The only command that may be run, whatever the client asks for; null when any may. */
  forceCommand: string | null;
  /** What a signature of a security key must show: to be handed to `verifySignature`. */
  demands: Demands;
};

export type Judgement = ValidCertificate | Refusal;

/**
 * Whether a certificate holds for what is wanted of it (PROTOCOL.certkeys). What can not be read, checked or enforced
 * is refused. It says nothing about who presents it: that is a signature by the certificate's own key.
 */
export function judgeCertificate(blob: Uint8Array, wanted: Wanted): Judgement {
  const parsed = parseCertificate(blob);
  if (!parsed.ok) return malformedCertificate(parsed.why);
  const certificate = parsed.value;
  const refused =
    checkSignature(certificate, wanted.authorities) ??
    checkKind(certificate, wanted.kind) ??
    checkTime(certificate, wanted.nowMs) ??
    checkPrincipal(certificate, wanted.principal);
  if (refused !== null) return refused;
  const restrictions = checkRestrictions(certificate, wanted.sourceAddress);
  return restrictions.kind === 'refused' ? restrictions : valid(certificate, restrictions);
}

function checkKind(certificate: Certificate, kind: CertificateKind): Refusal | null {
  if (certificate.kind === kind) return null;
  return refusal(
    'wrongKind',
    certificate,
    `is a ${certificate.kind} certificate where a ${kind}’s is wanted`,
  );
}

function checkTime(certificate: Certificate, nowMs: number): Refusal | null {
  const { validAfterS, validBeforeS } = certificate;
  if (!Number.isFinite(nowMs) || nowMs < 0) {
    return refusal('notYetValid', certificate, 'can not be judged, for the clock of this machine is wrong');
  }
  const nowS = BigInt(Math.floor(nowMs / 1000));
  if (nowS < validAfterS) {
    return refusal('notYetValid', certificate, `is valid from ${instant(validAfterS)} on and not before`);
  }
  if (nowS >= validBeforeS) {
    return refusal('expired', certificate, `has not been valid since ${instant(validBeforeS)}`);
  }
  return null;
}

function checkPrincipal(certificate: Certificate, principal: string): Refusal | null {
  const { principals } = certificate;
  if (principals.length === 0) return refusal('noPrincipals', certificate, 'names nobody whom it is for');
  if (principals.includes(principal)) return null;
  const shown = principals.slice(0, MAX_SHOWN_PRINCIPALS).map(quoted).join(', ');
  const named = principals.length > MAX_SHOWN_PRINCIPALS ? `${shown}, …` : shown;
  return refusal('wrongPrincipal', certificate, `is for ${named} and not for ${quoted(principal)}`);
}

function valid(certificate: Certificate, restrictions: Restrictions): ValidCertificate {
  const { publicKey, serial, keyId, principals, extensions, validBeforeS } = certificate;
  const { forceCommand, demands } = restrictions;
  const expiresAtMs = asMs(validBeforeS);
  return {
    kind: 'valid',
    publicKey,
    serial,
    keyId,
    principals,
    expiresAtMs,
    extensions,
    forceCommand,
    demands,
  };
}

const LAST_DATE_S = 8_640_000_000_000n;

/** Null for a second that no Date can hold. */
function asMs(seconds: bigint): number | null {
  return seconds > LAST_DATE_S ? null : Number(seconds) * 1000;
}

function instant(seconds: bigint): string {
  const ms = asMs(seconds);
  if (ms !== null) return new Date(ms).toISOString();
  return seconds === NO_END_S ? 'the end of time' : `second ${seconds} since 1970`;
}
