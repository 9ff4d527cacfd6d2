import { z } from 'zod';
import { mapping } from './mapping.ts';

const text = (what: string) =>
  z
    .string({ error: `${what} is missing or no text` })
    .trim()
    .min(1, `${what} is empty`);

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;
const DAY_MS = 24 * 60 * 60 * 1000;

const When = z
  .string({ error: 'a day stands here, such as 2026-12-20' })
  .refine(
    (when) => (DAY.test(when) && isDay(when)) || (MOMENT.test(when) && !Number.isNaN(Date.parse(when))),
    'write a day, such as 2026-12-20, or a moment, such as 2026-12-20T08:00Z',
  );

const Delegate = text('the person').refine(
  (user) => !/[*?]/.test(user) && (!user.includes(':') || user.startsWith('person:')),
  'name people one by one: only people approve, and "*" would be anybody',
);

/** Who approves in a group's place for a while. */
export const Delegation = mapping({
  group: text('the group').describe('The group that rules ask.'),
  to: z
    .array(Delegate, { error: 'a list of people stands here: [lea@shop.example]' })
    .min(1, 'the list of people is empty')
    .describe('People who may approve as if they were in the group: "lea@shop.example".'),
  from: When.describe('The first day (UTC), or a moment.'),
  until: When.describe('The last day (UTC), or the moment when it ends.'),
  owner: text('the owner').describe('Who answers for it.'),
  because: text('the reason').describe('Why it stands.'),
}).refine(({ from, until }) => beginOf(from) < endOf(until), {
  path: ['until'],
  error: 'it ends before it begins',
  when: ({ issues }) => issues.length === 0,
});
export type Delegation = z.infer<typeof Delegation>;

/** Milliseconds since 1970 at which what `from` says begins. */
export function beginOf(from: string): number {
  return Date.parse(from);
}

/** Milliseconds since 1970 at which what `until` says is over: a day counts to its end. */
export function endOf(until: string): number {
  return Date.parse(until) + (DAY.test(until) ? DAY_MS : 0);
}

/** JavaScript takes 2026-02-30 for the 2nd of March. */
function isDay(day: string): boolean {
  const date = new Date(day);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
