import * as z from 'zod';

const UNITS: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400 };
const FORM = /^([1-9][0-9]{0,5}) (second|minute|hour|day)s?$/;

/** A length of time in words: "30 minutes", "1 hour". */
export const Duration = z
  .string({ error: 'a length of time stands here, such as "30 minutes"' })
  .regex(FORM, 'write it as "30 seconds", "15 minutes", "2 hours" or "1 day"');
export type Duration = z.infer<typeof Duration>;

/** Seconds of what `Duration` has accepted. */
export function secondsOf(duration: Duration): number {
  const [, count = '0', unit = ''] = FORM.exec(duration) ?? [];
  return Number(count) * (UNITS[unit] ?? 0);
}
