import { type ApprovalsResult, p99Of } from '../approvals.ts';
import { below, type Report } from './report.ts';

const MAX_GROWTH_MEGABYTES = 100;
const MAX_RELEASE_MS = 100;
const MAX_SLOWER = 1.1;

/** What statements that wait cost others, and how soon they go on. */
export function approvalsReport(measured: ApprovalsResult): Report {
  const { held, gateway, idle, beside, releaseMs } = measured;
  const slower = p99Of(beside) / p99Of(idle);
  return {
    measured,
    tables: [
      [
        {
          held,
          'gateway MB more': Math.round(gateway.grownMegabytes),
          "others' p99 us, idle": Math.round(p99Of(idle)),
          "others' p99 us, beside": Math.round(p99Of(beside)),
          'approve to first row p50 ms': Number(releaseMs.p50.toFixed(1)),
          'p99 ms': Number(releaseMs.p99.toFixed(1)),
        },
      ],
    ],
    goals: [
      ...below(
        `${held} held statements: the gateway grows`,
        gateway.grownMegabytes,
        MAX_GROWTH_MEGABYTES,
        'MB',
      ),
      ...below("others' p99 beside them, of an idle gateway's", slower, MAX_SLOWER, 'times'),
      ...below('from approve to the first row, p50', releaseMs.p50, MAX_RELEASE_MS, 'ms'),
    ],
  };
}
