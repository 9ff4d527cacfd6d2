import type { Body, Tag } from '../parse/node.ts';

/** Nodes of SQL/JSON and MERGE that begin with a name and read, where a server knows no such syntax, as a call of it. */
const NAMES: { readonly [T in Tag]?: string } = {
  JsonArrayAgg: 'json_arrayagg',
  JsonArrayConstructor: 'json_array',
  JsonArrayQueryConstructor: 'json_array',
  JsonObjectAgg: 'json_objectagg',
  JsonObjectConstructor: 'json_object',
  JsonParseExpr: 'json',
  JsonScalarExpr: 'json_scalar',
  JsonSerializeExpr: 'json_serialize',
  MergeSupportFunc: 'merge_action',
};

const QUERIES: Readonly<Record<string, string>> = {
  JSON_EXISTS_OP: 'json_exists',
  JSON_QUERY_OP: 'json_query',
  JSON_TABLE_OP: 'json_table',
  JSON_VALUE_OP: 'json_value',
};

/** What the parser writes as a call of the server's own function whatever the search path, and older servers don't. */
const CALLS: ReadonlySet<string> = new Set(['json_object']);

/** The name that a server of an older version (14 to 16) takes a node for a call of; null for all other nodes. */
export function calledInOlderGrammar(tag: Tag, body: unknown): string | null {
  if (tag === 'JsonFuncExpr') return QUERIES[(body as Body<'JsonFuncExpr'>).op ?? ''] ?? null;
  return NAMES[tag] ?? null;
}

export function isCallInOlderGrammar(name: string): boolean {
  return CALLS.has(name);
}
