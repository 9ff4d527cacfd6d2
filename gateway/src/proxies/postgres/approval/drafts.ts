import type { Principal } from '../../../../contract/principal.ts';
import type { Surface } from '../../../../contract/surface.ts';
import type { Drafted } from '../../../core/flow/governed-target.ts';
import type { Session } from '../../../core/flow/session.ts';
import { newSessionId } from '../../../core/flow/session-id.ts';
import type { Governor, World } from '../session/governor.ts';

/** Where a statement would run that is asked for beforehand. */
export type DraftPlace = { principal: Principal; surface: Surface; world: World };

/** A session that has just begun, as the editor opens it. */
export async function newPlace({ context }: Governor, principal: Principal): Promise<DraftPlace> {
  const catalogue = await context.catalogue.check();
  return { principal, surface: 'editor', world: { state: catalogue.initialState, catalogue } };
}

/**
 * What approval of a text's one statement would be asked for there, by the engine and the policy of run time. Its effect
 * is the one that it has when it is run by the simple protocol in the same state.
 */
export async function draftFor(governor: Governor, place: DraftPlace, text: string): Promise<Drafted> {
  const analysis = await governor.analyse(text, place.world);
  if (analysis.kind === 'unparsed') return refused(`It can not be read: ${analysis.message}`, 'Correct it.');
  const [statement, second] = analysis.statements;
  if (statement === undefined) return refused('There is no statement in it.', 'Write one.');
  if (second !== undefined) {
    return refused('There is more than one statement in it.', 'Ask for one statement at a time.');
  }
  if (statement.parameters > 0) {
    return refused('It has parameters, and an approval is bound to their values.', 'Write the values in it.');
  }
  const session = sessionOf(governor, place);
  const plan = await governor.plan(session, place.principal, statement, place.world);
  if (plan.kind === 'granted') return { kind: 'free', statement: statement.text };
  if (plan.kind === 'refused') return refused(plan.decision.sentence, plan.decision.next);
  const draft = governor.draft(session, place.principal, statement, place.world, plan.decision);
  if (draft === null) return refused('Nobody can be asked for it.', '');
  return { kind: 'draft', draft };
}

/** A session of nobody's, to decide in. */
export function sessionOf({ context }: Governor, { principal, surface }: DraftPlace): Session {
  return {
    id: newSessionId(),
    surface,
    principal: { current: () => principal, onRevoked: () => () => undefined },
    target: context.target,
    network: 'editor',
  };
}

function refused(why: string, next: string): Drafted {
  return { kind: 'refused', why, next };
}
