import type { Clock } from '../../../core/approvals/approvals.ts';
import { type PurgeOrder, PurgeRefused } from './purge.ts';
import type { RetentionClock } from './retention-clock.ts';

const DAY_MS = 86_400_000;
/** A gateway that starts has other things to do. */
const FIRST_PURGE_MS = 60_000;
/** By the gateway itself, as it was configured. */
const ORDER = { reason: 'older than audit.retentionDays', by: null };

export type RetentionParts = {
  days: number;
  clock: Clock;
  trusted: Pick<RetentionClock, 'wrongWith'>;
  purge(order: PurgeOrder): Promise<unknown>;
  /** One sentence for whoever runs the gateway: why nothing is purged. */
  tell(line: string): void;
  onFailure(error: unknown): void;
};

/** Has contents older than `days` purged: a minute after the start, and from then on every day. */
export function keepRetention(parts: RetentionParts): void {
  const { clock, tell, onFailure } = parts;
  const look = () => {
    clock.wake(DAY_MS, look);
    purgeOld(parts).catch((error: unknown) => {
      if (error instanceof PurgeRefused) tell(`${error.message} ${error.next}`);
      else onFailure(error);
    });
  };
  clock.wake(FIRST_PURGE_MS, look);
}

async function purgeOld({ days, clock, trusted, purge, tell }: RetentionParts): Promise<void> {
  const nowMs = clock.now().getTime();
  const wrong = trusted.wrongWith(nowMs);
  if (wrong !== null) tell(wrong);
  else await purge({ ...ORDER, beforeMs: nowMs - days * DAY_MS });
}
