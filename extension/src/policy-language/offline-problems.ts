import { type Document, isMap, isScalar, isSeq } from 'yaml';
import { endsOfProblems, parsed } from './place.ts';
import { alternatives, constantsOf, ownProperty, type Schema, thoseMeant } from './schema.ts';

export type OfflineProblem = { start: number; end: number; what: string };

const MAX_PROBLEMS = 100;

/**
 * What the published schema alone says is wrong with a document, while no gateway judges it: keys that it does not know,
 * keys that are missing, words that it does not list. Much that a gateway finds is not found here.
 */
export function offlineProblems(text: string, schema: Schema): OfflineProblem[] {
  const document = parsed(text);
  if (document === null) return [];
  const errors = document.errors.map(({ pos: [start], message }) => ({
    start,
    what: `this is not valid YAML: ${message}`,
  }));
  const found = errors.length > 0 ? errors : checked(document, schema);
  const told = found.slice(0, MAX_PROBLEMS);
  const ends = endsOfProblems(
    text,
    told.map(({ start }) => start),
  );
  return told.map(({ start, what }, at) => ({ start, end: ends[at] ?? start, what }));
}

type Found = { start: number; what: string };

function checked(document: Document.Parsed, schema: Schema): Found[] {
  const found: Found[] = [];
  checkNode(document.contents, alternatives(schema), 0, found);
  return found;
}

function checkNode(node: unknown, schemas: readonly Schema[], at: number, found: Found[]): void {
  if (schemas.length === 0 || found.length >= MAX_PROBLEMS) return;
  if (isMap(node)) checkMapping(node, schemas, found);
  else if (isSeq(node)) checkList(node, schemas, at, found);
  else if (isScalar(node) || node === null) checkScalar(node, schemas, at, found);
}

function checkList(
  node: { items: readonly unknown[]; range?: readonly number[] | null | undefined },
  schemas: readonly Schema[],
  at: number,
  found: Found[],
): void {
  const items = schemas.flatMap(({ items: item }) => (item === undefined ? [] : alternatives(item)));
  const start = node.range?.[0] ?? at;
  if (items.length === 0 && !schemas.some(({ type }) => allows(type, 'array'))) {
    found.push({ start, what: `a list can not stand here; ${instead(schemas)}` });
  }
  for (const item of node.items) checkNode(item, items, start, found);
}

function checkMapping(
  node: { items: readonly { key: unknown; value: unknown }[]; range?: readonly number[] | null | undefined },
  schemas: readonly Schema[],
  found: Found[],
): void {
  const start = node.range?.[0] ?? 0;
  const mappings = schemas.filter(({ type }) => allows(type, 'object'));
  if (mappings.length === 0) {
    found.push({ start, what: `a mapping can not stand here; ${instead(schemas)}` });
    return;
  }
  const entries = node.items.map(({ key, value }) => [keyOf(key), value] as const);
  const scalars = entries.map(([key, value]) => [key, isScalar(value) ? value.value : {}] as const);
  const meant = thoseMeant(mappings, Object.fromEntries(scalars));
  const known = [...new Set(meant.flatMap(({ properties = {} }) => Object.keys(properties)))];
  for (const { key, value } of node.items) {
    const inner = meant.flatMap((schema) => propertyOf(schema, keyOf(key)));
    const keyStart = isScalar(key) ? (key.range?.[0] ?? start) : start;
    if (inner.length === 0) {
      found.push({
        start: keyStart,
        what: `"${keyOf(key)}" is not known here. Known are ${known.join(', ')}`,
      });
    } else checkNode(value, inner.flatMap(alternatives), keyStart, found);
  }
  const [only, ...others] = meant;
  const missing = only?.required?.filter((key) => !entries.some(([there]) => there === key)) ?? [];
  if (others.length === 0 && missing.length > 0) {
    found.push({ start, what: `${missing.map((key) => `"${key}"`).join(', ')} is missing` });
  }
}

function propertyOf(schema: Schema, key: string): Schema[] {
  const property = ownProperty(schema, key);
  if (property !== undefined) return [property];
  if (typeof schema.additionalProperties === 'object') return [schema.additionalProperties];
  return schema.properties === undefined && schema.additionalProperties !== false ? [{}] : [];
}

function checkScalar(node: unknown, schemas: readonly Schema[], at: number, found: Found[]): void {
  const value: unknown = isScalar(node) ? node.value : null;
  const start = isScalar(node) ? (node.range?.[0] ?? at) : at;
  if (schemas.some((schema) => takes(schema, value))) return;
  const told = value === null ? 'nothing stands here' : `"${String(value)}" is not known here`;
  found.push({ start, what: `${told}; ${instead(schemas)}` });
}

function takes(schema: Schema, value: unknown): boolean {
  const constants = constantsOf(schema);
  if (constants !== null) return constants.includes(value);
  const { type } = schema;
  if (type === undefined) return true;
  if (value === null) return allows(type, 'null');
  if (typeof value === 'number') return allows(type, 'number') || allows(type, 'integer');
  if (typeof value === 'string') return allows(type, 'string') && matches(schema, value);
  return typeof value === 'boolean' ? allows(type, 'boolean') : true;
}

function matches({ pattern, minLength = 0 }: Schema, value: string): boolean {
  return value.trim().length >= minLength && (pattern === undefined || new RegExp(pattern).test(value));
}

function allows(type: Schema['type'], wanted: string): boolean {
  return type === undefined || [type].flat().includes(wanted);
}

/** What could stand in a place. */
function instead(schemas: readonly Schema[]): string {
  const words = schemas.flatMap((schema) => constantsOf(schema) ?? []).filter((one) => one !== null);
  const kinds = schemas.flatMap((schema) =>
    constantsOf(schema) === null ? [schema.type ?? 'anything'].flat().map((type) => KINDS[type] ?? type) : [],
  );
  return `write ${[...new Set([...words.map(String), ...kinds])].join(', ')}`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list: [one, two]',
  object: 'a mapping: {key: value}',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}
