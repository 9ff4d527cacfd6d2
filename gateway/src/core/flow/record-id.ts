import { randomUUID } from 'node:crypto';
import type { RecordId } from '../../../contract/ids.ts';

const MAX_COUNT = 0xfff;

let lastMs = 0;
let count = 0;

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
