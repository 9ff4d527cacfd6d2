import type { RecordsBench } from '../records.ts';
import { atLeast, type Report } from './report.ts';

const MIN_PER_SECOND = 5000;

/** How fast records come to disk, and into the log behind it. */
export function recordsReport(measured: RecordsBench): Report {
  const { results, takenPerSecond } = measured;
  const rows = results.map(({ writers, perSecond, p50Ms, p99Ms, cpuUs }) => ({
    writers,
    'records/s': Math.round(perSecond),
    'p50 ms': Number(p50Ms.toFixed(2)),
    'p99 ms': Number(p99Ms.toFixed(2)),
    'CPU us each': Number(cpuUs.toFixed(1)),
  }));
  const most = Math.max(...results.map(({ perSecond }) => perSecond));
  return {
    measured,
    tables: [rows, [{ 'taken over, hashed and signed a second': Math.round(takenPerSecond) }]],
    goals: atLeast('records/s on disk', most, MIN_PER_SECOND),
  };
}
