import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Route } from '../../test/interop/lab/lab.ts';
import { runClient } from '../../test/interop/lab/run-client.ts';
import { cpuSeconds } from './cpu.ts';
import type { BenchPath } from './paths.ts';
import { quantile } from './statistics.ts';

export type SmallCase = {
  name: string;
  mode: 'prepared' | 'simple';
  clients: number;
  /** What is run: point reads, or four of them to each update with its read and insert. */
  mix: 'reads' | 'oltp';
};

const SCRIPTS: Readonly<Record<SmallCase['mix'], readonly string[]>> = {
  reads: ['-b', 'select-only'],
  oltp: ['-b', 'select-only@4', '-b', 'simple-update@1'],
};
export type SmallResult = {
  transactionsPerSecond: number;
  p50Us: number;
  p99Us: number;
  cpuUsPerTransaction: number;
};

/** Fills the tables of pgbench. Scale 1 is 100,000 accounts. */
export async function fillPgbench(route: Route, scale: number): Promise<void> {
  const end = await runClient(route, ['pgbench', '-i', '-q', '-s', String(scale)]);
  if (end.code !== 0) throw new Error(end.stderr);
}

/** pgbench for some seconds. */
export async function runPgbench(path: BenchPath, wanted: SmallCase, seconds: number): Promise<SmallResult> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const before = cpuSeconds(path.pid);
  const end = await runClient(path.route, [
    'pgbench',
    ...[
      '-n',
      ...SCRIPTS[wanted.mix],
      '-M',
      wanted.mode,
      '-c',
      String(wanted.clients),
      '-j',
      '1',
      '-T',
      String(seconds),
    ],
    ...['-l', '--log-prefix', join(folder, 'log')],
  ]);
  const cpu = cpuSeconds(path.pid) - before;
  const transactionsPerSecond = Number(/^tps = ([\d.]+)/m.exec(end.stdout)?.[1]);
  const count = Number(/actually processed: (\d+)/.exec(end.stdout)?.[1]);
  if (end.code !== 0 || !(count > 0)) throw new Error(`${path.name}, ${wanted.name}: ${end.stderr}`);
  const latencies = readLatencies(folder);
  rmSync(folder, { recursive: true });
  return {
    transactionsPerSecond,
    p50Us: quantile(latencies, 0.5),
    p99Us: quantile(latencies, 0.99),
    cpuUsPerTransaction: (cpu / count) * 1e6,
  };
}

/** Third column of pgbench's log: a transaction's time in microseconds. */
function readLatencies(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
    .map((line) => Number(line.split(' ')[2]));
}
