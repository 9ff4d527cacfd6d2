import type { PublicKeyAuthContext } from 'ssh2';
import type { PrincipalHandle } from '../../../core/access/principals.ts';
import { parseCertificate } from '../../../wire/ssh/certificates/certificate.ts';
import { judgeSignIn } from '../../../wire/ssh/certificates/sign-in.ts';
import type { SshDirectory } from './directory.ts';

export type CertificateLogin =
  /** The certificate would do: the client is to prove that it has the key. */
  { kind: 'mayProve' } | { kind: 'loggedIn'; principal: PrincipalHandle } | { kind: 'refused'; why: string };

/** Judges what a client offers by the method `publickey` (RFC 4252 section 7). Bare keys are nobody's. */
export function logInByCertificate(
  { key, signature, blob }: Pick<PublicKeyAuthContext, 'key' | 'signature' | 'blob'>,
  directory: SshDirectory,
  nowMs: number,
  sourceAddress: string,
): CertificateLogin {
  const parsed = parseCertificate(key.data);
  if (!parsed.ok) return { kind: 'refused', why: parsed.why };
  const signIn = directory.signIn(parsed.value.keyId);
  if (signIn === null) return { kind: 'refused', why: 'The sign-in that it was issued in has ended.' };
  const proof = signature === undefined || blob === undefined ? null : { signature, data: blob };
  const judged = judgeSignIn(
    { algorithm: key.algo, certificate: key.data, proof },
    { authorities: directory.authorities, kind: 'user', principal: signIn.name, nowMs, sourceAddress },
  );
  if (judged.kind === 'refused') return { kind: 'refused', why: judged.message };
  if (judged.certificate.forceCommand !== null)
    return { kind: 'refused', why: 'A certificate for one command alone is none of the gateway’s.' };
  return judged.kind === 'mayProve'
    ? { kind: 'mayProve' }
    : { kind: 'loggedIn', principal: signIn.principal };
}
