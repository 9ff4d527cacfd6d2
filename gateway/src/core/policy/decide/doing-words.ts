import type { StatementKind } from '../../../../contract/facts.ts';

/** Verbs for sentences: `to` goes before a relation's name, `alone` stands without one. */
type Verb = { to: string; alone: string };

const same = (verb: string): Verb => ({ to: verb, alone: `run ${verb.toUpperCase()} statements` });

const VERBS: Partial<Record<StatementKind, Verb>> = {
  select: { to: 'read', alone: 'read' },
  insert: { to: 'insert into', alone: 'insert' },
  delete: { to: 'delete from', alone: 'delete' },
  merge: { to: 'merge into', alone: 'merge' },
  copyFrom: { to: 'copy into', alone: 'copy data in' },
  copyTo: { to: 'copy out', alone: 'copy data out' },
  grant: { to: 'change privileges on', alone: 'change privileges' },
  maintenance: { to: 'run maintenance on', alone: 'run maintenance' },
  comment: { to: 'comment on', alone: 'set comments' },
  do: { to: 'run DO blocks on', alone: 'run DO blocks' },
  call: { to: 'call procedures on', alone: 'call procedures' },
  other: { to: 'run this kind of statement on', alone: 'run this kind of statement' },
};

export function doingWords(kind: StatementKind): Verb {
  return VERBS[kind] ?? same(kind);
}
