import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { KeyType } from '../keys/key-type.ts';
import { type PublicKey, publicKeyOf } from '../keys/public-key.ts';

export type KeyPair = { privateKey: KeyObject; publicKey: PublicKey };

/** A new pair of each type that node:crypto makes. */
export function makeKeyPairs(): readonly KeyPair[] {
  return [
    generateKeyPairSync('ed25519'),
    ...['P-256', 'P-384', 'P-521'].map((namedCurve) => generateKeyPairSync('ec', { namedCurve })),
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ].map(({ privateKey }) => ({ privateKey, publicKey: publicKeyOf(privateKey) }));
}

export function makeKeyPair(): KeyPair {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicKey: publicKeyOf(privateKey) };
}

export const SOFTWARE_TYPES: readonly KeyType[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
];
