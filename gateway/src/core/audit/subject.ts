import { z } from 'zod';
import type { EntryKind } from './leaf.ts';

const ActionSubject = z.object({ principal: z.string(), target: z.string() });
const EventSubject = z.object({
  by: z.object({ id: z.string() }).nullable(),
  fact: z.object({ target: z.string().nullable().default(null) }),
});

/** Whose action an entry is and on what. */
export type Subject = { principal: string | null; target: string | null };

const NOBODY: Subject = { principal: null, target: null };

/** The same of a body: what the log's columns say beside it. @throws Error when the body is none of that kind */
export function subjectOf(kind: EntryKind, body: string): Subject {
  return kind === 'closed' ? NOBODY : subjectIn(kind, JSON.parse(body));
}

/** The same of what a body says. @throws Error when it is none of that kind */
export function subjectIn(kind: EntryKind, value: unknown): Subject {
  if (kind === 'closed') return NOBODY;
  if (kind !== 'event') return ActionSubject.parse(value);
  const { by, fact } = EventSubject.parse(value);
  return { principal: by?.id ?? null, target: fact.target };
}

const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7/;

/** When a record was made, by its id (UUIDv7), in milliseconds since the epoch; null of other ids. */
export function timeMsOf(record: string): number | null {
  const [, high = '', low = ''] = UUID_V7.exec(record) ?? [];
  return high === '' ? null : Number.parseInt(high + low, 16);
}
