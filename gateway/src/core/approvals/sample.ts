import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import { type ColumnRef, isSameColumn } from '../../../contract/facts.ts';
import type { Impact } from '../../../contract/impact.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { Target } from '../../../contract/target.ts';
import type { Policy, Question } from '../policy/policy.ts';

type Sample = NonNullable<Impact['sample']>;

/** In place of a value that its requester sees and this reader may not. */
const WITHHELD = '(masked for you)';

/**
 * The rows of a request's card for somebody else than its requester, who sees them masked as they are: what rules mask for
 * this reader as well is left out, and all of it where they might not read those rows, or where it isn't known whence
 * they come.
 */
export function sampleFor(
  { requester, impact }: Pick<ApprovalRequest, 'requester' | 'impact'>,
  reader: Principal,
  target: Target | null,
  policy: Policy,
  at: Date,
): Sample | null {
  const sample = impact?.sample ?? null;
  if (sample === null || reader.id === requester.id) return sample;
  const { origins } = sample;
  if (target === null || origins === undefined) return null;
  const { decision } = policy.decide(readingOf(origins.flat(), reader, target, at));
  const mayRead = decision.outcome === 'allow' || decision.outcome === 'mask';
  if (!mayRead || (decision.rows ?? []).length > 0) return null;
  const isMasked = sample.columns.map((_, index) =>
    (origins[index] ?? []).some((origin) =>
      decision.masks.some(({ column }) => isSameColumn(column, origin)),
    ),
  );
  const shown = (value: string | null, index: number) =>
    value !== null && isMasked[index] === true ? WITHHELD : value;
  return { ...sample, rows: sample.rows.map((row) => row.map(shown)) };
}

/** The question that a query for these columns would put. */
function readingOf(columns: readonly ColumnRef[], principal: Principal, target: Target, at: Date): Question {
  const reads = new Map(
    columns.map(({ schema, relation }) => [`${schema}.${relation}`, { schema, relation }]),
  );
  return {
    ...{ principal, target, columns, at },
    through: [],
    network: 'editor',
    facts: {
      ...{ protocol: 'sql', kind: 'select', node: 'SelectStmt', readOnly: true, hasWhere: null },
      ...{ reads: [...reads.values()], disclosed: [...columns] },
      ...{ writes: [], conditions: [], functions: [], settings: [], unknowns: [] },
    },
  };
}
