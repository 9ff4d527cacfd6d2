import type { Column } from '../catalogue/catalogue.ts';
import { quoted } from './type-name.ts';

/** A type without the domains around it: masks never run a domain's checks, and clients see no difference. */
export type PlainType = {
  /** The type's name when it lives in pg_catalog: `varchar`, otherwise null. */
  name: string | null;
  /** As `format_type` prints it, modifier included: `character varying(80)`. */
  shown: string;
  /** pg_type.typtype. */
  kind: string;
};

export function plainType(column: Column): PlainType {
  const { type, baseType, typeKind } = column.domain ?? column;
  return { name: baseType, shown: type, kind: typeKind };
}

/**
 * A type with its modifier, written so that no search path or temporary type can shadow it:
 * `pg_catalog."varchar"(80)`. Types outside pg_catalog come qualified from `format_type`.
 */
export function typeText({ name, shown }: PlainType): string {
  if (name === null) return shown;
  // Its modifiers have no syntax outside the grammar's own name, which can't be shadowed.
  if (name === 'interval') return shown;
  const modifier = /\([^)]*\)/.exec(shown)?.[0] ?? '';
  return `pg_catalog.${quoted(name)}${modifier}`;
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'name']);

export function isText({ name }: PlainType): boolean {
  return name !== null && TEXTS.has(name);
}
