import { plainValue } from './place.ts';
import { childOf, isMapping } from './schema.ts';

/** What a draft's own documents name: completed without any gateway. */
export type DraftWords = {
  tags: readonly string[];
  patterns: readonly string[];
  rules: readonly string[];
  groups: readonly string[];
  users: readonly string[];
};

const none = (): Record<keyof DraftWords, Set<string>> => ({
  tags: new Set(),
  patterns: new Set(),
  rules: new Set(),
  groups: new Set(),
  users: new Set(),
});

/** Remembers what each text named, for one of many changes at a time. */
export class DraftWordBook {
  #known = new Map<string, DraftWords>();

  of(texts: readonly string[]): DraftWords {
    const next = new Map(texts.map((text) => [text, this.#known.get(text) ?? wordsOf(text)] as const));
    this.#known = next;
    const all = [...next.values()];
    const together = (kind: keyof DraftWords) => [...new Set(all.flatMap((one) => one[kind]))].toSorted();
    return {
      tags: together('tags'),
      patterns: together('patterns'),
      rules: together('rules'),
      groups: together('groups'),
      users: together('users'),
    };
  }
}

function wordsOf(text: string): DraftWords {
  const value = plainValue(text);
  const found = none();
  for (const tags of valuesOf(childOf(value, 'tags'))) addAll(found.tags, tags);
  addAll(found.patterns, Object.keys(mapping(childOf(value, 'patterns'))));
  for (const rule of valuesOf(childOf(value, 'rules'))) {
    addAll(found.rules, childOf(rule, 'id'));
    for (const who of [childOf(rule, 'who'), childOf(rule, 'except')].flat()) {
      addAll(found.groups, childOf(who, 'groups'));
      addAll(found.users, childOf(who, 'users'));
    }
    for (const asks of [
      childOf(childOf(rule, 'then'), 'approve'),
      childOf(childOf(rule, 'then'), 'unmask'),
    ]) {
      for (const line of ['by', 'each', 'breakGlass']) addAll(found.groups, childOf(asks, line));
    }
  }
  const words = Object.entries(found).map(([kind, set]) => [kind, [...set]]);
  return Object.fromEntries(words) as DraftWords;
}

function valuesOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : Object.values(mapping(value));
}

function mapping(value: unknown): Record<string, unknown> {
  return isMapping(value) ? value : {};
}

function addAll(set: Set<string>, value: unknown): void {
  for (const one of [value].flat()) if (typeof one === 'string' && one !== '') set.add(one);
}
