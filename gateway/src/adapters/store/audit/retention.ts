import type { Clock } from '../../../core/approvals/approvals.ts';
import type { PurgeOrder } from './purge.ts';

const DAY_MS = 86_400_000;
/** A gateway that starts has other things to do. */
const FIRST_PURGE_MS = 60_000;
/** By the gateway itself, as it was configured. */
const ORDER = { reason: 'older than audit.retentionDays', by: null };

export type RetentionParts = {
  days: number;
  clock: Clock;
  purge(order: PurgeOrder): Promise<unknown>;
  onFailure(error: unknown): void;
};

/** Has contents older than `days` purged: a minute after the start, and from then on every day. */
export function keepRetention({ days, clock, purge, onFailure }: RetentionParts): void {
  const purgeOld = () => {
    clock.wake(DAY_MS, purgeOld);
    purge({ ...ORDER, beforeMs: clock.now().getTime() - days * DAY_MS }).catch(onFailure);
  };
  clock.wake(FIRST_PURGE_MS, purgeOld);
}
