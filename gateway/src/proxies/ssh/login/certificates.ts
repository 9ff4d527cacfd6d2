import { type KeyObject, randomUUID } from 'node:crypto';
import { SluiceError } from '../../../../contract/error.ts';
import type { SshCertificate } from '../../../../contract/ssh-endpoints.ts';
import type { PrincipalHandle } from '../../../core/access/principals.ts';
import type { SshAccess } from '../../../core/access/ssh-access.ts';
import { issueUserCertificate } from '../../../wire/ssh/certificates/issue.ts';
import { type PublicKey, parsePublicKey, publicKeyOf } from '../../../wire/ssh/keys/public-key.ts';
import { keyLine, readKeyLine } from '../../../wire/ssh/lines/key-line.ts';
import { knownHostLine } from '../../../wire/ssh/lines/known-hosts.ts';
import type { SignIn, SshDirectory } from './directory.ts';

/** Clocks differ a little: a certificate is good from a minute ago on. */
const SKEW_MS = 60_000;

export type CertificatesParts = {
  /** Signs, and is the only authority that counts. */
  authority: KeyObject;
  /** Where clients connect to, and the key that they find there. */
  host: string;
  port: number;
  hostKey: PublicKey;
  lifeMs: number;
  now: () => Date;
};

type Issued = SignIn & { expiresAtMs: number };

/** Certificates that were issued since the gateway started, and whom they stand for. None outlives it. */
export class Certificates implements SshDirectory, SshAccess {
  readonly authorities: readonly PublicKey[];
  readonly #parts: CertificatesParts;
  readonly #issued = new Map<string, Issued>();

  constructor(parts: CertificatesParts) {
    this.#parts = parts;
    this.authorities = [publicKeyOf(parts.authority)];
  }

  signIn(keyId: string): SignIn | null {
    const issued = this.#issued.get(keyId);
    return issued?.principal.current() == null ? null : issued;
  }

  certify(line: string, handle: PrincipalHandle): SshCertificate {
    const { authority, host, port, hostKey, lifeMs, now } = this.#parts;
    const principal = handle.current();
    if (principal === null)
      throw new SluiceError('identity.tokenInvalid', 'Your sign-in has ended.', 'Sign in again.');
    const nowMs = now().getTime();
    this.#forgetExpired(nowMs);
    const publicKey = publicKeyIn(line);
    const keyId = `${principal.id} ${randomUUID()}`;
    const expiresAtMs = nowMs + lifeMs;
    const { blob } = issueUserCertificate(authority, {
      publicKey,
      keyId,
      principals: [principal.id],
      validAfterMs: nowMs - SKEW_MS,
      validBeforeMs: expiresAtMs,
      permissions: ['permit-pty', 'permit-port-forwarding', 'permit-agent-forwarding'],
    });
    this.#issued.set(keyId, { principal: handle, name: principal.id, expiresAtMs });
    return {
      certificate: keyLine(blob, principal.id),
      host,
      port,
      knownHost: knownHostLine({ host, port }, hostKey, 'sluice'),
      expiresAt: new Date(expiresAtMs).toISOString(),
    };
  }

  #forgetExpired(nowMs: number): void {
    for (const [keyId, { expiresAtMs }] of this.#issued) if (expiresAtMs <= nowMs) this.#issued.delete(keyId);
  }
}

function publicKeyIn(line: string): PublicKey {
  const read = readKeyLine(line);
  const parsed = read.ok ? parsePublicKey(read.value.blob) : read;
  if (parsed.ok) return parsed.value;
  throw new SluiceError(
    'request.invalid',
    `That is no public key that can be signed: ${parsed.why}.`,
    'Send the line of a .pub file that ssh-keygen made, such as id_ed25519.pub.',
  );
}
