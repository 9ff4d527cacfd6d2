import * as z from 'zod';
import { HostFacts } from './host-facts.ts';

/** A column as the catalogue knows it, fully resolved. */
export const ColumnRef = z.object({ schema: z.string(), relation: z.string(), column: z.string() });
export type ColumnRef = z.infer<typeof ColumnRef>;

/** Whether both name the same column. */
export function isSameColumn(left: ColumnRef, right: ColumnRef): boolean {
  return left.column === right.column && left.relation === right.relation && left.schema === right.schema;
}

export const RelationRef = z.object({ schema: z.string(), relation: z.string() });
export type RelationRef = z.infer<typeof RelationRef>;

export const FunctionRef = z.object({
  schema: z.string(),
  name: z.string(),
  volatility: z.enum(['immutable', 'stable', 'volatile', 'unknown']),
});
export type FunctionRef = z.infer<typeof FunctionRef>;

/** What a SQL statement does, in the words policy rules use. */
export const StatementKind = z.enum([
  'select',
  'insert',
  'update',
  'delete',
  'merge',
  'truncate',
  'copyFrom',
  'copyTo',
  'create',
  'alter',
  'drop',
  'grant',
  'transaction',
  'set',
  'show',
  'explain',
  'prepare',
  'execute',
  'deallocate',
  'declareCursor',
  'fetch',
  'closeCursor',
  'listen',
  'notify',
  'lock',
  'maintenance',
  'comment',
  'do',
  'call',
  'empty',
  'other',
]);
export type StatementKind = z.infer<typeof StatementKind>;

/**
 * A relation that a statement changes, and by what: `with d as (delete from a) insert into b …` writes `a` by
 * delete and `b` by insert, and `explain analyze delete from a` writes `a` by delete, whatever `kind` says.
 */
export const WriteRef = RelationRef.extend({
  by: StatementKind,
  /** An update or delete without a WHERE clause. */
  everyRow: z.boolean(),
});
export type WriteRef = z.infer<typeof WriteRef>;

/**
 * Columns of one relation that a statement uses without naming them, and what leads to all of them alike: `path` has the
 * relations between them and `by`, from the columns on. Together, as a table with many partitions has many.
 */
export const ThroughColumns = z.object({
  by: RelationRef,
  path: z.array(RelationRef),
  columns: z.array(
    z.object({
      column: z.string(),
      /** The column of `by`, which the statement names, that has its values of it; null where the query of view `by` looks at it. */
      as: z.string().nullable(),
    }),
  ),
});
export type ThroughColumns = z.infer<typeof ThroughColumns>;

/**
 * A relation that a statement works on without naming it, what it does there, and the named relation that leads to it:
 * behind a view, a partition or a partition's parent, a table whose rows a foreign key takes along. Also a relation that it
 * names, where it uses columns of it that it does not name.
 */
export const ThroughRef = WriteRef.extend({
  named: RelationRef,
  /**
   * Of what is read: the columns used. `sameAs`: those that have the names of the ones used of another relation, of which it
   * is a partition, child or parent; there may be thousands. Null stands for every column: of what is written, and in records
   * of gateways that did not tell.
   */
  columns: z
    .union([z.array(ThroughColumns), z.object({ sameAs: RelationRef })])
    .nullable()
    .default(null),
});
export type ThroughRef = z.infer<typeof ThroughRef>;

/** A column that a statement compares with constants or parameters by `=`, and with how many. */
export const ColumnLookup = z.object({ column: ColumnRef, values: z.int().positive() });
export type ColumnLookup = z.infer<typeof ColumnLookup>;

/**
 * What one SQL statement would do, and what could not be determined. `unknowns` is never empty when the
 * analysis was incomplete, and anything in it blocks.
 */
export const SqlFacts = z.object({
  protocol: z.literal('sql'),
  kind: StatementKind,
  /** The grammar's node name, `SelectStmt`, for messages and for the record. */
  node: z.string(),
  /** True when the statement can change nothing, by grammar and by the volatility of what it calls. */
  readOnly: z.boolean(),
  /** For update and delete: whether a WHERE clause stands there. Otherwise null. */
  hasWhere: z.boolean().nullable(),
  reads: z.array(RelationRef),
  writes: z.array(WriteRef),
  /** Columns whose values, or anything computed from them, reach the client or another relation. */
  disclosed: z.array(ColumnRef),
  /** Columns only used to filter, join, sort or group. */
  conditions: z.array(ColumnRef),
  /** Equality with constants where a rule may let that through to the raw column; absent when there is none. */
  lookups: z.array(ColumnLookup).optional(),
  functions: z.array(FunctionRef),
  settings: z.array(z.object({ name: z.string(), value: z.string().nullable() })),
  /** A sentence for each thing that could not be determined: "function public.f is not reviewed". */
  unknowns: z.array(z.string()),
});
export type SqlFacts = z.infer<typeof SqlFacts>;

/** Grows by one member for each protocol that can state facts. */
export const Facts = z.discriminatedUnion('protocol', [SqlFacts, HostFacts]);
export type Facts = z.infer<typeof Facts>;
