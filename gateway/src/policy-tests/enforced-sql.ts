import { isRestricted } from '../../contract/decision.ts';
import type { Enforce } from '../core/flow/govern.ts';
import type { AnalysedStatement, SqlEngine } from '../sql/engine.ts';
import type { DescribedWorld } from './described-target.ts';

/** Whether what a decision asks for can be done to a statement: the rewriting of run time. */
export function enforcedSql(
  engine: SqlEngine,
  world: DescribedWorld,
  statement: AnalysedStatement,
): Enforce<unknown> {
  return async (decision) => {
    if (!isRestricted(decision)) return { kind: 'enforced', payload: statement.text };
    const request = { ...world, text: statement.text };
    const rewrite = await engine.rewrite(request, 0, decision.masks, decision);
    return rewrite.kind === 'refused' ? rewrite : { kind: 'enforced', payload: rewrite.text };
  };
}
