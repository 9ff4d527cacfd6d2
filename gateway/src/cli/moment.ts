import { Duration, secondsOf } from '../core/policy/language/duration.ts';
import { UsageError } from './command.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
/** JavaScript reads much else as a date: "45" is 2045. */
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]|$)/;

/**
 * A moment as a person writes it: a day, which begins where they are; a date with a time, of this machine's zone unless it
 * names one; or how long ago, such as "2 hours".
 *
 * @throws UsageError
 */
export function momentOf(given: string, nowMs = Date.now()): Date {
  const ago = Duration.safeParse(given);
  // JavaScript reads a day alone as one of UTC.
  const ms = ago.success
    ? nowMs - secondsOf(ago.data) * 1000
    : DATE.test(given)
      ? Date.parse(DAY.test(given) ? `${given}T00:00` : given)
      : Number.NaN;
  if (!Number.isNaN(ms)) return new Date(ms);
  throw new UsageError(
    `"${given}" is no moment. Write 2026-12-24, 2026-12-24T18:00, or how long ago: "2 hours".`,
  );
}
