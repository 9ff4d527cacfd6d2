import { createHash } from 'node:crypto';
import { z } from 'zod';
import { MaskMethod } from '../../../../contract/decision.ts';
import type { Catalogue, Relation } from '../catalogue/catalogue.ts';
import { partingBelow } from '../facts/keys-told.ts';
import { maskExpression } from '../masks/expression.ts';
import { quoted } from '../masks/type-name.ts';
import { HARMLESS_SYSTEM_COLUMNS } from '../rewrite/system-columns.ts';
import {
  LOCK_COLUMN,
  MASKING_SCHEMA,
  maskedColumn,
  maskingViewName,
  openColumn,
  systemColumn,
} from './names.ts';

/** Columns that some rule may mask for somebody, and the methods by which: what the least role never reads raw. */
export type MaskVariants = ReadonlyMap<string, readonly MaskMethod[]>;

/** Kinds of relations whose rows have system columns. */
const STORED: ReadonlySet<string> = new Set(['r', 'p', 'm']);

/**
 * The query of a relation's masking view: every column that nobody has masked as it is, one column for each method
 * by which another may be masked, and no other. `only` leaves the rows of children out.
 */
export function maskingViewQuery(
  catalogue: Catalogue,
  relation: Relation,
  variants: MaskVariants,
  only: boolean,
): string {
  const columns = relation.columns.flatMap((column) => {
    const methods = variants.get(column.name);
    if (methods === undefined) return [`${quoted(column.name)} AS ${quoted(openColumn(column.name))}`];
    return methods.map(
      (method) =>
        `${maskExpression(column, method, catalogue.encoding)} AS ${quoted(maskedColumn(column.name, method))}`,
    );
  });
  for (const name of systemColumnsOf(catalogue, relation, variants)) {
    columns.push(`${quoted(name)} AS ${quoted(systemColumn(name))}`);
  }
  columns.push(`NULL::pg_catalog.bool AS ${quoted(LOCK_COLUMN)}`);
  const from = `${only ? 'ONLY ' : ''}${quoted(relation.schema)}.${quoted(relation.name)}`;
  return `SELECT ${columns.join(',\n  ')}\nFROM ${from}`;
}

/** System columns that tell of no masked value. In which partition a row lies tells of the key. */
export function systemColumnsOf(
  catalogue: Catalogue,
  relation: Relation,
  variants: MaskVariants,
): readonly string[] {
  const tells = partingBelow(catalogue, relation).some(({ name }) => variants.has(name));
  return STORED.has(relation.kind) && !tells ? [...HARMLESS_SYSTEM_COLUMNS] : [];
}

/** A masking view's comment: what it was made from, so that one that no longer fits is told. */
const Comment = z.object({
  sluice: z.literal(1),
  /** The relation, for people. */
  of: z.string(),
  methods: z.record(z.string(), z.array(MaskMethod)),
  /** SHA-256 of `maskingViewQuery`, hex. */
  made: z.string(),
  /** SHA-256 of what `pg_get_viewdef` printed when it was made, hex: a renamed column or table changes it. */
  shown: z.string(),
});
export type MaskingViewComment = Omit<z.infer<typeof Comment>, 'shown'>;

export function commentOf(
  catalogue: Catalogue,
  relation: Relation,
  variants: MaskVariants,
  only: boolean,
): MaskingViewComment {
  return {
    sluice: 1,
    of: `${relation.schema}.${relation.name}`,
    methods: Object.fromEntries([...variants].map(([column, methods]) => [column, [...methods]])),
    made: sha256(maskingViewQuery(catalogue, relation, variants, only)),
  };
}

export type KnownMaskingView = { view: Relation; variants: MaskVariants };

/** The masking view of a relation as it stands in the catalogue, or why there is none that fits. */
export function maskingViewOf(
  catalogue: Catalogue,
  relation: Relation,
  only: boolean,
): KnownMaskingView | 'missing' | 'stale' {
  const key = `masking view ${relation.oid} ${only}`;
  const known = catalogue.derived.get(key);
  if (known !== undefined) return known as ReturnType<typeof maskingViewOf>;
  const found = find(catalogue, relation, only);
  catalogue.derived.set(key, found);
  return found;
}

function find(catalogue: Catalogue, relation: Relation, only: boolean): ReturnType<typeof maskingViewOf> {
  // Without children both read the same rows.
  const own = only && catalogue.descendants(relation.oid).size > 0;
  const view = catalogue.relation(MASKING_SCHEMA, maskingViewName(relation, own));
  if (view === undefined || view.kind !== 'v') return 'missing';
  const comment = read(catalogue.commentOfMaskingView(view.oid));
  if (comment === null) return 'stale';
  const variants: MaskVariants = new Map(Object.entries(comment.methods));
  const fits =
    comment.made === sha256(maskingViewQuery(catalogue, relation, variants, own)) &&
    comment.shown === sha256(view.definition ?? '');
  return fits ? { view, variants } : 'stale';
}

function read(comment: string | null): z.infer<typeof Comment> | null {
  try {
    const parsed = Comment.safeParse(JSON.parse(comment ?? ''));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
