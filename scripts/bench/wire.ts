import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertNever } from '../../gateway/contract/assert-never.ts';
import { bootSample, type RunningSample } from '../../sample/boot-sample.ts';
import { type ChannelResult, readThroughChannel } from './channel.ts';
import {
  fillManyRows,
  type ManyRows,
  MILLION_NARROW,
  MILLION_WIDE,
  memoryOfRows,
  type RowsResult,
  readRows,
  WIDE,
} from './many-rows.ts';
import type { MemoryResult } from './memory.ts';
import {
  type BenchPath,
  directPath,
  gatewayPath,
  maskedPath,
  type PathName,
  pgbouncerPath,
  pipePath,
  preparedPath,
  unsyncedPath,
} from './paths.ts';
import { fillPgbench, runPgbench, type SmallCase, type SmallResult } from './pgbench.ts';
import type { Rounds, WireBench } from './report/wire-report.ts';

const SCALE = 5;
const WARM_UP_SECONDS = 3;
const SETTINGS = { shared_buffers: '512MB', max_wal_size: '2GB' };
const CASES: readonly SmallCase[] = [
  { name: 'prepared, 1 client', mode: 'prepared', clients: 1, mix: 'reads' },
  { name: 'prepared, 8 clients', mode: 'prepared', clients: 8, mix: 'reads' },
  { name: 'simple, 1 client', mode: 'simple', clients: 1, mix: 'reads' },
  { name: 'simple, 8 clients', mode: 'simple', clients: 8, mix: 'reads' },
  { name: 'OLTP mix, prepared, 8 clients', mode: 'prepared', clients: 8, mix: 'oltp' },
];
const ROWS: readonly ManyRows[] = [WIDE, MILLION_NARROW];
const CHANNEL: readonly ManyRows[] = [MILLION_NARROW, MILLION_WIDE];

export type WireBenchOptions = { rounds: number; seconds: number; paths: readonly PathName[] };

/** The wire's figures: every case over every path, interleaved round by round, so that noise hits all alike. */
export async function benchWire({
  rounds,
  seconds,
  paths: wantedPaths,
}: WireBenchOptions): Promise<WireBench> {
  await using opened = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const sample = await bootSample({ customers: 100, settings: SETTINGS });
  opened.defer(() => sample.stop());
  await fill(await directPath(sample));
  const paths = await openPaths(wantedPaths, sample, folder, opened);
  const small = CASES.map((wanted) => ({ wanted, rounds: empty<SmallResult>(paths) }));
  const rows = ROWS.map((wanted) => ({ wanted, rounds: empty<RowsResult>(paths) }));
  const channel = CHANNEL.map((wanted) => ({ wanted, rounds: [] as ChannelResult[] }));
  // First of all, since what the other cases leave in caches would hide how much the rows take.
  const memory = new Map<PathName, MemoryResult>();
  for (const path of paths) {
    const found = await memoryOfRows(path);
    if (found !== null) memory.set(path.name, found);
  }
  await warmUp(paths);
  for (let round = 0; round < rounds; round += 1) {
    console.error(`round ${round + 1} of ${rounds}`);
    for (const one of small) {
      for (const path of rotated(paths, round)) {
        one.rounds.get(path.name)?.push(await runPgbench(path, one.wanted, seconds));
      }
    }
    for (const { wanted, rounds } of rows) {
      for (const path of rotated(paths, round)) rounds.get(path.name)?.push(await readRows(path, wanted));
    }
    for (const { wanted, rounds } of channel) {
      rounds.push(await readThroughChannel(sample, join(folder, `channel-${rounds.length}`), wanted));
    }
  }
  return { small, rows, channel, memory };
}

async function openPaths(
  wanted: readonly PathName[],
  sample: RunningSample,
  folder: string,
  opened: AsyncDisposableStack,
): Promise<BenchPath[]> {
  const paths: BenchPath[] = [];
  for (const name of wanted) {
    const path = await openPath(name, sample, folder);
    if (path === null) console.error(`${name} is not installed: left out.`);
    else {
      opened.defer(() => path.stop());
      paths.push(path);
    }
  }
  return paths;
}

function openPath(name: PathName, sample: RunningSample, folder: string): Promise<BenchPath | null> {
  switch (name) {
    case 'direct':
      return directPath(sample);
    case 'pipe':
      return pipePath(sample);
    case 'pgbouncer':
      return pgbouncerPath(sample, folder);
    case 'gateway':
      return gatewayPath(sample, folder);
    case 'unsynced':
      return unsyncedPath(sample);
    case 'masked':
      return maskedPath(sample, folder);
    case 'prepared':
      return preparedPath(sample, folder);
    default:
      return assertNever(name);
  }
}

async function fill({ route }: BenchPath): Promise<void> {
  await fillPgbench(route, SCALE);
  await fillManyRows(route);
}

async function warmUp(paths: readonly BenchPath[]): Promise<void> {
  for (const path of paths) {
    for (const wanted of CASES.slice(1)) await runPgbench(path, wanted, WARM_UP_SECONDS);
    await readRows(path, WIDE);
  }
}

function empty<Result>(paths: readonly BenchPath[]): Rounds<Result> {
  return new Map(paths.map((path) => [path.name, []]));
}

/** Another path begins in each round. */
function rotated(paths: readonly BenchPath[], by: number): BenchPath[] {
  const at = by % paths.length;
  return [...paths.slice(at), ...paths.slice(0, at)];
}
