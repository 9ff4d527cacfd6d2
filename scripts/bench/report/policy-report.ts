import type { ReplayBench } from '../policy-replay.ts';
import { below, type Report } from './report.ts';

const MAX_SECONDS = 60;

/** How long another policy takes to be asked all that was recorded. */
export function policyReport(measured: ReplayBench): Report {
  const { records, megabytes, seconds, report } = measured;
  return {
    measured,
    tables: [
      [
        {
          records,
          MB: Math.round(megabytes),
          seconds: Number(seconds.toFixed(1)),
          'us each': Number(((seconds * 1e6) / records).toFixed(1)),
          replayed: report.replayed,
          changed: report.changed,
          groups: report.groups,
        },
      ],
    ],
    goals: below(`${records} recorded actions asked again`, seconds, MAX_SECONDS, 's'),
  };
}
