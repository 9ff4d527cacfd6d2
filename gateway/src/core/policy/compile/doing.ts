import type { StatementKind } from '../../../../contract/facts.ts';
import type { HostUseKind } from '../../../../contract/host-facts.ts';
import { KIND_GROUPS, WITHOUT_WHERE } from '../language/words.ts';

/** Something that is done, to a relation or with a host. */
export type Deed = { kind: StatementKind | HostUseKind; everyRow?: boolean };

/** A rule's `doing`: whether it is about what is done. */
export function compileDoing(doing: 'anything' | readonly string[]): (deed: Deed) => boolean {
  if (doing === 'anything') return () => true;
  const kinds = new Set<string>();
  const withoutWhere = new Set<string>();
  for (const word of doing) {
    if (hasKey(WITHOUT_WHERE, word)) withoutWhere.add(WITHOUT_WHERE[word]);
    else if (hasKey(KIND_GROUPS, word)) for (const kind of KIND_GROUPS[word]) kinds.add(kind);
    else kinds.add(word);
  }
  return ({ kind, everyRow }) => kinds.has(kind) || (everyRow === true && withoutWhere.has(kind));
}

function hasKey<Table extends object>(table: Table, key: PropertyKey): key is keyof Table {
  return Object.hasOwn(table, key);
}
