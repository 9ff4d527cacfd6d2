import type { EventEmitter } from 'node:events';

/** What a client asks for besides its login: channels, connections that are forwarded, ports for them. */
const ASKED = ['session', 'tcpip', 'request'] as const;
const MAX_WAITING = 100;

export type EarlyRequests = {
  /** Asks for all of it, now that somebody listens. */
  release: () => void;
  /** Whether the client has left meanwhile. */
  hasLeft: () => boolean;
};

/** What is asked for while the target is being reached waits for it; what is too much is refused. */
export function keepEarlyRequests(client: EventEmitter): EarlyRequests {
  let hasLeft = false;
  client.once('close', () => {
    hasLeft = true;
  });
  const waiting: Array<() => void> = [];
  const keepers = ASKED.map((event) => {
    const keep = (...asked: unknown[]) => {
      const [, reject] = asked;
      if (waiting.length < MAX_WAITING) waiting.push(() => client.emit(event, ...asked));
      else if (typeof reject === 'function') reject();
    };
    client.on(event, keep);
    return () => client.off(event, keep);
  });
  return {
    hasLeft: () => hasLeft,
    release: () => {
      for (const remove of keepers) remove();
      for (const ask of waiting.splice(0)) ask();
    },
  };
}
