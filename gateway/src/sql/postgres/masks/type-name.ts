import type { Column } from '../catalogue/catalogue.ts';

/** A name as an identifier that means the same whatever it holds. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * The column's type with its modifier, written so that no search path or temporary type can shadow it:
 * `pg_catalog."varchar"(80)`. Types outside pg_catalog come qualified from `format_type`.
 */
export function typeName(column: Column): string {
  if (column.baseType === null) return column.type;
  // Its modifiers have no syntax outside the grammar's own name, which can't be shadowed.
  if (column.baseType === 'interval') return column.type;
  const modifier = /\([^)]*\)/.exec(column.type)?.[0] ?? '';
  return `pg_catalog.${quoted(column.baseType)}${modifier}`;
}

const TEXT_TYPES = new Set(['text', 'varchar', 'bpchar', 'name']);

export function isText(column: Column): boolean {
  return column.baseType !== null && TEXT_TYPES.has(column.baseType);
}
