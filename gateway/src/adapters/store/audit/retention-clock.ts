import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const DAY_MS = 86_400_000;
/** So far the clock may have come since it was looked at last: no gateway stands still for longer, unless on purpose. */
const MAX_STEP_DAYS = 60;

const COLLECTION = 'audit-retention';
const KEY = 'clock';
/** What can't be read is long ago: nobody goes on by that. */
const Row = z.object({ value: z.coerce.number().catch(0) }).optional();

export type RetentionClockParts = {
  raw: DatabaseSync;
  days: number;
  /** When the newest entry of earlier runs was made; null where there is none. */
  newestMs: number | null;
};

/**
 * Whether retention may go by the machine's clock: one that jumped ahead makes everything old, and what is purged is gone. The
 * latest time that it went by is kept, for by its entries alone a run with a wrong clock would vouch for the next one.
 */
export class RetentionClock {
  readonly #raw: DatabaseSync;
  readonly #days: number;
  readonly #newestMs: number | null;

  constructor({ raw, days, newestMs }: RetentionClockParts) {
    this.#raw = raw;
    this.#days = days;
    this.#newestMs = newestMs;
  }

  /** Null when retention may go by it; else what to tell whoever runs the gateway. */
  wrongWith(nowMs: number): string | null {
    const lastMs = this.#lastMs() ?? this.#newestMs ?? nowMs;
    if (nowMs - lastMs > MAX_STEP_DAYS * DAY_MS) return this.#told(nowMs, lastMs);
    this.#keep(Math.max(nowMs, lastMs));
    return null;
  }

  /** Somebody says that what was made before this is old enough: then it is at least that late. */
  purgedByHand(beforeMs: number, nowMs: number): void {
    const atMs = Math.min(nowMs, beforeMs + this.#days * DAY_MS);
    const lastMs = this.#lastMs() ?? this.#newestMs;
    if (lastMs === null || atMs > lastMs) this.#keep(atMs);
  }

  #told(nowMs: number, lastMs: number): string {
    const ahead = Math.floor((nowMs - lastMs) / DAY_MS);
    const before = dayOf(nowMs - this.#days * DAY_MS);
    return `Nothing is purged by audit.retentionDays: this machine's clock says ${dayOf(nowMs)}, ${ahead} days after the last time that is known (${dayOf(lastMs)}). If it is wrong, put it right. If it is right, say so once by hand: sluice audit purge --before ${before} --reason "the clock is right".`;
  }

  #lastMs(): number | null {
    const query = 'select value from documents where collection = ? and key = ?';
    return Row.parse(this.#raw.prepare(query).get(COLLECTION, KEY))?.value ?? null;
  }

  #keep(atMs: number): void {
    this.#raw
      .prepare('insert or replace into documents (collection, key, value) values (?, ?, ?)')
      .run(COLLECTION, KEY, JSON.stringify(atMs));
  }
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
