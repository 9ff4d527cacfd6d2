import type { StatementKind } from '../../../../contract/facts.ts';
import type { Effect } from '../decide/effects.ts';
import { KIND_GROUPS, WITHOUT_WHERE } from '../language/words.ts';

/** A rule's `doing`: whether it is about an effect. */
export function compileDoing(doing: 'anything' | readonly string[]): (effect: Effect) => boolean {
  if (doing === 'anything') return () => true;
  const kinds = new Set<string>();
  const withoutWhere = new Set<StatementKind>();
  for (const word of doing) {
    if (hasKey(WITHOUT_WHERE, word)) withoutWhere.add(WITHOUT_WHERE[word]);
    else if (hasKey(KIND_GROUPS, word)) for (const kind of KIND_GROUPS[word]) kinds.add(kind);
    else kinds.add(word);
  }
  return (effect) => kinds.has(effect.kind) || (effect.everyRow && withoutWhere.has(effect.kind));
}

function hasKey<Table extends object>(table: Table, key: PropertyKey): key is keyof Table {
  return Object.hasOwn(table, key);
}
