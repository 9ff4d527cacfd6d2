import type { Channel } from 'ssh2';

/**
 * Passes bytes between a client's channel and a host's, each direction to its own end. Resolves with how many, once both
 * are closed; where none pass for `idleMs` they are.
 */
export async function relayed(client: Channel, host: Channel, idleMs: number): Promise<number> {
  let bytes = 0;
  const idle = setTimeout(() => host.close(), idleMs);
  const counted = (chunk: Buffer) => {
    bytes += chunk.byteLength;
    idle.refresh();
  };
  const closed = [client, host].map((one) => new Promise((resolve) => one.once('close', resolve)));
  host.on('data', counted).pipe(client, { end: false });
  client.on('data', counted).pipe(host, { end: false });
  client.once('end', () => host.end());
  // The library closes a server's channel when it ends it; until the client is done it is only told that no more comes.
  host.once('end', () => client.write(Buffer.alloc(0), () => client.eof()));
  host.once('close', () => client.end());
  client.once('close', () => {
    host.end();
    host.close();
  });
  // What nobody takes any more is let go, so that its end is seen.
  for (const [from, to] of [
    [host, client],
    [client, host],
  ] as const)
    for (const over of ['close', 'finish']) to.once(over, () => from.unpipe(to).resume());
  await Promise.all(closed);
  clearTimeout(idle);
  return bytes;
}
