import * as z from 'zod';
import { ColumnRef, RelationRef } from './facts.ts';

/** How many rows, and how that is known. */
export const RowFigure = z.object({
  rows: z.int().nonnegative(),
  /** `counted`: a read-only count of the same WHERE; `atLeast`: counting was stopped; `estimated`: the planner's. */
  how: z.enum(['counted', 'atLeast', 'estimated']),
});
export type RowFigure = z.infer<typeof RowFigure>;

/** A lock that a statement takes, or that its transaction holds already. */
export const LockRef = RelationRef.extend({
  /** PostgreSQL's name: "RowExclusiveLock". */
  mode: z.string(),
});
export type LockRef = z.infer<typeof LockRef>;

/** Rows of another table that go along. */
export const Cascade = z.object({
  from: RelationRef,
  to: RelationRef,
  constraint: z.string(),
  /** What the foreign key does: "cascade", "set null", "set default". */
  action: z.string(),
});
export type Cascade = z.infer<typeof Cascade>;

/**
 * What would happen, computed by the gateway before anybody decides. Values in it are masked as the requester would
 * see them. What could not be computed stands in `unknown`, a sentence each.
 */
export const Impact = z.object({
  /** One sentence in plain words: "Changes 3 of about 50,000 rows of public.customers." */
  summary: z.string(),
  rows: RowFigure.nullable(),
  /** Rows of the table that is written, by the planner's statistics. */
  ofRows: z.int().nonnegative().nullable(),
  reads: z.array(RelationRef),
  writes: z.array(RelationRef.extend({ by: z.string() })),
  columns: z.array(ColumnRef),
  where: z
    .object({
      present: z.boolean(),
      /** The index that finds its rows; null: the whole table is read. */
      index: z.string().nullable(),
    })
    .nullable(),
  cascades: z.array(Cascade),
  triggers: z.array(RelationRef.extend({ trigger: z.string() })),
  takes: z.array(LockRef),
  /** Locks of the open transaction, held while it waits. */
  holds: z.array(LockRef),
  /** What DDL does beyond its words: "Rewrites public.customers, and nobody reads it meanwhile." */
  effects: z.array(z.string()),
  /** Some of the rows concerned, as the requester would see them; others are shown less of it where they may not. */
  sample: z
    .object({
      columns: z.array(z.string()),
      rows: z.array(z.array(z.string().nullable())),
      /** Where each column's values come from. */
      origins: z.array(z.array(ColumnRef)).optional(),
    })
    .nullable(),
  /** The requester's last requests for statements of the same shape on the target. */
  similar: z.array(z.object({ at: z.iso.datetime(), status: z.string(), statement: z.string() })),
  unknown: z.array(z.string()),
});
export type Impact = z.infer<typeof Impact>;

/** An impact of which nothing but a sentence is known. */
export function onlySummary(summary: string): Impact {
  return {
    summary,
    rows: null,
    ofRows: null,
    reads: [],
    writes: [],
    columns: [],
    where: null,
    cascades: [],
    triggers: [],
    takes: [],
    holds: [],
    effects: [],
    sample: null,
    similar: [],
    unknown: [],
  };
}
