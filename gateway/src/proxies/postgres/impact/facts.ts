import type { ColumnRef, RelationRef } from '../../../../contract/facts.ts';
import type { Impact, LockRef } from '../../../../contract/impact.ts';
import type { Examined } from './subject.ts';
import { nameOf } from './words.ts';

/** What of a card needs no look at the database. */
export function impactOfFacts({
  statement: { facts },
  outline,
  holds,
}: Examined): Pick<Impact, 'reads' | 'writes' | 'columns' | 'takes' | 'holds' | 'effects'> {
  const { definition, sets } = outline;
  const [written] = facts.writes;
  const set = written === undefined ? [] : sets.map((column) => columnOf(written, column));
  return {
    reads: facts.reads,
    writes: facts.writes.map(({ schema, relation, by }) => ({ schema, relation, by })),
    columns: distinct([...set, ...facts.disclosed, ...facts.conditions]),
    takes: locksOf(facts, definition?.lock ?? null),
    holds,
    effects: [
      ...(definition?.effects ?? []),
      ...facts.writes.flatMap((write) => meanwhile(write, definition?.lock ?? null)),
    ],
  };
}

function columnOf({ schema, relation }: RelationRef, column: string): ColumnRef {
  return { schema, relation, column };
}

function distinct(columns: readonly ColumnRef[]): ColumnRef[] {
  return [...new Map(columns.map((column) => [JSON.stringify(column), column])).values()];
}

/** The locks of the manual's "Explicit Locking": what is written by its kind, and what is read alone. */
function locksOf({ writes, reads, kind }: Examined['statement']['facts'], defined: string | null): LockRef[] {
  const takes = new Map<string, LockRef>();
  for (const { schema, relation } of reads) {
    takes.set(nameOf({ schema, relation }), { schema, relation, mode: 'AccessShareLock' });
  }
  const mode = defined ?? (CHANGING.has(kind) ? 'RowExclusiveLock' : null);
  for (const { schema, relation, by } of writes) {
    const strongest = mode ?? (CHANGING.has(by) ? 'RowExclusiveLock' : null);
    if (strongest !== null) takes.set(nameOf({ schema, relation }), { schema, relation, mode: strongest });
  }
  return [...takes.values()];
}

const CHANGING: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge', 'copyFrom']);

function meanwhile(relation: RelationRef, lock: string | null): string[] {
  if (lock === 'AccessExclusiveLock')
    return [`Nobody else reads or writes ${nameOf(relation)} until it is committed.`];
  if (lock === 'ShareLock' || lock === 'ShareRowExclusiveLock' || lock === 'ExclusiveLock') {
    return [`Nobody else writes ${nameOf(relation)} until it is committed.`];
  }
  return [];
}
