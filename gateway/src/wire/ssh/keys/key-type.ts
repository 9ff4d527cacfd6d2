/** The ECDSA curves of RFC 5656: their names in SSH and JWK, the length of a coordinate, the hash that goes with them. */
export const CURVES = {
  nistp256: { jwk: 'P-256', coordinateBytes: 32, hash: 'sha256' },
  nistp384: { jwk: 'P-384', coordinateBytes: 48, hash: 'sha384' },
  nistp521: { jwk: 'P-521', coordinateBytes: 66, hash: 'sha512' },
} as const;
export type CurveName = keyof typeof CURVES;

/** Every type of key that is read, and how it signs. `curve` is the name that the key's blob repeats. */
const KEY_TYPES = {
  'ssh-ed25519': { signs: 'ed25519', curve: null, onSecurityKey: false },
  'ecdsa-sha2-nistp256': { signs: 'ecdsa', curve: 'nistp256', onSecurityKey: false },
  'ecdsa-sha2-nistp384': { signs: 'ecdsa', curve: 'nistp384', onSecurityKey: false },
  'ecdsa-sha2-nistp521': { signs: 'ecdsa', curve: 'nistp521', onSecurityKey: false },
  'ssh-rsa': { signs: 'rsa', curve: null, onSecurityKey: false },
  'sk-ssh-ed25519@openssh.com': { signs: 'ed25519', curve: null, onSecurityKey: true },
  'sk-ecdsa-sha2-nistp256@openssh.com': { signs: 'ecdsa', curve: 'nistp256', onSecurityKey: true },
} as const;
export type KeyType = keyof typeof KEY_TYPES;

export type KeyTraits =
  | { signs: 'ed25519' | 'rsa'; curve: null; onSecurityKey: boolean }
  | { signs: 'ecdsa'; curve: CurveName; onSecurityKey: boolean };

export function traitsOf(type: KeyType): KeyTraits {
  return KEY_TYPES[type];
}

export function isKeyType(name: string): name is KeyType {
  return Object.hasOwn(KEY_TYPES, name);
}

const CERTIFICATE_MARK = '-cert-v01';
const VENDOR = '@openssh.com';

/** `ssh-ed25519` to `ssh-ed25519-cert-v01@openssh.com` (PROTOCOL.certkeys). */
export function certificateTypeOf(type: KeyType): string {
  const bare = type.endsWith(VENDOR) ? type.slice(0, -VENDOR.length) : type;
  return `${bare}${CERTIFICATE_MARK}${VENDOR}`;
}

/** Whether a name is a certificate's, of whatever key and version. */
export function isCertificateName(name: string): boolean {
  return /-cert-v\d+@openssh\.com$/.test(name);
}

/** The type of key that a certificate of this type certifies; null for a name that is no such type. */
export function certifiedTypeOf(certificateType: string): KeyType | null {
  const types = Object.keys(KEY_TYPES).filter(isKeyType);
  return types.find((type) => certificateTypeOf(type) === certificateType) ?? null;
}

/** The name that a blob begins with; empty when it begins with none. */
export function typeNameOf(blob: Buffer): string {
  const length = blob.length < 4 ? 0 : blob.readUInt32BE();
  const name = blob.subarray(4, 4 + length);
  return name.length === length ? name.toString('latin1') : '';
}
