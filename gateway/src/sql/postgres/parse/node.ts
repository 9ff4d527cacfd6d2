import type { Node } from 'libpg-query';

type KeysOf<Union> = Union extends unknown ? keyof Union : never;

/** A node's name in PostgreSQL's grammar: `SelectStmt`, `ColumnRef`. */
export type Tag = KeysOf<Node>;

/** What stands under a tag. */
export type Body<T extends Tag> = Node extends infer Union
  ? Union extends Record<T, infer Content>
    ? Content
    : never
  : never;

/** The tag of a node, or null for something that isn't one. */
export function tagOf(node: Node | undefined): Tag | null {
  if (node === undefined) return null;
  for (const key of Object.keys(node)) return key as Tag;
  return null;
}

/** The node's body when it has this tag, else undefined. */
export function bodyOf<T extends Tag>(node: Node | undefined, tag: T): Body<T> | undefined {
  if (node === undefined || !(tag in node)) return undefined;
  return (node as Record<string, unknown>)[tag] as Body<T>;
}

/** Whether something of a tree has fields: a node or its body. Lists have them too, by number. */
export function hasFields(part: unknown): part is Readonly<Record<string, unknown>> {
  return typeof part === 'object' && part !== null;
}

/** The text of a String node; null for anything else. */
export function textOf(node: unknown): string | null {
  const text = hasFields(node) && hasFields(node.String) ? node.String.sval : null;
  return typeof text === 'string' ? text : null;
}

/** The texts of a list of String nodes; entries that are something else give null. */
export function namesOf(nodes: readonly Node[] | undefined): Array<string | null> {
  return (nodes ?? []).map(textOf);
}

/** The parts of a dotted name, as they are written: `[catalog, schema, name]`. */
export function dottedName(nodes: readonly Node[] | undefined): string[] {
  return namesOf(nodes).map((part) => part ?? '');
}
