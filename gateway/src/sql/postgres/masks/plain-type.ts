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
  /** The extension that it belongs to. */
  extension: string | null;
  /** The encoding of its database. */
  encoding: string;
};

/** The type of a column as masks see it; `encoding` is only asked for by what writes or reads texts. */
export function plainType(column: Column, encoding = 'UTF8'): PlainType {
  const { type, baseType, typeKind, extension } = column.domain ?? column;
  return { name: baseType, shown: type, kind: typeKind, extension, encoding };
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

/** Types that are a text by a cast that looks at nothing but the value. */
export function isText(type: PlainType): boolean {
  return isCitext(type) || (type.name !== null && TEXTS.has(type.name));
}

/** The type of the extension citext: a text that equals others in whatever case, and is one without being computed. */
export function isCitext({ extension, kind, shown }: PlainType): boolean {
  return extension === 'citext' && kind === 'b' && !shown.endsWith('[]');
}
