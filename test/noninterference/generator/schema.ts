import type { Client } from 'pg';
import { z } from 'zod';
import { kindOf, type Type } from './types.ts';

export type Column = { name: string; type: Type; masked: boolean; generated: boolean };
export type Relation = {
  schema: string;
  name: string;
  kind: 'table' | 'view' | 'partitioned';
  columns: readonly Column[];
  /** Whether the policy masks columns of it, or hides rows of it. */
  governed: boolean;
};
/** What statements are generated over: the twins' own relations, as the server describes them. */
export type Schema = {
  relations: readonly Relation[];
  tables: readonly Relation[];
  governedTables: readonly Relation[];
  /** Some of their rows are there for nobody. */
  filteredTables: readonly Relation[];
};

const Row = z.object({
  schema: z.string(),
  name: z.string(),
  relkind: z.string(),
  column: z.string(),
  type: z.string(),
  generated: z.string(),
});

/**
 * Reads the relations of a twin. `isMasked` tells which columns the policy masks, `isFiltered` of which tables it hides
 * rows.
 */
export async function loadSchema(
  client: Client,
  isMasked: (schema: string, relation: string, column: string) => boolean,
  isFiltered: (schema: string, relation: string) => boolean,
): Promise<Schema> {
  const { rows } =
    await client.query(`SELECT n.nspname AS schema, c.relname AS name, c.relkind, a.attname AS column,
      t.typname AS type, a.attgenerated AS generated
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
      JOIN pg_type t ON t.oid = a.atttypid
    WHERE n.nspname IN ('public', 'other') AND c.relkind IN ('r', 'v', 'm', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.oid, a.attnum`);
  const relations = new Map<string, Relation & { columns: Column[] }>();
  for (const row of z.array(Row).parse(rows)) {
    const key = `${row.schema}.${row.name}`;
    const kind = row.relkind === 'p' ? 'partitioned' : row.relkind === 'r' ? 'table' : 'view';
    const relation = relations.get(key) ?? {
      schema: row.schema,
      name: row.name,
      kind,
      columns: [],
      governed: isFiltered(row.schema, row.name),
    };
    relations.set(key, relation);
    const type = kindOf(row.type);
    if (type === null) continue;
    const masked = isMasked(row.schema, row.name, row.column);
    relation.columns.push({ name: row.column, type, masked, generated: row.generated !== '' });
    relation.governed ||= masked;
  }
  const all = [...relations.values()].filter(({ columns }) => columns.length > 0);
  const tables = all.filter(({ kind }) => kind !== 'view');
  return {
    relations: all,
    tables,
    governedTables: tables.filter(({ governed }) => governed),
    filteredTables: tables.filter(({ schema, name }) => isFiltered(schema, name)),
  };
}

/** A name as SQL takes it. */
export function nameOf({ schema, name }: Relation): string {
  return `${schema}.${name}`;
}
