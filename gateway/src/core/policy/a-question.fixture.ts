import type {
  ColumnRef,
  RelationRef,
  SqlFacts,
  StatementKind,
  ThroughColumns,
} from '../../../contract/facts.ts';
import { PrincipalId, TargetName } from '../../../contract/ids.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { Target } from '../../../contract/target.ts';
import { compilePolicy } from './compile/compile-policy.ts';
import { formatProblem, type Problem } from './language/problem.ts';
import { readDocument } from './language/read.ts';
import type { Policy, SqlQuestion } from './policy.ts';

/** For tests: the words in which questions are put to a policy. */

export const shop: Target = {
  name: TargetName.parse('shop'),
  kind: 'postgres',
  labels: { env: 'production' },
};

export function person(groups: string[], changes: Partial<Principal> = {}): Principal {
  return {
    id: PrincipalId.parse('person:ana@shop.example'),
    kind: 'person',
    name: 'Ana Ruiz',
    groups,
    claims: {},
    epoch: 1,
    ...changes,
  };
}

/** `public.customers` or `customers`. */
export function relation(name: string): RelationRef {
  const [last = '', schema = 'public'] = name.split('.').toReversed();
  return { schema, relation: last };
}

/** `customers.email` or `hr.people.email`. */
export function column(name: string): ColumnRef {
  const at = name.lastIndexOf('.');
  return { ...relation(name.slice(0, at)), column: name.slice(at + 1) };
}

export type Statement = {
  kind?: StatementKind;
  reads?: string[];
  writes?: Record<string, StatementKind>;
  /** What it does to what it does not name, and the named relation that leads there. */
  through?: Record<string, { by: StatementKind; named: string; columns?: readonly ThroughColumns[] }>;
  everyRow?: boolean;
  disclosed?: string[];
  conditions?: string[];
  unknowns?: string[];
};

export function facts(statement: Statement): SqlFacts {
  const { kind = 'select', reads = [], writes = {}, everyRow = false } = statement;
  const hasWhere = kind === 'update' || kind === 'delete' ? !everyRow : null;
  return {
    protocol: 'sql',
    kind,
    node: 'AnyStmt',
    readOnly: Object.keys(writes).length === 0,
    hasWhere,
    reads: reads.map(relation),
    writes: Object.entries(writes).map(([name, by]) => ({ ...relation(name), by, everyRow })),
    disclosed: (statement.disclosed ?? []).map(column),
    conditions: (statement.conditions ?? []).map(column),
    functions: [],
    settings: [],
    unknowns: statement.unknowns ?? [],
  };
}

export function question(
  principal: Principal,
  statement: Statement,
  changes: Partial<SqlQuestion> = {},
): SqlQuestion {
  const columns = [...(statement.disclosed ?? []), ...(statement.conditions ?? [])].map(column);
  return {
    principal,
    target: shop,
    facts: facts(statement),
    columns,
    through: Object.entries(statement.through ?? {}).map(([name, { by, named, columns = null }]) => ({
      ...relation(name),
      by,
      everyRow: statement.everyRow ?? false,
      named: relation(named),
      columns: columns === null ? null : [...columns],
    })),
    at: new Date('2026-03-04T10:00:00Z'),
    network: '10.1.2.3',
    ...changes,
  };
}

/** A policy from YAML texts; throws its problems. */
export function policyOf(...texts: string[]): Policy {
  const result = tryPolicy(...texts);
  if (!Array.isArray(result)) return result;
  throw new Error(result.join('\n'));
}

/** A policy from YAML texts, or its problems as they are printed. */
export function tryPolicy(...texts: string[]): Policy | string[] {
  const read = texts.map((text, index) => readDocument(`${index + 1}.yaml`, text));
  const problems: Problem[] = read.flatMap((result) => (result.kind === 'invalid' ? result.problems : []));
  if (problems.length > 0) return problems.map(formatProblem);
  const compiled = compilePolicy(read.flatMap((result) => (result.kind === 'read' ? [result.read] : [])));
  return compiled.kind === 'compiled' ? compiled.policy : compiled.problems.map(formatProblem);
}
