import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLog } from './log-file.ts';
import { openTypist } from './typist.ts';
import { openWays, WAYS, type Way, type Ways } from './ways.ts';

/** For each way what was measured, round by round. */
export type SshResult = Record<Way, { connectMs: number[]; echoMs: number[]; megabytesPerSecond: number[] }>;

const CONNECTS = 30;
const KEYS = 300;
const STREAM_BYTES = 1024 ** 3;
const LOG_BYTES = STREAM_BYTES / 4;

/** What SSH over the gateway costs, in turns with the other ways so that the machine's moods meet all of them alike. */
export async function benchSsh(streams: number): Promise<SshResult> {
  await using opened = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const ways = await openWays(folder, opened);
  const log = writeLog(join(folder, 'log'), LOG_BYTES);
  const result: SshResult = { direct: empty(), jump: empty(), relay: empty(), gateway: empty() };
  for (let round = 0; round <= CONNECTS; round += 1)
    for (const way of WAYS) {
      const ms = await timed(ways, way, ['true']);
      // The first finds nothing warm.
      if (round > 0) result[way].connectMs.push(ms);
    }
  await measureEcho(ways, result);
  const stream = ['cat', ...Array.from({ length: STREAM_BYTES / LOG_BYTES }, () => log)];
  for (let round = 0; round < streams; round += 1)
    for (const way of WAYS) {
      const ms = await timed(ways, way, stream);
      result[way].megabytesPerSecond.push(STREAM_BYTES / 1e6 / (ms / 1000));
    }
  return result;
}

const empty = (): SshResult[Way] => ({ connectMs: [], echoMs: [], megabytesPerSecond: [] });

/** Runs a command; how long it took in milliseconds. What it prints goes nowhere. */
async function timed(ways: Ways, way: Way, command: readonly string[]): Promise<number> {
  const [program = 'ssh', ...words] = ways[way];
  const startedMs = performance.now();
  const child = spawn(program, [...words, ...command], { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`${way}: ${command[0]} ended with ${child.exitCode}`);
  return performance.now() - startedMs;
}

/** A key in each terminal in turn, until it stands there. In all of them `cat` runs: the host's terminal echoes. */
async function measureEcho(ways: Ways, result: SshResult): Promise<void> {
  const typists = await Promise.all(WAYS.map(async (way) => ({ way, typist: await openTypist(ways[way]) })));
  for (let key = 0; key < KEYS; key += 1)
    for (const { way, typist } of typists) result[way].echoMs.push(await typist.echoMs());
  for (const { typist } of typists) typist.kill();
}
