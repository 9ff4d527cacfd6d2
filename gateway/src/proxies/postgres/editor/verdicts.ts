import type { Principal } from '../../../../contract/principal.ts';
import type { Verdict, VerdictFix } from '../../../../contract/verdict.ts';
import type { PrincipalHandle } from '../../../core/access/principals.ts';
import { blocked } from '../../../core/flow/blocked.ts';
import type { Session } from '../../../core/flow/session.ts';
import { newSessionId } from '../../../core/flow/session-id.ts';
import type { Governor, World } from '../session/governor.ts';
import { type Instead, insteadOf } from '../session/instead.ts';
import { maskedColumns } from './masked-columns.ts';

/**
 * What would be done with each statement of a text in a session that has just begun: the engine and the policy of
 * run time, and nothing is run or recorded.
 */
export async function verdictsOf(governor: Governor, principal: Principal, text: string): Promise<Verdict[]> {
  const { catalogue, target, govern } = governor.context;
  const current = await catalogue.current();
  const world: World = { state: current.initialState, catalogue: current };
  const analysis = await governor.analyse(text, world);
  if (analysis.kind === 'unparsed') {
    const decision = blocked(govern.policy.current().version, analysis.message, '');
    return [{ start: 0, end: text.length, facts: null, decision, columns: null }];
  }
  const handle: PrincipalHandle = { current: () => principal, onRevoked: () => () => undefined };
  const session: Session = {
    id: newSessionId(),
    surface: 'editor',
    principal: handle,
    target,
    network: 'editor',
  };
  return Promise.all(
    analysis.statements.map(async (statement) => {
      const { decision } = await governor.plan(session, principal, statement, world);
      const { start, end, facts, outputs } = statement;
      const verdict = { start, end, facts, decision, columns: maskedColumns(outputs, decision) };
      if (decision.outcome === 'allow' || decision.outcome === 'mask') return verdict;
      const instead = await insteadOf(governor, session, principal, statement, world);
      return instead === null ? verdict : { ...verdict, fixes: [fixOf(instead, start)] };
    }),
  );
}

function fixOf({ leftOut, start, end, replacement }: Instead, at: number): VerdictFix {
  return { title: `Leave out ${leftOut.join(', ')}`, start: at + start, end: at + end, replacement };
}
