import type { ConnectionOptions } from 'node:tls';
import type { Secret } from '../../../core/access/secret.ts';

/** Where a target's server is and who the gateway is there. Never shown to clients. */
export type UpstreamAddress = {
  host: string;
  port: number;
  user: string;
  password: Secret;
  database: string;
  /** `require` encrypts without asking who answers, unless a `ca` is given; `verify-full` checks name and issuer. */
  tls: 'disable' | 'require' | 'verify-full';
  /** PEM of the authorities to trust instead of the system's. */
  ca?: string;
};

/**
 * Settings under which statements are read and the catalogue is written: the parser knows no other, and a server,
 * database or role may have them otherwise by default.
 */
export const READING_SETTINGS: ReadonlyArray<readonly [name: string, value: string]> = [
  ['standard_conforming_strings', 'on'],
  ['quote_all_identifiers', 'off'],
];

/**
 * What `pg` needs for a connection of the gateway's own, outside of any client's session. `more`: settings besides those
 * under which statements are read; no value may hold a blank.
 */
export function ownConnection(
  address: UpstreamAddress,
  connectMs: number,
  more: Iterable<readonly [name: string, value: string]> = [],
) {
  return {
    host: address.host,
    port: address.port,
    user: address.user,
    password: address.password.reveal(),
    database: address.database,
    ssl: upstreamTls(address) ?? false,
    enableChannelBinding: true,
    connectionTimeoutMillis: connectMs,
    options: [...READING_SETTINGS, ...more].map(([name, value]) => `-c ${name}=${value}`).join(' '),
  };
}

/** TLS options for `address`, or null when it says `disable`. */
export function upstreamTls(address: UpstreamAddress): ConnectionOptions | null {
  if (address.tls === 'disable') return null;
  const servername = /^[\d.]+$|:/.test(address.host) ? {} : { servername: address.host };
  const authorities = address.ca === undefined ? {} : { ca: address.ca };
  if (address.tls === 'verify-full') {
    return {
      ...servername,
      ...authorities,
      host: address.host,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
    };
  }
  // Like libpq's `require`: a given authority is checked, the name is not.
  return {
    ...servername,
    ...authorities,
    rejectUnauthorized: address.ca !== undefined,
    checkServerIdentity: () => undefined,
    minVersion: 'TLSv1.2',
  };
}
