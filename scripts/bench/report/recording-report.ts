import type { RecordingBench, RecordingRound } from '../recording/recording.ts';
import { median } from '../statistics.ts';
import { atLeast, below, type Report } from './report.ts';

const LEAST_SHARE = 0.85;
const MAX_MORE_MS = 1;

/** What recording costs a statement: throughput's share, and what it adds to p50 and p99. */
export function recordingReport(bench: RecordingBench): Report {
  const found = bench.map(({ wanted, rounds }) => {
    const of = (value: (round: RecordingRound) => number) => median(rounds.map(value));
    return {
      name: wanted.name,
      clients: wanted.clients,
      recorded: of((round) => round.recorded.transactionsPerSecond),
      share: of((round) => round.recorded.transactionsPerSecond / round.unrecorded.transactionsPerSecond),
      p50MoreMs: of((round) => (round.recorded.p50Us - round.unrecorded.p50Us) / 1000),
      p99MoreMs: of((round) => (round.recorded.p99Us - round.unrecorded.p99Us) / 1000),
      cpuMoreUs: of(
        ({ recorded, unrecorded }) => recorded.cpuUsPerTransaction - unrecorded.cpuUsPerTransaction,
      ),
      behindBytes: of((round) => round.recorded.behindBytes),
      catchUpMs: of((round) => round.recorded.catchUpMs),
    };
  });
  return {
    tables: [
      found.map((one) => ({
        case: one.name,
        'recorded, per second': Math.round(one.recorded),
        'of unrecorded': one.share.toFixed(2),
        'p50 ms more': one.p50MoreMs.toFixed(3),
        'p99 ms more': one.p99MoreMs.toFixed(3),
        'CPU us more': Math.round(one.cpuMoreUs),
        'KB behind at the end': Math.round(one.behindBytes / 1024),
        'ms to catch up': Math.round(one.catchUpMs),
      })),
    ],
    goals: found.flatMap(({ name, clients, share, p50MoreMs }) =>
      clients === 1
        ? below(`recording adds to ${name} at p50`, p50MoreMs, MAX_MORE_MS, 'ms')
        : atLeast(`throughput with recording, ${name}`, share, LEAST_SHARE),
    ),
    measured: bench.map(({ wanted, rounds }) => ({ case: wanted.name, rounds })),
  };
}
