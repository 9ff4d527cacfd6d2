import { z } from 'zod';
import type { AuditFact } from '../../../contract/audit-event.ts';
import type { EntryKind } from './leaf.ts';

/**
 * What no purge takes: all of a person (`person:ana@shop.example`, with or without what stands before the colon, or the
 * verified e-mail address), of a target, or of a session.
 */
export const Held = z.object({ kind: z.enum(['principal', 'target', 'session']), value: z.string().min(1) });
export type Held = z.infer<typeof Held>;

/** What the tree, and who checks it, needs for ever: it has nothing that a person did on a target. */
const LASTING: ReadonlySet<string> = new Set([
  'auditKey',
  'purged',
  'legalHold',
  'policy',
  'recording',
] satisfies AuditFact['kind'][]);

const Event = z.object({ fact: z.looseObject({ kind: z.string() }) });

/** Whether a purge leaves an entry alone whatever its age. */
export function isLasting(kind: EntryKind, body: string): boolean {
  return kind === 'event' && LASTING.has(Event.parse(JSON.parse(body)).fact.kind);
}

/** Where an entry says whose it is: at any depth, for requests and questions name people too. */
const NAMES: Readonly<Record<Held['kind'], ReadonlySet<string>>> = {
  principal: new Set(['principal', 'id', 'by', 'person', 'requester', 'actsFor', 'email']),
  target: new Set(['target']),
  session: new Set(['session', 'sessionId']),
};

/** Whether a hold is on an entry. In doubt it is. */
export function isHeld(body: string, holds: readonly Held[]): boolean {
  const wanted = holds.flatMap(written).filter(({ value }) => body.includes(JSON.stringify(value)));
  return wanted.length > 0 && names(JSON.parse(body), wanted);
}

/** A hold as entries may write whom it is on: a person by their id, or by the address that their provider vouches for. */
function written(hold: Held): Held[] {
  if (hold.kind !== 'principal') return [hold];
  const bare = hold.value.startsWith(PERSON) ? hold.value.slice(PERSON.length) : hold.value;
  return [hold.value, bare, `${PERSON}${bare}`].map((value) => ({ ...hold, value }));
}
const PERSON = 'person:';

function names(value: unknown, holds: readonly Held[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) =>
      holds.some((hold) => hold.value === inner && NAMES[hold.kind].has(key)) || names(inner, holds),
  );
}
