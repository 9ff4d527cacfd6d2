import type { PublicKeyAuthContext } from 'ssh2';
import type { PrincipalHandle } from '../../../core/access/principals.ts';
import { parseCertificate } from '../../../wire/ssh/certificates/certificate.ts';
import { judgeCertificate } from '../../../wire/ssh/certificates/judge.ts';
import { signatureAlgorithmOf, verifySignature } from '../../../wire/ssh/keys/signature.ts';
import type { SshDirectory } from './directory.ts';

export type CertificateLogin =
  /** The certificate would do: the client is to prove that it has the key. */
  | { kind: 'acceptable' }
  | { kind: 'loggedIn'; principal: PrincipalHandle }
  | { kind: 'refused'; why: string };

/** Judges what a client offers by the method `publickey` (RFC 4252 section 7). Bare keys are nobody's. */
export function logInByCertificate(
  offer: Pick<PublicKeyAuthContext, 'key' | 'signature' | 'blob'>,
  directory: SshDirectory,
  nowMs: number,
  sourceAddress: string,
): CertificateLogin {
  const parsed = parseCertificate(offer.key.data);
  if (!parsed.ok) return { kind: 'refused', why: parsed.why };
  const signIn = directory.signIn(parsed.value.keyId);
  if (signIn === null) return { kind: 'refused', why: 'the sign-in that it was issued in has ended' };
  const judged = judgeCertificate(offer.key.data, {
    authorities: directory.authorities,
    kind: 'user',
    principal: signIn.name,
    nowMs,
    sourceAddress,
  });
  if (judged.kind === 'refused') return { kind: 'refused', why: judged.message };
  if (judged.forceCommand !== null) return { kind: 'refused', why: 'it is for one command alone' };
  if (offer.signature === undefined || offer.blob === undefined) return { kind: 'acceptable' };
  const verified = verifySignature({
    key: judged.publicKey,
    data: offer.blob,
    signature: offer.signature,
    algorithm: signatureAlgorithmOf(offer.key.algo),
    demands: judged.demands,
  });
  if (!verified.ok) return { kind: 'refused', why: verified.why };
  return { kind: 'loggedIn', principal: signIn.principal };
}
