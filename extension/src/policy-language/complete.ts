import type { DraftWords } from './draft-words.ts';
import { type Scope, scopeAt, type Wanted, wantedAt } from './expected-names.ts';
import {
  functionsWithin,
  type KnownNames,
  type NamedTable,
  part,
  tablesWithin,
  targetsWithin,
  yamlText,
} from './names.ts';
import { type Place, placeAt } from './place.ts';
import type { PolicyFileKind } from './policy-files.ts';
import { alternatives, childOf, constantsOf, isMapping, type Schema, schemasAt, valueAt } from './schema.ts';

export type SuggestionKind = 'key' | 'value' | 'template' | Wanted;

/** One thing that may be written at a place. */
export type Suggestion = {
  label: string;
  kind: SuggestionKind;
  /** A snippet of the editor's where `isSnippet`. */
  text: string;
  isSnippet: boolean;
  detail: string;
  /** Prose of the schema. */
  about: string;
  /** The lower, the nearer to what is meant. */
  rank: number;
  /** Whether what was put in wants the next word at once. */
  goesOn: boolean;
};

export type Suggestions = {
  /** Offsets of what is replaced. */
  start: number;
  end: number;
  /** More than are shown, or still asked for. */
  isPartial: boolean;
  all: Suggestion[];
};

export type Asked = {
  kind: PolicyFileKind;
  text: string;
  offset: number;
  schema: Schema;
  names: KnownNames;
  words: DraftWords;
};

const MAX_SUGGESTIONS = 500;
const MAX_LISTED = 4;
const MAX_BUILT = 2000;
/** A line that nothing else fits on is the schema's, and comes before names. */
const RANKS = { key: 1, meant: 2, value: 3, other: 5, qualified: 6, template: 8 } as const;
const DETECTORS = ['cards', 'emails', 'phones', 'ibans', 'nationalIds', 'secrets', 'highEntropy'];

/** What may be written at an offset; null where nothing is known. */
export function completionsAt(asked: Asked): Suggestions | null {
  const place = placeAt(asked.text, asked.offset);
  if (place === null) return null;
  const { start, end, written } = place;
  const found = [...fromSchema(asked, place), ...fromNames(asked, place)];
  const fitting = found.filter(({ label }) => mayBecome(label, written));
  const all = distinct(fitting).toSorted((a, b) => a.rank - b.rank || compare(a.label, b.label));
  return all.length === 0
    ? null
    : { start, end, isPartial: all.length > MAX_SUGGESTIONS, all: all.slice(0, MAX_SUGGESTIONS) };
}

/** Which targets' catalogues an answer at this offset would need. */
export function targetsNeeded({ kind, text, offset, names }: Omit<Asked, 'schema' | 'words'>): string[] {
  const place = placeAt(text, offset);
  if (place === null) return [];
  const wanted = wantedAt(kind, place.role, place.path);
  if (wanted === null || !OF_CATALOGUES.has(wanted)) return [];
  const scope = wanted === 'tagPattern' ? tagScope(place.written) : scopeAt(kind, place.path, place.value);
  return targetsWithin(scope, names.targets)
    .filter((target) => target.kind !== 'ssh')
    .map(({ name }) => name);
}

const OF_CATALOGUES = new Set<Wanted>(['schema', 'table', 'column', 'function', 'tagPattern']);

function fromSchema(asked: Asked, place: Place): Suggestion[] {
  const schemas = schemasAt(asked.schema, place.path, place.value);
  if (place.role === 'value') return schemas.flatMap((schema) => valuesOf(schema, place));
  const values = place.isAlone ? schemas.flatMap((schema) => valuesOf(schema, place)) : [];
  return [...schemas.flatMap((schema) => keysOf(schema, place)), ...values];
}

function keysOf(schema: Schema, place: Place): Suggestion[] {
  const there = valueAt(place.value, place.path);
  const taken = isMapping(there) ? Object.keys(there) : [];
  return Object.entries(schema.properties ?? {})
    .filter(([key]) => !taken.includes(key))
    .map(([key, property]) => ({
      label: key,
      kind: 'key',
      text: `${key}: `,
      isSnippet: false,
      detail: schema.required?.includes(key) === true ? 'required' : '',
      about: property.description ?? '',
      rank: schema.required?.includes(key) === true ? RANKS.key : RANKS.key + 0.5,
      goesOn: true,
    }));
}

function valuesOf(schema: Schema, place: Place): Suggestion[] {
  const about = schema.description ?? '';
  const constants = constantsOf(schema);
  if (constants !== null) {
    return constants
      .filter((value) => typeof value === 'string')
      .map((value) => ({ ...PLAIN, label: value, kind: 'value', text: yamlConstant(value), about }));
  }
  if (schema.type === 'boolean') {
    return ['true', 'false'].map((value) => ({ ...PLAIN, label: value, kind: 'value', text: value, about }));
  }
  if (schema.type === 'array') {
    const text = '[$1]';
    return [{ ...PLAIN, label: '[…]', kind: 'template', text, about, ...TEMPLATE }];
  }
  if (schema.properties === undefined) return [];
  const isItem = typeof place.path.at(-1) === 'number' && !place.isFlow;
  if (isItem && (schema.required?.length ?? 0) > 2) return [wholeEntry(schema, about)];
  const { label, text } = flowMapping(schema);
  return [{ ...PLAIN, label, kind: 'template', text, about, ...TEMPLATE }];
}

const PLAIN = { isSnippet: false, detail: '', rank: RANKS.value, goesOn: false };
const TEMPLATE = { isSnippet: true, rank: RANKS.template, goesOn: true };

/** A `null` that is meant as a word stands in quotes; the language takes both. */
function yamlConstant(value: string): string {
  return value === 'null' ? '"null"' : value.includes('*') ? JSON.stringify(value) : value;
}

/** `{ method: redact }`, `{ approve: … }`: what must be there, with a stop for what is open. */
function flowMapping(schema: Schema): { label: string; text: string } {
  const required = schema.required ?? [];
  if (required.length === 0) return { label: '{…}', text: '{ $1 }' };
  let stop = 0;
  const lines = required.map((key) => {
    const value = firstConstant(schema.properties?.[key]);
    if (value !== null) return { label: `${key}: ${value}`, text: `${key}: ${value}` };
    stop += 1;
    return { label: `${key}: …`, text: `${key}: $${stop}` };
  });
  const joined = (of: 'label' | 'text') => `{ ${lines.map((line) => line[of]).join(', ')} }`;
  return { label: joined('label'), text: joined('text') };
}

function firstConstant(schema: Schema | undefined): string | null {
  if (schema === undefined) return null;
  const [only, ...others] = alternatives(schema).flatMap((one) => constantsOf(one) ?? []);
  if (typeof only !== 'string') return null;
  // Of several somebody has to choose.
  return others.some((other) => other !== null) ? null : yamlConstant(only);
}

/** A new entry of a list, with a line for each key that it must have. */
function wholeEntry(schema: Schema, about: string): Suggestion {
  const required = schema.required ?? [];
  const lines = required.map((key, at) => `${key}: $${at + 1}`);
  const label = `new entry: ${required.join(', ')}`;
  return { ...PLAIN, label, kind: 'template', text: lines.join('\n  '), about, ...TEMPLATE, goesOn: false };
}

function fromNames(asked: Asked, place: Place): Suggestion[] {
  const { kind } = asked;
  const wanted = wantedAt(kind, place.role, place.path);
  const own = wanted === null ? [] : namesOf(wanted, asked, place);
  if (place.role !== 'key' || !place.isAlone) return own;
  // A word that stands alone in a list is a value of it until it has a colon.
  const value = wantedAt(kind, 'value', place.path);
  return value === null ? own : [...own, ...namesOf(value, asked, { ...place, role: 'value' })];
}

function namesOf(wanted: Wanted, asked: Asked, place: Place): Suggestion[] {
  const { names, words, kind } = asked;
  const scope = scopeAt(kind, place.path, place.value);
  const named = (all: Iterable<string>, detail = '', rank: number = RANKS.meant) =>
    [...all].map((name) => nameSuggestion(wanted, place, name, detail, rank));
  const here = targetsWithin(scope, names.targets);
  // What is being written is in the draft as well.
  const word = asked.text.slice(place.start, place.end);
  const drafted = (all: readonly string[], detail = 'in this draft') =>
    named(
      all.filter((name) => name !== word),
      detail,
      RANKS.other,
    );
  switch (wanted) {
    case 'target':
      return names.targets.flatMap(({ name, kind: what, labels }) =>
        named([name], [what === 'ssh' ? 'host' : 'database', labelWords(labels)].join(' ').trim()),
      );
    case 'label':
      return named(new Set(names.targets.flatMap(({ labels }) => Object.keys(labels))));
    case 'labelValue': {
      const label = String(place.path[place.path.indexOf('labels') + 1]);
      return named(new Set(names.targets.flatMap(({ labels }) => labels[label] ?? [])));
    }
    case 'schema':
      return named(new Set(tablesWithin(scope, names).map(({ schema }) => part(schema))));
    case 'table':
      return tableNames(scope, asked, place, wanted);
    case 'column':
      return columnNames(scope, asked, place, wanted);
    case 'tag':
      return drafted(words.tags, '');
    case 'tagPattern':
      return tagPatterns(asked, place);
    case 'group':
      return [...named(names.groups), ...drafted(words.groups)];
    case 'person':
      return [
        ...names.people.flatMap(({ id, name }) => named([id.replace(/^person:/, '')], name)),
        ...drafted(words.users),
      ];
    case 'account':
      return named(new Set(here.flatMap(({ accounts = [] }) => accounts)));
    case 'function':
      return named(functionsWithin(scope, names));
    case 'detector':
      return [...named(DETECTORS), ...drafted(words.patterns, 'own pattern')];
    case 'rule':
      return named(words.rules);
    case 'describedPerson':
      return named(keysIn(place.value, 'people'));
    case 'describedTarget':
      return named(keysIn(place.value, 'targets'));
  }
}

function keysIn(value: unknown, section: string): string[] {
  const there = childOf(value, section);
  return isMapping(there) ? Object.keys(there) : [];
}

function tableNames(scope: Scope, { names }: Asked, place: Place, wanted: Wanted): Suggestion[] {
  const isQualified = place.written.includes('.');
  return tablesWithin({ ...scope, tables: null }, names).flatMap(({ target, schema, relation, isMeant }) => {
    if (!mayBecome(`${part(schema)}.${part(relation)}`, place.written)) return [];
    const where = `${schema} on ${target}`;
    const rank = isMeant ? RANKS.meant : RANKS.other;
    const plain = nameSuggestion(wanted, place, part(relation), where, rank);
    const qualified = `${part(schema)}.${part(relation)}`;
    const full = nameSuggestion(wanted, place, qualified, `on ${target}`, rank + RANKS.qualified);
    return isQualified ? [full] : [plain, full];
  });
}

/** `email`, with the tables that have it; `customers.email`, of the rule's tables or once a dot is written. */
function columnNames(scope: Scope, { names, kind }: Asked, place: Place, wanted: Wanted): Suggestion[] {
  const tables = tablesWithin(scope, names).toSorted((a, b) => Number(b.isMeant) - Number(a.isMeant));
  const isOfTable = kind === 'tests' && place.path[0] === 'targets';
  const isQualified = place.written.includes('.') || place.path.includes('masks');
  if (isQualified && !isOfTable) return qualifiedColumns(tables, place, wanted);
  const alone = columnsAlone(isOfTable ? tables.filter(({ isMeant }) => isMeant) : tables, place, wanted);
  if (isOfTable || scope.tables === null) return alone;
  const meant = tables.filter(({ isMeant }) => isMeant);
  return [...alone, ...qualifiedColumns(meant, place, wanted)];
}

function columnsAlone(tables: readonly NamedTable[], place: Place, wanted: Wanted): Suggestion[] {
  const byName = new Map<string, { tables: string[]; isMeant: boolean }>();
  for (const { relation, columns, isMeant } of tables) {
    for (const column of columns) {
      const known = byName.get(column);
      if (known === undefined) byName.set(column, { tables: [relation], isMeant });
      else known.tables.push(relation);
    }
  }
  return [...byName]
    .filter(([column]) => mayBecome(column, place.written))
    .map(([column, found]) => {
      const rank = found.isMeant ? RANKS.meant : RANKS.other;
      return nameSuggestion(wanted, place, part(column), listed(found.tables), rank);
    });
}

/** Of large catalogues the first that fit: more are found by more letters. */
function qualifiedColumns(tables: readonly NamedTable[], place: Place, wanted: Wanted): Suggestion[] {
  const { written } = place;
  const table = written.slice(0, written.lastIndexOf('.') + 1);
  const found: Suggestion[] = [];
  for (const { target, schema, relation, columns, isMeant } of tables) {
    if (found.length > MAX_BUILT) break;
    const full = `${part(schema)}.${part(relation)}.`;
    if (!mayBecome(full, table)) continue;
    const rank = RANKS.qualified + (isMeant ? RANKS.meant : RANKS.other);
    const where = `${schema} on ${target}`;
    for (const column of columns.map(part)) {
      if (!mayBecome(`${full}${column}`, written)) continue;
      found.push(nameSuggestion(wanted, place, `${part(relation)}.${column}`, where, rank));
      found.push(nameSuggestion(wanted, place, `${full}${column}`, `on ${target}`, rank + 1));
    }
  }
  return found;
}

/** The next part of `target.schema.table.column`, after those that stand there. */
function tagPatterns({ names }: Asked, place: Place): Suggestion[] {
  const parts = place.written.split('.');
  const before = parts.slice(0, -1).join('.');
  const [, schema = '*', table = '*'] = parts;
  const scope = { ...tagScope(place.written), schemas: [schema], tables: [table] };
  const next = (all: Iterable<string>, detail: string) =>
    ['*', ...new Set([...all].map(part))].map((name) =>
      nameSuggestion('tagPattern', place, before === '' ? name : `${before}.${name}`, detail, RANKS.meant),
    );
  if (parts.length === 1)
    return next(
      names.targets.filter(isDatabase).map(({ name }) => name),
      'target',
    );
  if (parts.length === 2) {
    return next(
      tablesWithin({ ...scope, schemas: null, tables: null }, names).map((one) => one.schema),
      'schema',
    );
  }
  const within = tablesWithin(scope, names);
  if (parts.length === 3) {
    const inSchema = tablesWithin({ ...scope, tables: null }, names).filter(({ isMeant }) => isMeant);
    return next(
      inSchema.map(({ relation }) => relation),
      'table',
    );
  }
  return next(
    within.filter(({ isMeant }) => isMeant).flatMap(({ columns }) => columns),
    'column',
  );
}

function tagScope(written: string): Scope {
  const [target = ''] = written.split('.');
  const isWhole = written.includes('.') && target !== '';
  return { targets: isWhole ? [target] : null, labels: {}, schemas: null, tables: null };
}

function isDatabase({ kind }: KnownNames['targets'][number]): boolean {
  return kind !== 'ssh';
}

function nameSuggestion(
  kind: Wanted,
  { role }: Place,
  name: string,
  detail: string,
  rank: number,
): Suggestion {
  const text = yamlText(name);
  return {
    label: name,
    kind,
    // A part of a pattern is no key yet.
    text: role === 'key' && kind !== 'tagPattern' ? `${text}: ` : text,
    isSnippet: false,
    detail,
    about: '',
    rank,
    goesOn: kind === 'tagPattern',
  };
}

function labelWords(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}: ${value}`)
    .join(', ');
}

function listed(names: readonly string[]): string {
  const more = names.length - MAX_LISTED;
  return more > 0 ? `${names.slice(0, MAX_LISTED).join(', ')} and ${more} more` : names.join(', ');
}

/** Letters in their order, as the editor itself filters. */
function mayBecome(label: string, written: string): boolean {
  let at = 0;
  const wanted = written.toLowerCase();
  for (const letter of label.toLowerCase()) if (letter === wanted[at]) at += 1;
  return at >= wanted.length;
}

function distinct(suggestions: readonly Suggestion[]): Suggestion[] {
  const best = new Map<string, Suggestion>();
  for (const one of suggestions) {
    const key = `${one.kind}\0${one.text}`;
    const known = best.get(key);
    if (known === undefined || one.rank < known.rank) best.set(key, one);
  }
  return [...best.values()];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
