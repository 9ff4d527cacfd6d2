import type { Person } from '../../../contract/approval-request.ts';
import { SluiceError } from '../../../contract/error.ts';
import type { SessionId } from '../../../contract/ids.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { SessionAct } from '../../../contract/session-endpoints.ts';
import type { Recording } from '../../core/recording/tape.ts';
import type { OpenSession } from '../../core/sessions/open-session.ts';
import { tellReading } from '../auditing.ts';
import { type Call, type Handlers, required } from '../handlers.ts';
import type { ApiServices } from '../services.ts';
import { maySee, sessionFor, sessionShownTo } from './view.ts';

type SessionHandlers = Pick<
  Handlers,
  'sessions' | 'endSession' | 'lockSession' | 'unlockSession' | 'recording'
>;
type Act = Extract<SessionAct, 'end' | 'lock' | 'unlock'>;

/** Sessions that are open, and what others do to them; each act is an entry of the log. */
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
      const { session, terminal } = params;
      const recording = await recordingFor(services, principal, session, terminal);
      if (recording.principal !== principal.id) {
        const act = `read the recording of terminal ${terminal} of session ${session} of ${recording.principal}`;
        await tellReading(services, principal, act);
      }
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
    const by = { id: principal.id, name: principal.name };
    work(session, by, body.reason);
    // First the act: nobody's wrong is let run because it can't be noted who stopped it.
    await services.events.note(by, {
      kind: 'sessionAct',
      act,
      session: session.session.id,
      target: session.session.target.name,
      of: { id: session.who.id, name: session.who.name },
      reason: body.reason,
    });
    const shown = sessionShownTo(principal, session, services);
    if (shown === null) throw new SluiceError('session.unknown', 'You no longer see this session.', '');
    return shown;
  };
}
