import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import type { RunningSample } from '../../sample/boot-sample.ts';
import { Person } from '../../test/gateway/gateway.fixture.ts';
import { bootGateway, PERSON } from '../../test/interop/lab/gateway.ts';
import type { FromHost, ToHost } from './extension-host-messages.ts';
import type { ManyRows } from './many-rows.ts';
import { type MemoryResult, watchMemory } from './memory.ts';
import { DATABASE } from './paths.ts';

/** Times count from "run". */
export type ChannelResult = {
  /** When the first screen of rows was handed to the grid. */
  firstRowsMs: number;
  /** When the server had written its last row to the gateway; null when that can't be told any more. */
  lastRowLeftServerMs: number | null;
  /** When the last row was kept by the extension host. */
  keptMs: number;
  rowsPerSecond: number;
  gateway: MemoryResult;
  extensionHost: MemoryResult;
};

const HOST = join(import.meta.dirname, 'extension-host.ts');
/** Enough to have loaded and compiled everything on the way, too little to fill anything. */
const WARM_UP = 'select * from long limit 1000';

/**
 * Reads rows as the editor does: a person's session on the query channel of a gateway, with the extension's row
 * store at its end. Gateway and extension host are fresh processes, so that nothing that ran before hides growth.
 */
export async function readThroughChannel(
  sample: RunningSample,
  folder: string,
  wanted: ManyRows,
): Promise<ChannelResult> {
  await using opened = new AsyncDisposableStack();
  const gateway = await bootGateway(folder, [{ name: DATABASE, url: sample.gatewayUrl(DATABASE) }]);
  opened.defer(() => gateway.stop());
  const host = fork(HOST, [gateway.url, DATABASE, await new Person(PERSON, gateway).token()]);
  opened.defer(() => stop(host));
  await said(host, 'started');
  await read(host, WARM_UP);
  const memory = { gateway: watchMemory(gateway.pid), extensionHost: watchMemory(host.pid ?? 0) };
  const { startedAtMs, firstAtMs, keptAtMs, rows } = await read(host, wanted.sql);
  const grown = { gateway: memory.gateway(), extensionHost: memory.extensionHost() };
  if (rows !== wanted.rows) throw new Error(`${wanted.name}: ${rows} rows were kept of ${wanted.rows}`);
  const leftAtMs = await lastRowLeftServer(sample, wanted.sql);
  const keptMs = keptAtMs - startedAtMs;
  return {
    firstRowsMs: firstAtMs - startedAtMs,
    lastRowLeftServerMs: leftAtMs === null ? null : leftAtMs - startedAtMs,
    keptMs,
    rowsPerSecond: (rows / keptMs) * 1000,
    ...grown,
  };
}

/** When the session that ran this statement last became idle, by the server's own clock, which is this machine's. */
async function lastRowLeftServer(sample: RunningSample, sql: string): Promise<number | null> {
  const client = new Client({ connectionString: sample.superuserUrl(DATABASE) });
  await client.connect();
  const { rows } = await client.query<{ at: string }>(
    `select extract(epoch from state_change) * 1000 as at from pg_stat_activity
     where state like 'idle%' and query = $1 order by state_change desc limit 1`,
    [sql],
  );
  await client.end();
  return rows[0] === undefined ? null : Number(rows[0].at);
}

async function read(host: ChildProcess, sql: string) {
  const kept = said(host, 'kept');
  send(host, { type: 'run', sql });
  return kept;
}

/** Waits for a message of this type; rejects when the process ends first. */
function said<Type extends FromHost['type']>(
  host: ChildProcess,
  type: Type,
): Promise<Extract<FromHost, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const heard = (message: unknown) => {
      const known = message as FromHost;
      if (!is(known, type)) return;
      host.off('message', heard);
      host.off('exit', ended);
      resolve(known);
    };
    const ended = (code: number | null) => reject(new Error(`the extension host ended with ${code}`));
    host.on('message', heard);
    host.once('exit', ended);
  });
}

function is<Type extends FromHost['type']>(
  message: FromHost,
  type: Type,
): message is Extract<FromHost, { type: Type }> {
  return message.type === type;
}

function send(host: ChildProcess, message: ToHost): void {
  host.send(message);
}

async function stop(host: ChildProcess): Promise<void> {
  if (host.exitCode !== null || host.signalCode !== null) return;
  const exited = once(host, 'exit');
  send(host, { type: 'stop' });
  await exited;
}
