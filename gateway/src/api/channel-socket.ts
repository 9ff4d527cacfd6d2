import type { WebSocket } from 'ws';

/** Close codes of the channels (RFC 6455 section 7.4). The reason is a sentence for people. */
export const CLOSE = { unusable: 1008, lost: 1011, signedOut: 4401, replaced: 4409 } as const;

/** Why a channel ends when its sign-in does. */
export const SIGNED_OUT = 'Your sign-in has ended. Sign in again to go on.';

const PING_MS = 30_000;
/** RFC 6455 section 5.5: a control frame carries at most 125 bytes, of which the code takes two. */
const MAX_REASON_BYTES = 123;

/** A peer that vanished without a word is noticed within two pings. `onPing` is called with each. */
export function keepAlive(socket: WebSocket, onPing: () => void = () => undefined): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
    onPing();
  }, PING_MS);
  timer.unref();
  return () => clearInterval(timer);
}

export function closeWith(socket: WebSocket, code: number, reason: string): void {
  const bytes = Buffer.from(reason);
  const text = bytes.length <= MAX_REASON_BYTES ? reason : cut(bytes);
  socket.close(code, text);
}

/** The first bytes of a text, without half a character at the end. */
function cut(bytes: Buffer): string {
  const text = bytes.subarray(0, MAX_REASON_BYTES - Buffer.byteLength('…')).toString('utf8');
  return `${text.replace(/\ufffd+$/, '')}…`;
}
