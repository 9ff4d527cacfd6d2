import { awaited } from '../../../../../extension/contract/requests.ts';
import type { Run } from '../../../../../extension/contract/results-state.ts';
import { count, groupDigits } from '../../../numbers.ts';
import { heldStatement } from './view-state.ts';

export { count, groupDigits };

/** `84 ms`, `3.2 s`, `2 min 05 s` */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** A run's rows in all its result sets. */
export function rowsOf(run: Run): number {
  return run.resultSets.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

/** What a screen reader is told when a run's status changes. */
export function statusSentence(run: Run): string {
  const rows = count(rowsOf(run), 'row');
  switch (run.status) {
    case 'running': {
      const request = heldStatement(run)?.request;
      if (request) return `Waiting for ${awaited(request)}. It goes on by itself once it is approved.`;
      return `Running on ${run.target}. ${rows} so far.`;
    }
    case 'cancelling':
      return 'Cancelling on the server.';
    case 'cancelled':
      return `Cancelled on the server after ${duration(run.elapsedMs)}. ${rows} kept.`;
    case 'failed':
      return `Stopped after ${duration(run.elapsedMs)}: ${run.statements.find(({ failure }) => failure)?.failure?.message ?? 'failed'}`;
    default:
      return `Done in ${duration(run.elapsedMs)}. ${rows}.`;
  }
}

/** `14:03:22`, in the person's own time zone. */
export function clockTime(isoTime: string): string {
  return new Date(isoTime).toLocaleTimeString('en-GB');
}
