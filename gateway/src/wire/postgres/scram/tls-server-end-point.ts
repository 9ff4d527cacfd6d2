import { createHash } from 'node:crypto';

/** Signature algorithms of certificates (RFC 8017, 5758) and the hash that RFC 5929 section 4.1 takes of each. */
const HASH_OF_SIGNATURE: ReadonlyMap<string, string> = new Map([
  // MD5 and SHA-1 are replaced by SHA-256.
  ['1.2.840.113549.1.1.4', 'sha256'],
  ['1.2.840.113549.1.1.5', 'sha256'],
  ['1.2.840.10045.4.1', 'sha256'],
  ['1.2.840.113549.1.1.14', 'sha224'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.3.1', 'sha224'],
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
]);
const RSASSA_PSS = '1.2.840.113549.1.1.10';
const HASHES: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.2.4', 'sha224'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/**
 * The channel binding data `tls-server-end-point` (RFC 5929 section 4) of a certificate in DER. Null when its
 * signature algorithm has no single hash (Ed25519): no channel binding is possible then.
 */
export function tlsServerEndPoint(certificate: Buffer): Buffer | null {
  const hash = hashOfSignature(certificate);
  return hash === null ? null : createHash(hash).update(certificate).digest();
}

/** Certificate ::= SEQUENCE { tbsCertificate SEQUENCE, signatureAlgorithm SEQUENCE { OID, parameters }, … } */
function hashOfSignature(certificate: Buffer): string | null {
  const [outer] = elements(certificate);
  const algorithm = outer === undefined ? undefined : elements(outer)[1];
  const [oid, parameters] = algorithm === undefined ? [] : elements(algorithm);
  if (oid === undefined) return null;
  const name = objectIdentifier(oid);
  if (name === RSASSA_PSS) return parameters === undefined ? 'sha256' : hashOfPss(parameters);
  return HASH_OF_SIGNATURE.get(name) ?? null;
}

/** RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] SEQUENCE { OID } DEFAULT sha1, … } (RFC 4055). */
function hashOfPss(parameters: Buffer): string | null {
  const { tag, content } = element(parameters, 0) ?? {};
  if (tag !== 0xa0 || content === undefined) return 'sha256';
  const [algorithm] = elements(content);
  const [oid] = algorithm === undefined ? [] : elements(algorithm);
  return oid === undefined ? null : (HASHES.get(objectIdentifier(oid)) ?? null);
}

/** The contents of the DER elements that stand one after the other. */
function elements(der: Buffer): Buffer[] {
  const contents: Buffer[] = [];
  for (let at = 0, next = element(der, at); next !== null; next = element(der, at)) {
    contents.push(next.content);
    at = next.end;
  }
  return contents;
}

function element(der: Buffer, at: number): { tag: number; content: Buffer; end: number } | null {
  const [tag, first] = [der[at], der[at + 1]];
  if (tag === undefined || first === undefined) return null;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4 || at + 2 + lengthBytes > der.length) return null;
  const length = lengthBytes === 0 ? first : der.readUIntBE(at + 2, lengthBytes);
  const start = at + 2 + lengthBytes;
  const end = start + length;
  return end > der.length ? null : { tag, content: der.subarray(start, end), end };
}

function objectIdentifier(content: Buffer): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [joint = 0, ...rest] = arcs;
  const first = Math.min(Math.floor(joint / 40), 2);
  return [first, joint - first * 40, ...rest].join('.');
}
