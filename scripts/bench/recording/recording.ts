import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootSample } from '../../../sample/boot-sample.ts';
import { ACCOUNT, bootGateway } from '../../../test/interop/lab/gateway.ts';
import { cpuSeconds } from '../cpu.ts';
import { type BenchPath, DATABASE, directPath } from '../paths.ts';
import { fillPgbench, runPgbench, type SmallCase, type SmallResult } from '../pgbench.ts';
import { type CatchUp, catchUp } from './catch-up.ts';

const CASES: readonly SmallCase[] = [
  { name: 'simple, 1 client', mode: 'simple', clients: 1, mix: 'reads' },
  { name: 'simple, 32 clients', mode: 'simple', clients: 32, mix: 'reads' },
  { name: 'prepared, 32 clients', mode: 'prepared', clients: 32, mix: 'reads' },
  { name: 'OLTP mix, prepared, 32 clients', mode: 'prepared', clients: 32, mix: 'oltp' },
];
const WARM_UP_SECONDS = 3;
const UNRECORDED = new URL('./unrecorded.ts', import.meta.url).href;

/** One run, its CPU with what was put off until after it: the log catches up before the next. */
export type RecordedResult = SmallResult & CatchUp;
/** One round: the same, through a gateway that records and through one that doesn't. */
export type RecordingRound = { recorded: RecordedResult; unrecorded: RecordedResult };

type MeasuredPath = { path: BenchPath; metricsUrl: string };
export type RecordingBench = Array<{ wanted: SmallCase; rounds: RecordingRound[] }>;

/** What recording costs a statement: two gateways in front of one server, taking turns in both orders. */
export async function benchRecording(rounds: number, seconds: number): Promise<RecordingBench> {
  await using opened = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const sample = await bootSample({ customers: 100 });
  opened.defer(() => sample.stop());
  await fillPgbench((await directPath(sample)).route, 1);
  const gateway = async (name: string, preload: readonly string[]): Promise<MeasuredPath> => {
    const target = { name: DATABASE, url: sample.gatewayUrl(DATABASE) };
    const running = await bootGateway(join(folder, name), [target], { metrics: true }, preload);
    opened.defer(() => running.stop());
    const route = { host: running.host, port: running.port, ...ACCOUNT, database: DATABASE };
    const path: BenchPath = { name: 'gateway', route, pid: running.pid, stop: running.stop };
    return { path, metricsUrl: running.metricsUrl };
  };
  const recorded = await gateway('recorded', []);
  const unrecorded = await gateway('unrecorded', [UNRECORDED]);
  for (const { path } of [recorded, unrecorded]) {
    for (const wanted of CASES) await runPgbench(path, wanted, WARM_UP_SECONDS);
  }
  const bench: RecordingBench = CASES.map((wanted) => ({ wanted, rounds: [] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { wanted, rounds: kept } of bench)
      kept.push(await both(recorded, unrecorded, wanted, seconds, round));
  }
  return bench;
}

async function both(
  recorded: MeasuredPath,
  unrecorded: MeasuredPath,
  wanted: SmallCase,
  seconds: number,
  round: number,
): Promise<RecordingRound> {
  const isFirst = round % 2 === 0;
  const first = await run(isFirst ? recorded : unrecorded, wanted, seconds);
  const second = await run(isFirst ? unrecorded : recorded, wanted, seconds);
  return isFirst ? { recorded: first, unrecorded: second } : { recorded: second, unrecorded: first };
}

async function run(
  { path, metricsUrl }: MeasuredPath,
  wanted: SmallCase,
  seconds: number,
): Promise<RecordedResult> {
  await catchUp(metricsUrl);
  const before = cpuSeconds(path.pid);
  const result = await runPgbench(path, wanted, seconds);
  const behind = await catchUp(metricsUrl);
  const count = result.transactionsPerSecond * seconds;
  return { ...result, ...behind, cpuUsPerTransaction: ((cpuSeconds(path.pid) - before) / count) * 1e6 };
}
