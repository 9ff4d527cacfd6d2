import { type CelInput, celEnv, parse, plan } from '@bufbuild/cel';
import type { ColumnRef, Facts, RelationRef, SqlFacts } from '../../../../contract/facts.ts';
import type { HostFacts } from '../../../../contract/host-facts.ts';
import type { Question } from '../policy.ts';

const toTimestamp = plan(celEnv(), parse('timestamp(text)'));

const MAKERS: Readonly<Record<string, (question: Question) => CelInput>> = {
  principal: ({ principal }) =>
    new Map([
      ['id', principal.id],
      ['name', principal.name],
      ['email', principal.email ?? ''],
      ['kind', principal.kind],
    ]),
  groups: ({ principal }) => principal.groups,
  claims: ({ principal }) => fromJson(principal.claims),
  now: ({ at }) => timestamp(at),
  network: ({ network }) => network,
  target: ({ target }) =>
    new Map<string, CelInput>([
      ['name', target.name],
      ['kind', target.kind],
      ['labels', new Map(Object.entries(target.labels))],
    ]),
  statement: ({ facts }) => statement(facts),
};

/** Values that were made for a question, for the other conditions that read them. */
const made = new WeakMap<Question, Record<string, CelInput>>();

/** What a condition reads, under its names, and perhaps more; only the names that are used are made. */
export function conditionValues(question: Question, used: ReadonlySet<string>): Record<string, CelInput> {
  const values = made.get(question) ?? {};
  made.set(question, values);
  for (const name of used) {
    const make = MAKERS[name];
    if (make !== undefined && !Object.hasOwn(values, name)) values[name] = make(question);
  }
  return values;
}

function timestamp(at: Date): CelInput {
  const value = toTimestamp({ text: at.toISOString() });
  if (value instanceof Error) throw value;
  return value as CelInput;
}

/** What doesn't apply is empty: a condition on it doesn't hold, rather than fail. */
function statement(facts: Facts): CelInput {
  return new Map<string, CelInput>([
    ...Object.entries(NOTHING),
    ...Object.entries(facts.protocol === 'sql' ? sqlStatement(facts) : hostStatement(facts)),
  ]);
}

const NOTHING: Record<string, CelInput> = {
  hasWhere: null,
  reads: [],
  writes: [],
  disclosed: [],
  conditions: [],
  functions: [],
  account: '',
  programs: [],
  paths: [],
  destinations: [],
};

function sqlStatement(facts: SqlFacts): Record<string, CelInput> {
  return {
    kind: facts.kind,
    readOnly: facts.readOnly,
    hasWhere: facts.hasWhere,
    reads: facts.reads.map(relationName),
    writes: facts.writes.map(relationName),
    disclosed: facts.disclosed.map(columnName),
    conditions: facts.conditions.map(columnName),
    functions: facts.functions.map(({ schema, name }) => `${schema}.${name}`),
  };
}

function hostStatement({ uses, account, readOnly }: HostFacts): Record<string, CelInput> {
  const kinds = [...new Set(uses.map(({ kind }) => kind))];
  const programs = uses.flatMap((use) => ('program' in use ? [use.program.program] : []));
  return {
    // A line that does several things has no kind of its own.
    kind: kinds.length === 1 ? (kinds[0] ?? '') : '',
    readOnly,
    account,
    programs: [...new Set(programs)],
    paths: uses.flatMap((use) => ('path' in use ? [use.path] : [])),
    destinations: uses.flatMap((use) => ('port' in use ? [`${use.host}:${use.port}`] : [])),
  };
}

const relationName = ({ schema, relation }: RelationRef): string => `${schema}.${relation}`;
const columnName = (column: ColumnRef): string => `${relationName(column)}.${column.column}`;

type Json = Question['principal']['claims'][string];

function fromJson(value: Json): CelInput {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, fromJson(inner)]));
}
