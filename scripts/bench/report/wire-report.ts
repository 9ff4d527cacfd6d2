import type { ManyRows, RowsResult } from '../many-rows.ts';
import type { MemoryResult } from '../memory.ts';
import type { PathName } from '../paths.ts';
import type { SmallCase, SmallResult } from '../pgbench.ts';
import { median } from '../statistics.ts';
import { type ChannelCase, channelGoals, channelRow, MAX_GROWTH_MEGABYTES } from './channel-report.ts';
import { atLeast, below, type Goal, type Report, type Row } from './report.ts';

export type Rounds<Result> = Map<PathName, Result[]>;
export type WireBench = {
  small: { wanted: SmallCase; rounds: Rounds<SmallResult> }[];
  rows: { wanted: ManyRows; rounds: Rounds<RowsResult> }[];
  channel: ChannelCase[];
  /** While a million wide rows pass, by the process in between. */
  memory: ReadonlyMap<PathName, MemoryResult>;
};

/** One row a case and path: medians over the rounds, and ratios of medians. */
export function wireReport(bench: WireBench): Report {
  return {
    tables: [[...smallRows(bench), ...manyRows(bench), ...memoryRows(bench)], bench.channel.map(channelRow)],
    goals: [
      ...manyGoals(bench),
      ...smallGoals(bench),
      ...memoryGoals(bench),
      ...bench.channel.flatMap(channelGoals),
    ],
    measured: {
      small: bench.small.map(({ wanted, rounds }) => ({
        case: wanted.name,
        paths: Object.fromEntries(rounds),
      })),
      rows: bench.rows.map(({ wanted, rounds }) => ({
        case: wanted.name,
        paths: Object.fromEntries(rounds),
      })),
      channel: bench.channel.map(({ wanted, rounds }) => ({ case: wanted.name, rounds })),
      memory: Object.fromEntries(bench.memory),
    },
  };
}

function smallRows({ small }: WireBench): Row[] {
  return small.flatMap(({ wanted, rounds }) => {
    const speed = (name: PathName) => of(rounds, name, (one) => one.transactionsPerSecond);
    return [...rounds.keys()].map((name) => ({
      case: wanted.name,
      path: name,
      'per second': Math.round(speed(name)),
      ...ratios(speed, name),
      'p50 µs': Math.round(of(rounds, name, (one) => one.p50Us)),
      'p99 µs': Math.round(of(rounds, name, (one) => one.p99Us)),
      'CPU µs': Math.round(of(rounds, name, (one) => one.cpuUsPerTransaction)),
    }));
  });
}

function manyRows({ rows }: WireBench): Row[] {
  return rows.flatMap(({ wanted, rounds }) => {
    const speed = (name: PathName) => of(rounds, name, (one) => one.megabytesPerSecond);
    return [...rounds.keys()].map((name) => ({
      case: wanted.name,
      path: name,
      'per second': `${Math.round(speed(name))} MB`,
      ...ratios(speed, name),
      'CPU µs': `${of(rounds, name, (one) => one.cpuSeconds).toFixed(2)} s`,
    }));
  });
}

function memoryRows({ memory }: WireBench): Row[] {
  return [...memory].map(([path, { startedMegabytes, grownMegabytes }]) => ({
    case: 'memory, a million wide rows',
    path,
    'per second': `${startedMegabytes.toFixed(0)} MB, then ${grownMegabytes.toFixed(0)} more`,
  }));
}

function ratios(speed: (name: PathName) => number, name: PathName): Row {
  const to = (other: PathName) => Number((speed(name) / speed(other)).toFixed(2));
  return { '/direct': to('direct'), '/pipe': to('pipe'), '/pgbouncer': to('pgbouncer') };
}

/** The goals of the design (section 12) that this run can speak of. */
function manyGoals({ rows }: WireBench): Goal[] {
  return rows.flatMap(({ wanted, rounds }) => {
    const bytes = (name: PathName) => of(rounds, name, (one) => one.megabytesPerSecond);
    return atLeast(`${wanted.name}, of the bare pipe`, bytes('gateway') / bytes('pipe'), 0.95);
  });
}

function smallGoals({ small }: WireBench): Goal[] {
  return small.flatMap(({ wanted, rounds }) => {
    const speed = (name: PathName) => of(rounds, name, (one) => one.transactionsPerSecond);
    const middle = (name: PathName) => of(rounds, name, (one) => one.p50Us);
    const over = `${wanted.name}, over the bare pipe at the median, apart from the fsync`;
    return [
      ...atLeast(`${wanted.name}, of the bare pipe`, speed('gateway') / speed('pipe'), 0.9),
      ...atLeast(`${wanted.name}, of PgBouncer`, speed('gateway') / speed('pgbouncer'), 0.7),
      ...(wanted.clients === 1 ? below(over, middle('unsynced') - middle('pipe'), 40, 'µs') : []),
    ];
  });
}

function memoryGoals({ memory }: WireBench): Goal[] {
  const grown = memory.get('gateway')?.grownMegabytes ?? Number.NaN;
  return below('a million wide rows on the wire, the gateway grows', grown, MAX_GROWTH_MEGABYTES, 'MB');
}

/** Median over the rounds; NaN for a path that did not run. */
function of<Result>(rounds: Rounds<Result>, name: PathName, value: (result: Result) => number): number {
  return median((rounds.get(name) ?? []).map(value));
}
