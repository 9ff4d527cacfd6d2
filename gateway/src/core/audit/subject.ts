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
