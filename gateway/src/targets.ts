import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SluiceError } from '../contract/error.ts';
import { isLoopback } from './api/guard.ts';
import type { TargetConfig } from './config.ts';
import { Secret } from './core/access/secret.ts';
import { MASTER_KEY_BYTES, TokenKeys } from './core/masking/token-keys.ts';
import type { UpstreamAddress } from './proxies/postgres/upstream/address.ts';

const POSTGRES_PORT = 5432;

/**
 * Where a target's server is, from its configured address.
 *
 * @throws SluiceError `config.invalid`, naming the target and never the address.
 */
export function upstreamAddress(target: TargetConfig, secret: Secret = target.url): UpstreamAddress {
  const { url, user, password, database } = partsOf(target, secret);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === '' || user === '') {
    throw new SluiceError(
      'config.invalid',
      `The url of the target ${target.name} names no ${host === '' ? 'host' : 'user'}.`,
      'Write postgres://user:password@host:5432/database.',
    );
  }
  return {
    host,
    port: url.port === '' ? POSTGRES_PORT : Number(url.port),
    user,
    password: new Secret(password),
    database: database || user,
    tls: target.tls ?? (isLoopback(host) ? 'disable' : 'verify-full'),
    ...(target.ca === undefined ? {} : { ca: authorities(target.name, target.ca) }),
  };
}

function partsOf({ name }: TargetConfig, secret: Secret) {
  try {
    const url = new URL(secret.reveal());
    const [user = '', password = '', database = ''] = [url.username, url.password, url.pathname.slice(1)].map(
      decodeURIComponent,
    );
    return { url, user, password, database };
  } catch {
    // What was thrown holds the address, and so the password.
    throw new SluiceError(
      'config.invalid',
      `The url of the target ${name} is no address of a database.`,
      'Write postgres://user:password@host:5432/database, with %25 for a % in the password, and %40 for an @.',
    );
  }
}

function authorities(target: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new SluiceError(
      'config.unreadable',
      `The certificate authority of the target ${target} can't be read: ${file}.`,
      'Check `ca` of this target in the configuration.',
      { cause },
    );
  }
}

/** Where a secret of the gateway is kept between starts. */
export type SecretFile = { read(): string | null; write(text: string): void };

/**
 * The keys of `token` masks: made on first start, then kept, so that tokens stay the same.
 *
 * @throws SluiceError `store.corrupt` when the kept key is damaged.
 */
export function tokenKeys(file: SecretFile): TokenKeys {
  const kept = file.read();
  const master = kept === null ? randomBytes(MASTER_KEY_BYTES) : Buffer.from(kept.trim(), 'base64url');
  if (master.byteLength !== MASTER_KEY_BYTES) {
    throw new SluiceError(
      'store.corrupt',
      'The key of the masking tokens is damaged.',
      'Restore masking-key from a backup of the data folder; without it every token changes.',
    );
  }
  if (kept === null) file.write(master.toString('base64url'));
  return new TokenKeys(master);
}
