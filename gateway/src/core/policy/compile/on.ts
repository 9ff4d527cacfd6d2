import type { ColumnRef, RelationRef } from '../../../../contract/facts.ts';
import type { Target } from '../../../../contract/target.ts';
import { compileHostSelector, type HostSelector } from '../host/selector.ts';
import { HOST_WORDS, SQL_WORDS } from '../language/host.ts';
import { partsFromRight } from '../language/name.ts';
import type { On } from '../language/schema.ts';
import { anyGlob, glob } from './glob.ts';

/** A rule's `on`, compiled. A null selector was not written, and then everything is meant. */
export type CompiledOn = {
  target: (target: Target) => boolean;
  relation: ((relation: RelationRef) => boolean) | null;
  column: ((column: ColumnRef, tags: ReadonlySet<string>) => boolean) | null;
  host: HostSelector;
};

export function compileOn(on: 'everything' | On): CompiledOn {
  if (on === 'everything') return { target: () => true, relation: null, column: null, host: ANY_HOST };
  return {
    target: compileTarget(on),
    relation: compileRelation(on),
    column: compileColumn(on),
    host: compileHostSelector(on),
  };
}

const ANY_HOST = compileHostSelector({});

/** PostgreSQL's own relations: only a rule that names the schema outright is about them. */
export function isSystemSchema(schema: string): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema';
}

function compileTarget(on: On): (target: Target) => boolean {
  const name = anyGlob(on.targets);
  const written = Object.keys(on);
  // What is said of tables is about databases, and what is said of programs about hosts.
  const aboutDatabases = written.some((word) => SQL_WORDS.includes(word));
  const aboutHosts = written.some((word) => HOST_WORDS.includes(word));
  const labels = Object.entries(on.labels ?? {}).map(
    ([label, wanted]) => [label, anyGlob([wanted].flat())] as const,
  );
  const carries = (target: Target, label: string): string | undefined =>
    Object.hasOwn(target.labels, label) ? target.labels[label] : undefined;
  return (target) =>
    !(target.kind === 'ssh' ? aboutDatabases : aboutHosts) &&
    name(target.name) &&
    labels.every(([label, matches]) => {
      const value = carries(target, label);
      return value !== undefined && matches(value);
    });
}

function compileRelation(on: On): CompiledOn['relation'] {
  if (on.schemas === undefined && on.tables === undefined) return null;
  const inSchemas = anyGlob(on.schemas);
  const tables = (on.tables ?? ['*']).map(compileTable);
  return (relation) =>
    isSystemSchema(relation.schema)
      ? namesSystemSchema(on, relation.schema) && tables.some((matches) => matches(relation))
      : inSchemas(relation.schema) && tables.some((matches) => matches(relation));
}

function namesSystemSchema(on: On, schema: string): boolean {
  return [...(on.schemas ?? []), ...(on.tables ?? []).map((table) => partsFromRight(table)[1])].includes(
    schema,
  );
}

/** `table` or `schema.table`. */
function compileTable(pattern: string): (relation: RelationRef) => boolean {
  const [relation = '*', schema = '*'] = partsFromRight(pattern);
  const [inRelation, inSchema] = [glob(relation), glob(schema)];
  return (ref) => inRelation(ref.relation) && inSchema(ref.schema);
}

function compileColumn(on: On): CompiledOn['column'] {
  if (on.columns === undefined && on.tags === undefined) return null;
  const columns = on.columns?.map(compileColumnPattern) ?? null;
  const wanted = on.tags ?? null;
  return (column, tags) => {
    if (isSystemSchema(column.schema)) return false;
    const named = columns === null || columns.some((matches) => matches(column));
    return named && (wanted === null || wanted.some((tag) => tags.has(tag)));
  };
}

/** `column`, `table.column` or `schema.table.column`. */
export function compileColumnPattern(pattern: string): (column: ColumnRef) => boolean {
  const [column = '*', relation = '*', schema = '*'] = partsFromRight(pattern);
  const [inColumn, inRelation, inSchema] = [glob(column), glob(relation), glob(schema)];
  return (ref) => inColumn(ref.column) && inRelation(ref.relation) && inSchema(ref.schema);
}
