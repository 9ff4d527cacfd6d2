import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { JWKS } from 'oidc-provider';
import { z } from 'zod';
import { SluiceError } from '../../../contract/error.ts';

/** Where the provider's keys are kept between starts. */
export type KeyFile = { read(): string | null; write(text: string): void };

const RSA_BITS = 2048;
const COOKIE_KEY_BYTES = 32;

const Kept = z.object({
  jwk: z
    .object({ kty: z.literal('RSA'), kid: z.string(), n: z.string(), e: z.string() })
    .catchall(z.string()),
  cookieKey: z.string(),
  sealKey: z.string(),
});

export type ProviderKeys = { jwks: JWKS; cookieKey: string; sealKey: Uint8Array };

/**
 * The keys of the authorization server: made on first start, then kept, so that sign-ins outlast a restart.
 *
 * @throws SluiceError `store.corrupt` when the kept file can't be understood.
 */
export function providerKeys(file: KeyFile): ProviderKeys {
  const text = file.read();
  const kept = text === null ? make(file) : parse(text);
  return {
    jwks: { keys: [{ ...kept.jwk, use: 'sig', alg: 'RS256' }] },
    cookieKey: kept.cookieKey,
    sealKey: Buffer.from(kept.sealKey, 'base64url'),
  };
}

function make(file: KeyFile): z.infer<typeof Kept> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  const random = (bytes: number) => randomBytes(bytes).toString('base64url');
  const made = Kept.parse({
    jwk: { ...privateKey.export({ format: 'jwk' }), kid: random(8) },
    cookieKey: random(COOKIE_KEY_BYTES),
    sealKey: random(COOKIE_KEY_BYTES),
  });
  file.write(JSON.stringify(made));
  return made;
}

function parse(text: string): z.infer<typeof Kept> {
  try {
    return Kept.parse(JSON.parse(text));
  } catch (cause) {
    throw new SluiceError(
      'store.corrupt',
      'The keys of the sign-in server can’t be read.',
      'Restore identity-keys.json in the data folder from a backup, or remove it: everybody then signs in again.',
      { cause },
    );
  }
}
