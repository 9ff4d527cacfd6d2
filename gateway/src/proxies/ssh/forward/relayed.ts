import type { Channel } from 'ssh2';
import type { OpenSession } from '../../../core/sessions/open-session.ts';

/**
 * Passes bytes between a client's channel and a host's, each direction to its own end. Resolves with how many, once both
 * are closed; where none pass for `idleMs` they are. While the session is locked nothing passes.
 */
export async function relayed(
  client: Channel,
  host: Channel,
  idleMs: number,
  live: OpenSession,
): Promise<number> {
  let bytes = 0;
  const idle = setTimeout(() => host.close(), idleMs);
  const counted = (chunk: Buffer) => {
    bytes += chunk.byteLength;
    idle.refresh();
  };
  const closed = [client, host].map((one) => new Promise((resolve) => one.once('close', resolve)));
  const ways = [
    [host, client],
    [client, host],
  ] as const;
  for (const [from, to] of ways) from.on('data', counted).pipe(to, { end: false });
  const unlisten = live.onLock((isLocked) => {
    for (const [from, to] of ways) {
      from.unpipe(to);
      if (isLocked) from.pause();
      else if (to.writable) from.pipe(to, { end: false });
      else from.resume();
    }
  });
  client.once('end', () => host.end());
  // The library closes a server's channel when it ends it; until the client is done it is only told that no more comes.
  host.once('end', () => client.write(Buffer.alloc(0), () => client.eof()));
  host.once('close', () => client.end());
  client.once('close', () => {
    host.end();
    host.close();
  });
  // What nobody takes any more is let go, so that its end is seen.
  for (const [from, to] of ways)
    for (const over of ['close', 'finish']) to.once(over, () => from.unpipe(to).resume());
  await Promise.all(closed);
  unlisten();
  clearTimeout(idle);
  return bytes;
}
