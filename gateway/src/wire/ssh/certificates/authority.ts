import { isCertificateName, typeNameOf } from '../keys/key-type.ts';
import type { PublicKey } from '../keys/public-key.ts';
import { verifySignature } from '../keys/signature.ts';
import type { Certificate } from './certificate.ts';
import { authorityInWords, type Refusal, refusal } from './refusal.ts';

/** Whether one of `authorities` signed the certificate, over exactly the bytes that it consists of. */
export function checkSignature(certificate: Certificate, authorities: readonly PublicKey[]): Refusal | null {
  const { authorityBlob, signed: data, signature } = certificate;
  if (isCertificateName(typeNameOf(authorityBlob))) {
    return refusal('nestedAuthority', certificate, 'was signed by a certificate, not by a key');
  }
  const authority = authorities.find(({ blob }) => blob.equals(authorityBlob));
  if (authority === undefined) {
    const who = authorityInWords(certificate);
    return refusal('unknownAuthority', certificate, `was signed by ${who}, which is no authority here`);
  }
  const verified = verifySignature({ key: authority, data, signature });
  if (verified.ok) return null;
  return refusal('badSignature', certificate, `does not carry its authority’s signature: ${verified.why}`);
}
