import type { SessionId } from '../../../contract/ids.ts';
import type { EventLog } from '../recording/event-log.ts';
import type { OpenSession, SessionListener } from './open-session.ts';

/** Keeps that sessions opened and closed, and who looked on. */
export function notedSessions(events: EventLog): SessionListener {
  const watchers = new Map<SessionId, ReadonlySet<string>>();
  return {
    changed(session) {
      const { id, target, surface, network } = session.session;
      const before = watchers.get(id);
      if (before === undefined) {
        const place = { session: id, target: target.name, surface, network, account: session.account };
        void events.note(session.who, { kind: 'sessionOpened', ...place });
      }
      for (const watcher of session.watchers) {
        if (before?.has(watcher.id) !== true) void events.note(watcher, { kind: 'watched', session: id });
      }
      watchers.set(id, idsOf(session));
    },
    closed(session, why) {
      const { id } = session.session;
      watchers.delete(id);
      void events.note(why === '' ? session.who : null, { kind: 'sessionClosed', session: id, why });
    },
  };
}

function idsOf({ watchers }: OpenSession): ReadonlySet<string> {
  return new Set(watchers.map(({ id }) => id));
}
