import type { Person } from '../../../contract/approval-request.ts';
import { SluiceError } from '../../../contract/error.ts';
import type { SessionId, TargetName } from '../../../contract/ids.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { LiveSession, SessionAct } from '../../../contract/session-endpoints.ts';
import type { Surface } from '../../../contract/surface.ts';
import { newRecordId } from '../../core/flow/record-id.ts';
import type { Recording } from '../../core/recording/tape.ts';
import type { OpenSession } from '../../core/sessions/open-session.ts';
import { type Call, type Handlers, required } from '../handlers.ts';
import type { ApiServices } from '../services.ts';
import { maySee, sessionFor, sessionShownTo } from './view.ts';

type SessionHandlers = Pick<
  Handlers,
  'sessions' | 'endSession' | 'lockSession' | 'unlockSession' | 'recording'
>;
type Act = Extract<SessionAct, 'end' | 'lock' | 'unlock'>;

/** Sessions that are open, and what others do to them; each act is a record of whoever did it. */
export function sessionHandlers(services: ApiServices): SessionHandlers {
  return {
    sessions: async ({ caller }) => {
      const { principal } = required(caller);
      const shown = services.sessions
        .list()
        .flatMap((session) => sessionShownTo(principal, session, services) ?? []);
      return { sessions: shown };
    },
    endSession: acting(services, 'end', (session, by, reason) => session.end(by, reason)),
    lockSession: acting(services, 'lock', (session, by, reason) => session.lockBy(by, reason)),
    unlockSession: acting(services, 'unlock', (session, by, reason) => session.unlock(by, reason)),
    recording: async ({ params, caller }) => {
      const { principal } = required(caller);
      const recording = await recordingFor(services, principal, params.session, params.terminal);
      return recording.read();
    },
  };
}

/**
 * A recording that this person may see.
 * @throws SluiceError `session.unknown`
 */
export async function recordingFor(
  services: ApiServices,
  principal: Principal,
  session: SessionId,
  terminal: number,
): Promise<Recording> {
  const recording = await services.recordings.find({ session, terminal });
  if (recording !== null && maySee(principal, recording.principal, services)) return recording;
  throw new SluiceError(
    'session.unknown',
    `There is no recording of terminal ${terminal} of session ${session} that you may see.`,
    'Check the id: records name their session, and `sluice sessions` lists those that are open.',
  );
}

function acting(
  services: ApiServices,
  act: Act,
  work: (session: OpenSession, by: Person, reason: string) => void,
) {
  return async ({ params, body, caller }: Call<{ session: SessionId }, { reason: string }>) => {
    const { principal } = required(caller);
    const session = sessionFor(principal, params.session, act, services);
    work(session, { id: principal.id, name: principal.name }, body.reason);
    await noted(services, principal, session, act, body.reason);
    const shown = sessionShownTo(principal, session, services);
    if (shown === null) throw new SluiceError('session.unknown', 'You no longer see this session.', '');
    return shown;
  };
}

/** What was done to a session is done first: nobody's wrong is let run because it can't be noted who stopped it. */
async function noted(
  { recorder, policy, now }: ApiServices,
  { id, name }: Principal,
  {
    session,
    who,
  }: { session: { id: SessionId; surface: Surface; target: { name: TargetName } }; who: LiveSession['who'] },
  act: Act,
  reason: string,
): Promise<void> {
  const at = now();
  await recorder.keep({
    id: newRecordId(at),
    at: at.toISOString(),
    sessionId: session.id,
    surface: session.surface,
    principal: id,
    principalName: name,
    target: session.target.name,
    statement: `${act} session of ${who.name}: ${reason}`,
    facts: null,
    decision: {
      outcome: 'allow',
      rules: [],
      masks: [],
      asks: [],
      sentence: id === who.id ? 'People end their own sessions.' : `Administrators ${act} sessions.`,
      next: '',
      policyVersion: policy.current().version,
    },
    outcome: { status: 'done', sqlState: null, rows: 0, bytes: 0, durationMs: 0 },
  });
}
