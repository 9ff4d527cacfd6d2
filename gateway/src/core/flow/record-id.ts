import { randomUUID } from 'node:crypto';
import type { RecordId } from '../../../contract/ids.ts';

const MAX_COUNT = 0xfff;
const TIME = /^([0-9a-f]{8})-([0-9a-f]{4})-7/;
/** What no clock says: the year 9999, beyond which a UUIDv7 soon has no room. */
const MAX_MS = 253_402_300_800_000;

let lastMs = 0;
let count = 0;

/** When an id was made, in milliseconds since the epoch; null for what is none of these. */
export function madeAtMs(id: string): number | null {
  const [, high, low] = TIME.exec(id) ?? [];
  if (high === undefined || low === undefined) return null;
  const ms = Number.parseInt(high + low, 16);
  return ms < MAX_MS ? ms : null;
}

/**
 * Ids from here on come behind all of that millisecond, which an earlier process had come to: whoever follows the log, and a
 * purge by date, goes by their order. After a clock that was far ahead they stay ahead, until the clock has come to them.
 */
export function continueRecordIds(afterMs: number): void {
  if (afterMs < lastMs) return;
  lastMs = afterMs;
  count = MAX_COUNT;
}

/**
 * A UUIDv7 (RFC 9562 section 5.7). Ids of one process sort in the order they were made: within a millisecond
 * the 12 bits after the time count (section 6.2, method 1), and a clock that goes back is not followed.
 */
export function newRecordId(at: Date): RecordId {
  const ms = at.getTime();
  if (ms > lastMs) {
    lastMs = ms;
    count = 0;
  } else if (count < MAX_COUNT) {
    count++;
  } else {
    lastMs++;
    count = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const counter = count.toString(16).padStart(3, '0');
  // A UUIDv4's last groups carry the variant and 62 random bits.
  const random = randomUUID().slice(18);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}${random}` as RecordId;
}
