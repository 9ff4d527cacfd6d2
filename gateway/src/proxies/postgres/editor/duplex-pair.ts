import { Duplex, duplexPair as nodeDuplexPair } from 'node:stream';

/** Two ends of one in-process connection: what is written to one is read from the other. */
export function duplexPair(): [Duplex, Duplex] {
  const [near, far] = nodeDuplexPair({ highWaterMark: 64 * 1024 });
  if (!(near instanceof Duplex) || !(far instanceof Duplex)) throw new Error('not a pair of streams');
  // A closed end closes the other, like a socket.
  near.once('close', () => far.destroy());
  far.once('close', () => near.destroy());
  return [near, far];
}
