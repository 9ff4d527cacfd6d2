import { SluiceError } from '../../../contract/error.ts';
import type { PrincipalId, SessionId } from '../../../contract/ids.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { LiveSession, SessionAct } from '../../../contract/session-endpoints.ts';
import type { OpenSession } from '../../core/sessions/open-session.ts';
import type { ApiServices } from '../services.ts';

type Groups = Pick<ApiServices, 'adminGroups' | 'auditorGroups'>;

/** A session as this person is shown it; null for one that is nothing to them. */
export function sessionShownTo(viewer: Principal, session: OpenSession, groups: Groups): LiveSession | null {
  if (!maySee(viewer, session.who.id, groups)) return null;
  const { session: opened, who, actsFor, account, since, running, terminals, lock, watchers } = session;
  return {
    id: opened.id,
    who,
    actsFor,
    surface: opened.surface,
    target: opened.target.name,
    account,
    network: opened.network,
    since,
    running: running.slice(-MAX_LISTED).map(shortened),
    terminals: terminals.slice(-MAX_LISTED),
    lock,
    watchers,
    acts: actsOn(viewer, session, groups),
  };
}

/** Of a connection that runs commands by the thousand the newest are shown. */
const MAX_LISTED = 100;
const MAX_STATEMENT_CHARACTERS = 2000;

/** The whole of it stands in its record. */
function shortened(statement: string): string {
  if (statement.length <= MAX_STATEMENT_CHARACTERS) return statement;
  return `${statement.slice(0, MAX_STATEMENT_CHARACTERS).toWellFormed()}…`;
}

/** Administrators and auditors see everybody's sessions and recordings, everybody else their own. */
export function maySee(viewer: Principal, owner: PrincipalId, groups: Groups): boolean {
  return viewer.id === owner || isIn(viewer, groups.adminGroups) || isIn(viewer, groups.auditorGroups);
}

/**
 * A session that this person sees, and may do this with.
 * @throws SluiceError `session.unknown`, `identity.forbidden`
 */
export function sessionFor(
  viewer: Principal,
  id: SessionId,
  act: SessionAct,
  services: Pick<ApiServices, 'sessions'> & Groups,
): OpenSession {
  const session = services.sessions.find(id);
  const shown = session === null ? null : sessionShownTo(viewer, session, services);
  if (session === null || shown === null)
    throw new SluiceError(
      'session.unknown',
      `There is no open session ${id} that you may see.`,
      'It may have ended meanwhile; `sluice sessions` lists those that are open.',
    );
  if (shown.acts.includes(act)) return session;
  throw new SluiceError('identity.forbidden', `${WHY_NOT[act]} You may not ${act} this session now.`, '');
}

/** What somebody who sees a session may do with it. Nobody takes a lock off their own. */
function actsOn(viewer: Principal, session: OpenSession, { adminGroups }: Groups): SessionAct[] {
  if (session.isClosed) return [];
  const isOwn = viewer.id === session.who.id;
  const isAdmin = isIn(viewer, adminGroups);
  const may: Record<SessionAct, boolean> = {
    watch: session.terminals.length > 0,
    recording: session.terminals.length > 0,
    end: isAdmin || isOwn,
    lock: isAdmin && session.canBeLocked && session.lock === null,
    unlock: isAdmin && !isOwn && session.lock !== null,
  };
  return ACTS.filter((act) => may[act]);
}

const ACTS = ['watch', 'recording', 'end', 'lock', 'unlock'] as const satisfies SessionAct[];

const WHY_NOT: Record<SessionAct, string> = {
  watch: 'Only terminals are recorded and can be watched.',
  recording: 'Only terminals are recorded.',
  end: 'Administrators end sessions, and people their own.',
  lock: 'Administrators lock sessions of SSH that are not locked yet.',
  unlock: 'Administrators unlock sessions, but not their own.',
};

function isIn({ groups }: Principal, wanted: readonly string[]): boolean {
  return groups.some((group) => wanted.includes(group));
}
