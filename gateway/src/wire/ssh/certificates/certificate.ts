import { decode, type Outcome } from '../bytes/decode.ts';
import { malformed } from '../bytes/malformed.ts';
import type { Reader } from '../bytes/reader.ts';
import { certifiedTypeOf } from '../keys/key-type.ts';
import { type PublicKey, readPublicKeyFields } from '../keys/public-key.ts';
import { type Options, readOptions } from './options.ts';

const MAX_CERTIFICATE_BYTES = 64 * 1024;
const MAX_PRINCIPALS = 256;
const MAX_PRINCIPALS_BYTES = 32 * 1024;

/** The numbers of PROTOCOL.certkeys. */
export const CERTIFICATE_KINDS = { user: 1, host: 2 } as const;
export type CertificateKind = keyof typeof CERTIFICATE_KINDS;

/** The end of a certificate that is valid for good. */
export const NO_END_S = 0xffff_ffff_ffff_ffffn;

/** What an OpenSSH certificate says. That it parses says nothing yet: `judgeCertificate` tells whether it holds. */
export type Certificate = {
  /** The key that it certifies. */
  publicKey: PublicKey;
  serial: bigint;
  kind: CertificateKind;
  keyId: string;
  principals: readonly string[];
  /** Seconds since 1970: valid from this one on … */
  validAfterS: bigint;
  /** … and before this one. */
  validBeforeS: bigint;
  criticalOptions: Options;
  extensions: Options;
  /** The blob of the key that signed it. */
  authorityBlob: Buffer;
  /** The bytes that the signature covers: all that stands before it. */
  signed: Buffer;
  signature: Buffer;
};

/** Reads a certificate's blob (PROTOCOL.certkeys), and keeps none of its memory. Its signature is not looked at. */
export function parseCertificate(blob: Uint8Array): Outcome<Certificate> {
  return decode('A certificate', Buffer.from(blob), MAX_CERTIFICATE_BYTES, (reader) => {
    const name = reader.name('its type');
    const type = certifiedTypeOf(name) ?? malformed(`${JSON.stringify(name)} is no type of certificate`);
    reader.string('the nonce');
    const publicKey = readPublicKeyFields(reader, type);
    const serial = reader.uint64('the serial number');
    const kind = readKind(reader);
    const keyId = reader.text('the key id');
    const principals = readPrincipals(reader);
    const validAfterS = reader.uint64('the begin of its validity');
    const validBeforeS = reader.uint64('the end of its validity');
    const criticalOptions = readOptions(reader, 'the critical options');
    const extensions = readOptions(reader, 'the extensions');
    reader.string('the reserved field');
    const authorityBlob = reader.string('the key of its authority');
    const signed = reader.since(0);
    const signature = reader.string('the signature');
    return {
      publicKey,
      serial,
      kind,
      keyId,
      principals,
      validAfterS,
      validBeforeS,
      criticalOptions,
      extensions,
      authorityBlob,
      signed,
      signature,
    };
  });
}

function readKind(reader: Reader): CertificateKind {
  const number = reader.uint32('its kind');
  if (number === CERTIFICATE_KINDS.user) return 'user';
  if (number === CERTIFICATE_KINDS.host) return 'host';
  return malformed(`its kind ${number} is neither user (1) nor host (2)`);
}

function readPrincipals(reader: Reader): string[] {
  const packed = reader.string('the principals');
  const read = decode('the list of principals', packed, MAX_PRINCIPALS_BYTES, (inner) => {
    const principals: string[] = [];
    while (inner.remaining > 0) {
      if (principals.length === MAX_PRINCIPALS) malformed(`there are more than ${MAX_PRINCIPALS}`);
      const principal = inner.text('a principal');
      if (principal === '') malformed('a principal is empty');
      principals.push(principal);
    }
    return principals;
  });
  return read.ok ? read.value : malformed(read.why);
}
