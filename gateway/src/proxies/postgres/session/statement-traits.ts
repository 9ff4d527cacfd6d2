import type { SqlFacts, StatementKind } from '../../../../contract/facts.ts';
import type { AnalysedStatement, Analysis } from '../../../sql/engine.ts';
import type { Run } from './run.ts';

/** Statements that mean the same in every session state, and so go on while it can't be asked. */
export const STATELESS: ReadonlySet<StatementKind> = new Set<StatementKind>([
  'transaction',
  'set',
  'show',
  'deallocate',
  'closeCursor',
  'listen',
  'notify',
  'empty',
]);

/** Statements that may run what a name stands for. */
export const USING_NAMES: ReadonlySet<StatementKind> = new Set<StatementKind>([
  'execute',
  'fetch',
  'explain',
  'create',
]);

/** Statements that give rows, even where a function that they call may change the catalogue. */
const GIVING_ROWS: ReadonlySet<StatementKind> = new Set<StatementKind>([
  'select',
  'insert',
  'update',
  'delete',
  'merge',
  'execute',
  'fetch',
]);

/** Statements that make or drop a name that later ones refer to. */
export const NAMING: ReadonlySet<StatementKind> = new Set<StatementKind>([
  'prepare',
  'declareCursor',
  'deallocate',
  'closeCursor',
]);

/** Statements that keep everybody, the gateway too, from reading the definition of a table until they are committed. */
const LOCKING: ReadonlySet<StatementKind> = new Set<StatementKind>(['truncate', 'lock', 'maintenance']);

/**
 * Whether the catalogue is looked at again before a statement is decided, however lately it was: for a name that it did not
 * tell, and because a change that is noticed once the statement holds its lock can't be looked into.
 */
export function looksFirst(analysis: Analysis): boolean {
  if (analysis.kind === 'unparsed') return false;
  for (const { facts } of analysis.statements)
    if (facts.unknowns.length > 0 || LOCKING.has(facts.kind)) return true;
  return false;
}

/** Whether nothing in a statement could be made to mean something else: no relation, no function, the server's operators. */
function namesNothing({ statement, world }: Run): boolean {
  const [first] = world.state.sql.searchPath.filter((schema) => !schema.startsWith('pg_temp'));
  return statement.touched.length === 0 && statement.facts.functions.length === 0 && first === 'pg_catalog';
}

/** COPY … FROM is not among them: while the server waits for its data it answers nobody. */
const ROWS: ReadonlySet<StatementKind> = new Set<StatementKind>([
  'insert',
  'update',
  'delete',
  'merge',
  'truncate',
]);

/** Whether a statement changes rows, or fills what it makes: done by another meaning of its names, that stays. */
export function changesRows({ facts }: AnalysedStatement): boolean {
  return fillsWhatItMakes(facts) || facts.writes.some(({ by }) => ROWS.has(by));
}

const fillsWhatItMakes = ({ kind, reads }: SqlFacts) => kind === 'create' && reads.length > 0;

/** Whether nobody can have changed what a statement was decided on so that it would tell, or do, something else. */
export function isSure(run: Run): boolean {
  const { effect, facts } = run.statement;
  if (effect === 'catalogue' && !GIVING_ROWS.has(facts.kind) && !fillsWhatItMakes(facts)) return true;
  return STATELESS.has(facts.kind) || namesNothing(run);
}

/** Whether a statement runs what was made, and maybe granted, long before. */
export function usesNames(analysis: Analysis): boolean {
  if (analysis.kind === 'unparsed') return false;
  return analysis.statements.some(({ facts }) => facts.kind === 'execute' || facts.kind === 'fetch');
}

export function isStateless(analysis: Analysis): boolean {
  return (
    analysis.kind === 'analysed' &&
    analysis.statements.length > 0 &&
    analysis.statements.every(({ facts }) => STATELESS.has(facts.kind) && facts.unknowns.length === 0)
  );
}
