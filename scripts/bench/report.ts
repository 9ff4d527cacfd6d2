import type { MemoryResult } from './memory.ts';
import type { PathName } from './paths.ts';
import type { SmallCase, SmallResult } from './pgbench.ts';
import { median } from './statistics.ts';
import type { WideResult } from './wide-rows.ts';

export type Rounds<Result> = Map<PathName, Result[]>;
export type WireBench = {
  small: { wanted: SmallCase; rounds: Rounds<SmallResult> }[];
  wide: Rounds<WideResult>;
  /** While a million rows pass, by the process in between. */
  memory: ReadonlyMap<PathName, MemoryResult>;
};

export type Row = { case: string; path: PathName } & Record<string, number | string>;

/** One row a case and path: medians over the rounds, and ratios of medians. */
export function rowsOf({ small, wide, memory }: WireBench): Row[] {
  const rows: Row[] = [];
  for (const { wanted, rounds } of small) {
    const speed = (name: PathName) => of(rounds, name, (one) => one.transactionsPerSecond);
    for (const name of rounds.keys()) {
      rows.push({
        case: wanted.name,
        path: name,
        'per second': Math.round(speed(name)),
        ...ratios(speed, name),
        'p50 µs': Math.round(of(rounds, name, (one) => one.p50Us)),
        'p99 µs': Math.round(of(rounds, name, (one) => one.p99Us)),
        'CPU µs': Math.round(of(rounds, name, (one) => one.cpuUsPerTransaction)),
      });
    }
  }
  const speed = (name: PathName) => of(wide, name, (one) => one.megabytesPerSecond);
  for (const name of wide.keys()) {
    rows.push({
      case: '200,000 wide rows',
      path: name,
      'per second': `${Math.round(speed(name))} MB`,
      ...ratios(speed, name),
      'CPU µs': `${of(wide, name, (one) => one.cpuSeconds).toFixed(2)} s`,
    });
  }
  for (const [path, { startedMegabytes, grownMegabytes }] of memory) {
    const megabytes = `${startedMegabytes.toFixed(0)} MB, then ${grownMegabytes.toFixed(0)} more`;
    rows.push({ case: 'memory, a million rows', path, 'per second': megabytes });
  }
  return rows;
}

function ratios(speed: (name: PathName) => number, name: PathName): Record<string, number> {
  const to = (other: PathName) => Number((speed(name) / speed(other)).toFixed(2));
  return { '/direct': to('direct'), '/pipe': to('pipe'), '/pgbouncer': to('pgbouncer') };
}

export type Goal = { goal: string; found: string; met: boolean };

/** The goals of the design (section 12) that this run can speak of. */
export function goalsOf({ small, wide, memory }: WireBench): Goal[] {
  const goals: Goal[] = [];
  const atLeast = (goal: string, found: number, wanted: number) => {
    if (!Number.isNaN(found)) {
      goals.push({ goal: `${goal}: at least ${wanted}`, found: found.toFixed(2), met: found >= wanted });
    }
  };
  const bytes = (name: PathName) => of(wide, name, (one) => one.megabytesPerSecond);
  atLeast('wide rows, of the bare pipe', bytes('gateway') / bytes('pipe'), 0.95);
  for (const { wanted, rounds } of small) {
    const speed = (name: PathName) => of(rounds, name, (one) => one.transactionsPerSecond);
    atLeast(`${wanted.name}, of the bare pipe`, speed('gateway') / speed('pipe'), 0.9);
    atLeast(`${wanted.name}, of PgBouncer`, speed('gateway') / speed('pgbouncer'), 0.7);
    if (wanted.clients > 1) continue;
    const middle = (name: PathName) => of(rounds, name, (one) => one.p50Us);
    const overUs = middle('unsynced') - middle('pipe');
    if (Number.isNaN(overUs)) continue;
    goals.push({
      goal: `${wanted.name}, µs over the bare pipe at the median, apart from the fsync: at most 40`,
      found: overUs.toFixed(0),
      met: overUs <= 40,
    });
  }
  const grown = memory.get('gateway')?.grownMegabytes;
  if (grown !== undefined) {
    goals.push({
      goal: 'memory that a million rows take: under 100 MB',
      found: grown.toFixed(0),
      met: grown < 100,
    });
  }
  return goals;
}

/** Median over the rounds; NaN for a path that did not run. */
function of<Result>(rounds: Rounds<Result>, name: PathName, value: (result: Result) => number): number {
  return median((rounds.get(name) ?? []).map(value));
}
