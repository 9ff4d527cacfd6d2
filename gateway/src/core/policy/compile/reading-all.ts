import type { RelationRef } from '../../../../contract/facts.ts';
import type { Principal } from '../../../../contract/principal.ts';
import type { Target } from '../../../../contract/target.ts';
import type { SqlQuestion } from '../policy.ts';

/** The question that `select * from relation` would put. */
export function readingAll(
  principal: Principal,
  target: Target,
  relation: RelationRef,
  columns: readonly string[],
  at: Date,
): SqlQuestion {
  const refs = columns.map((column) => ({ schema: relation.schema, relation: relation.relation, column }));
  return {
    principal,
    target,
    columns: refs,
    through: [],
    at,
    network: 'editor',
    facts: {
      protocol: 'sql',
      kind: 'select',
      node: 'SelectStmt',
      readOnly: true,
      hasWhere: null,
      reads: [relation],
      writes: [],
      disclosed: refs,
      conditions: [],
      functions: [],
      settings: [],
      unknowns: [],
    },
  };
}
