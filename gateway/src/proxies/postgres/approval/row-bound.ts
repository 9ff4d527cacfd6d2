import type { SqlFacts, StatementKind } from '../../../../contract/facts.ts';
import type { AnalysedStatement } from '../../../sql/engine.ts';
import { errorResponse } from '../front/error.ts';

/** Kinds that say how many rows they gave or changed, and what each may change for that number to be all of it. */
type Counts = (write: SqlFacts['writes'][number]) => boolean;
const COUNTED: ReadonlyMap<StatementKind, Counts> = new Map<StatementKind, Counts>([
  ['select', () => false],
  ['copyTo', () => false],
  ['fetch', () => false],
  ['execute', () => false],
  ['insert', ({ by }) => by === 'insert' || by === 'update'],
  ['update', ({ by }) => by === 'update'],
  ['delete', ({ by }) => by === 'delete'],
  ['merge', () => true],
  ['copyFrom', () => true],
]);

/**
 * Why a statement can't be held to a number of rows; null when it can. What it says of itself must be all that it does: a
 * WITH that changes something, or a function that may, is in no count. Rows that foreign keys take along aren't either,
 * and those of triggers: an approver is shown both.
 */
export function whyUncounted({ facts, text }: Pick<AnalysedStatement, 'facts' | 'text'>): string | null {
  const counts = COUNTED.get(facts.kind);
  const { writes, functions } = facts;
  const relations = new Set(writes.map(({ schema, relation }) => JSON.stringify([schema, relation])));
  const isPlain = writes.length === 0 || (relations.size === 1 && !/\bwith\b/i.test(text));
  if (counts === undefined || !isPlain || !writes.every(counts)) {
    return 'the server does not tell how many rows it changes';
  }
  const foreign = functions.find(
    (called) => called.volatility === 'volatile' && called.schema !== 'pg_catalog',
  );
  if (foreign === undefined) return null;
  return `function ${foreign.schema}.${foreign.name} may change rows that nobody counts`;
}

/** program_limit_exceeded (manual, Appendix A). */
export const TOO_MANY_ROWS = '54000';

/** It was approved for fewer rows than it has; what it did is undone. */
export function tooManyRows(maxRows: number, rows: number, approvers: readonly string[]): Buffer {
  const what = `it was approved for at most ${maxRows} ${maxRows === 1 ? 'row' : 'rows'}, and has ${rows === maxRows + 1 ? 'more' : rows}`;
  return errorResponse('ERROR', TOO_MANY_ROWS, `The statement was rolled back: ${what}.`, {
    detail: approvers.length === 0 ? '' : `Approved by ${approvers.join(', ')}.`,
    hint: 'Run it again to ask again, or run one that has fewer rows.',
  });
}

/** It can't be held to what it was approved for. */
export function uncounted(maxRows: number, why: string): Buffer {
  return errorResponse(
    'ERROR',
    '0A000',
    `Not run: it was approved for at most ${maxRows} rows, and ${why}.`,
    { hint: 'Ask again for an approval without a number of rows, or write it so that it can be counted.' },
  );
}
