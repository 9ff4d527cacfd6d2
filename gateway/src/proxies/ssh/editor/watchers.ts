import type { Person } from '../../../../contract/approval-request.ts';
import type { OpenSession } from '../../../core/sessions/open-session.ts';
import type { Sessions } from '../../../core/sessions/sessions.ts';

/** Tells who looks on at a session, whenever that changes. Returns what stops it. */
export function followWatchers(
  sessions: Sessions,
  live: OpenSession,
  tell: (watchers: readonly Person[]) => void,
): () => void {
  let told = '';
  return sessions.onChange({
    changed: (session) => {
      if (session !== live) return;
      const { watchers } = live;
      const now = watchers.map(({ id }) => id).join(' ');
      if (now === told) return;
      told = now;
      tell(watchers);
    },
    closed: () => undefined,
  });
}
