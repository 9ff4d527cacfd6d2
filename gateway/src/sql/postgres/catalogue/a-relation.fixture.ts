import { Snapshot, type SnapshotRelation } from './snapshot.ts';

type SnapshotColumn = SnapshotRelation['columns'][number];

/** A catalogue without anything. */
export const nothing: Snapshot = Snapshot.parse(
  Object.fromEntries(Object.keys(Snapshot.shape).map((name) => [name, []])),
);

/** A column of type text; with an expression it is a generated one. */
export const textColumn = (
  number: number,
  name: string,
  expression: string | null = null,
): SnapshotColumn => ({
  number,
  name,
  type: 'text',
  baseType: 'text',
  typeKind: 'b',
  generated: expression !== null,
  virtual: false,
  expression,
  notNull: false,
  typeOid: 25,
  extension: null,
  domain: null,
});

/** A relation of schema public. `columns`: names of those of type text, or columns. */
export const aRelation = (
  oid: number,
  name: string,
  kind: string,
  columns: ReadonlyArray<string | SnapshotColumn>,
  definition: string | null = null,
): SnapshotRelation => ({
  oid,
  schema: 'public',
  name,
  kind,
  type: 0,
  columns: columns.map((column, at) => (typeof column === 'string' ? textColumn(at + 1, column) : column)),
  definition,
});
