import { Client } from 'pg';
import { SluiceError } from '../contract/error.ts';
import { ownConnection, type UpstreamAddress } from './proxies/postgres/upstream/address.ts';
import type { RunQuery } from './sql/postgres/catalogue/load.ts';

const CONNECT_MS = 10_000;

/**
 * Works on a target's database over a connection of its own, outside of any client's session.
 *
 * @throws SluiceError `target.unreachable` or `target.credentialRefused`; what the work throws.
 */
export async function withDatabase<T>(
  address: UpstreamAddress,
  work: (run: RunQuery) => Promise<T>,
): Promise<T> {
  const client = new Client({
    ...ownConnection(address, CONNECT_MS),
    application_name: 'sluice target',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    await client.end().catch(() => undefined);
    throw notConnected(address.user, cause);
  }
  try {
    return await work(async (sql) => (await client.query(sql)).rows);
  } finally {
    await client.end();
  }
}

function notConnected(user: string, cause: unknown): SluiceError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const refused = /authentication|password|role "/.test(why);
  return new SluiceError(
    refused ? 'target.credentialRefused' : 'target.unreachable',
    `The database could not be reached as ${user}: ${why}.`,
    refused ? 'Check user and password of its address.' : 'Check its address, and whether the server runs.',
    { cause },
  );
}
