import { isCertificateName } from '../keys/key-type.ts';
import { algorithmMisfit, signatureAlgorithmOf, verifySignature } from '../keys/signature.ts';
import { judgeCertificate, type ValidCertificate, type Wanted } from './judge.ts';
import { type Refusal, refusal } from './refusal.ts';

/** What a client sends to sign in with a certificate (RFC 4252 section 7). */
export type CertificateRequest = {
  /** The algorithm of public keys that it names: `rsa-sha2-512-cert-v01@openssh.com`. */
  algorithm: string;
  certificate: Uint8Array;
  /** Its key's signature over `data`, the session's id and the request; null when it only asks whether it may. */
  proof: { signature: Uint8Array; data: Uint8Array } | null;
};

/** `mayProve`: the certificate would do, and nothing is proved. `signedIn`: whoever sent it has its private key. */
export type SignIn = { kind: 'mayProve' | 'signedIn'; certificate: ValidCertificate } | Refusal;

/** Judges a certificate, and whether the client has the key that it certifies. */
export function judgeSignIn(
  { algorithm, certificate: blob, proof }: CertificateRequest,
  wanted: Wanted,
): SignIn {
  const certificate = judgeCertificate(blob, wanted);
  if (certificate.kind === 'refused') return certificate;
  const { publicKey: key, demands } = certificate;
  const agreed = signatureAlgorithmOf(algorithm);
  const unfit = isCertificateName(algorithm)
    ? algorithmMisfit(key.type, agreed)
    : `its algorithm ${JSON.stringify(algorithm)} is not one of certificates`;
  if (unfit !== null) return refusal('unproved', certificate, `can not be proved: ${unfit}`);
  if (proof === null) return { kind: 'mayProve', certificate };
  const verified = verifySignature({ key, algorithm: agreed, demands, ...proof });
  if (!verified.ok)
    return refusal('unproved', certificate, `came without its key’s signature: ${verified.why}`);
  return { kind: 'signedIn', certificate };
}
