import type { Socket } from 'node:net';
import type { Connection } from 'ssh2';

/** How often it is looked at how much a connection has carried. */
const LOOK_MS = 10_000;

export type RekeyLimits = { rekeyBytes: number; rekeyMs: number };

/**
 * Exchanges keys anew after so many bytes or so much time (RFC 4253 section 9), whether or not the client asks for it.
 * Ends with the socket.
 */
export function rekeyInTime(client: Connection, socket: Socket, { rekeyBytes, rekeyMs }: RekeyLimits): void {
  let since = { bytes: 0, atMs: performance.now() };
  const carried = () => socket.bytesRead + socket.bytesWritten;
  const begun = () => {
    since = { bytes: carried(), atMs: performance.now() };
  };
  client.on('rekey', begun);
  const look = setInterval(
    () => {
      const isDue = carried() - since.bytes >= rekeyBytes || performance.now() - since.atMs >= rekeyMs;
      if (!isDue) return;
      begun();
      client.rekey();
    },
    Math.min(LOOK_MS, rekeyMs),
  );
  socket.once('close', () => clearInterval(look));
}
