import { type KeyObject, randomBytes } from 'node:crypto';
import { SluiceError } from '../../../../contract/error.ts';
import { Writer } from '../bytes/writer.ts';
import { certificateTypeOf } from '../keys/key-type.ts';
import { type PublicKey, publicKeyOf } from '../keys/public-key.ts';
import { signData } from '../keys/signature.ts';
import { parseNetwork } from './address.ts';
import { CERTIFICATE_KINDS, type CertificateKind, parseCertificate } from './certificate.ts';
import { packedOptions } from './options.ts';

const NONCE_BYTES = 32;
const SERIAL_BYTES = 8;

/** What OpenSSH's server lets the holder of a user certificate do; none of it without being named. */
export type Permission =
  | 'permit-pty'
  | 'permit-port-forwarding'
  | 'permit-agent-forwarding'
  | 'permit-X11-forwarding'
  | 'permit-user-rc';

export type NewCertificate = {
  publicKey: PublicKey;
  /** Who it is for, in the words of logs. */
  keyId: string;
  /** Account names, or a host's names; at least one. */
  principals: readonly string[];
  /** Milliseconds since 1970; both are cut to whole seconds. */
  validAfterMs: number;
  validBeforeMs: number;
  /** Where randomness comes from, for serial number and nonce. */
  random?: (bytes: number) => Buffer;
};

export type NewUserCertificate = NewCertificate & {
  permissions: readonly Permission[];
  /** The only command that it may be used for. */
  forceCommand?: string;
  /** The only networks that it may be used from: `10.0.0.0/8`. */
  sourceAddresses?: readonly string[];
};

export type IssuedCertificate = { blob: Buffer; serial: bigint };

/**
 * Issues a certificate for a person, signed by `authority`, a private key.
 * @throws SluiceError `request.invalid` when it would be good for everybody, nobody or never.
 */
export function issueUserCertificate(authority: KeyObject, asked: NewUserCertificate): IssuedCertificate {
  const { forceCommand, sourceAddresses, permissions } = asked;
  refuseUnenforceable(asked);
  return issue(authority, 'user', asked, {
    criticalOptions: packedOptions({
      ...(forceCommand === undefined ? {} : { 'force-command': forceCommand }),
      ...(sourceAddresses === undefined ? {} : { 'source-address': sourceAddresses.join(',') }),
    }),
    extensions: packedOptions(Object.fromEntries(permissions.map((permission) => [permission, null]))),
  });
}

/** Issues a certificate for a server's key: `principals` are the names that clients call it by. Throws alike. */
export function issueHostCertificate(authority: KeyObject, asked: NewCertificate): IssuedCertificate {
  return issue(authority, 'host', asked, {
    criticalOptions: packedOptions({}),
    extensions: packedOptions({}),
  });
}

function issue(
  authority: KeyObject,
  kind: CertificateKind,
  asked: NewCertificate,
  { criticalOptions, extensions }: { criticalOptions: Buffer; extensions: Buffer },
): IssuedCertificate {
  refuseUseless(asked);
  const { publicKey, keyId, principals, validAfterMs, validBeforeMs, random = randomBytes } = asked;
  const serial = random(SERIAL_BYTES).readBigUInt64BE();
  const signed = new Writer()
    .string(certificateTypeOf(publicKey.type))
    .string(random(NONCE_BYTES))
    .bytes(fieldsOf(publicKey))
    .uint64(serial)
    .uint32(CERTIFICATE_KINDS[kind])
    .string(keyId)
    .string(principals.reduce((writer, principal) => writer.string(principal), new Writer()).end())
    .uint64(secondsOf(validAfterMs))
    .uint64(secondsOf(validBeforeMs))
    .string(criticalOptions)
    .string(extensions)
    .string('')
    .string(publicKeyOf(authority).blob)
    .end();
  const blob = new Writer().bytes(signed).string(signData(authority, signed)).end();
  const read = parseCertificate(blob);
  if (!read.ok) throw useless(read.why);
  return { blob, serial };
}

/** A key's blob without the type in front. */
function fieldsOf({ blob }: PublicKey): Buffer {
  return blob.subarray(4 + blob.readUInt32BE());
}

function secondsOf(ms: number): bigint {
  return BigInt(Math.floor(ms / 1000));
}

function refuseUseless({ keyId, principals, validAfterMs, validBeforeMs }: NewCertificate): void {
  if (principals.length === 0) throw useless('it names nobody whom it is for');
  if ([keyId, ...principals].some((text) => text === '' || /\p{Cc}/u.test(text) || !text.isWellFormed())) {
    throw useless('its key id or a principal is empty or has characters that are not shown');
  }
  const isTime = validAfterMs >= 0 && validBeforeMs < Number.MAX_SAFE_INTEGER;
  if (!isTime || secondsOf(validAfterMs) >= secondsOf(validBeforeMs))
    throw useless('it would never be valid');
}

function refuseUnenforceable({ forceCommand, sourceAddresses }: NewUserCertificate): void {
  if (forceCommand === '' || forceCommand?.includes('\0') || forceCommand?.isWellFormed() === false) {
    throw useless('its command is empty or no text');
  }
  const isList = sourceAddresses?.every((one) => parseNetwork(one) !== null) ?? true;
  if (!isList || sourceAddresses?.length === 0) throw useless('its source addresses are no list of networks');
}

function useless(why: string): SluiceError {
  return new SluiceError(
    'request.invalid',
    `This certificate is not issued: ${why}.`,
    'Ask for another one.',
  );
}
