import { WebSocket } from 'ws';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { SessionId } from '../../../gateway/contract/ids.ts';
import {
  WATCH_CHANNEL_SUBPROTOCOL,
  WatchEvent,
  watchChannelPath,
} from '../../../gateway/contract/session-endpoints.ts';
import type { TapePiece } from '../../contract/replay-messages.ts';
import { unreachable } from '../gateway/http-client.ts';
import { bytesOf, jsonOf, whyRefused } from '../gateway/socket-refusal.ts';
import type { Cast } from './cast.ts';

const HANDSHAKE_TIMEOUT_MS = 10_000;
const MAX_FRAME_BYTES = 64 * 1024 * 1024;
/** More than this waits at the gateway. */
const MAX_WAITING_CHARACTERS = 4 * 1024 * 1024;
/** Nothing happens for so long: that is an answer too. */
const PATIENCE_MS = 10_000;

export type Watching = { url: string; token: string; session: SessionId; terminal: number };

/** A terminal from its begin on, and on as it is used. Its person sees who watches. */
export class WatchedCast implements Cast {
  readonly #socket: WebSocket;
  readonly #waiting: string[] = [];
  #waitingCharacters = 0;
  #at: TapePiece['at'] = 'recorded';
  #failure: SluiceError | null = null;
  #wake: () => void = () => undefined;

  constructor({ url, token, session, terminal }: Watching) {
    const address = new URL(watchChannelPath(session), url.replace(/^http/, 'ws'));
    address.searchParams.set('terminal', String(terminal));
    address.searchParams.set('from', 'start');
    this.#socket = new WebSocket(address, WATCH_CHANNEL_SUBPROTOCOL, {
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_FRAME_BYTES,
    });
    this.#socket.on('message', (data) => {
      const event = WatchEvent.safeParse(jsonOf(bytesOf(data)));
      if (event.success) this.#receive(event.data);
      else this.#end(notUnderstood());
    });
    this.#socket.on('close', (_, reason) => this.#end(lost(reason.toString('utf8'))));
    this.#socket.on('error', (error) => this.#end(unreachable(url, error)));
    this.#socket.on('unexpected-response', (_, response) => {
      void whyRefused(response).then((why) => this.#end(why));
    });
  }

  async read(): Promise<TapePiece> {
    if (this.#waiting.length === 0 && this.#at !== 'ended') await this.#somethingComes();
    // What came before it broke is handed on first.
    if (this.#failure !== null && this.#waiting.length === 0) throw this.#failure;
    const lines = this.#waiting.splice(0).join('');
    this.#waitingCharacters = 0;
    this.#socket.resume();
    return { lines, at: this.#failure === null ? this.#at : 'live' };
  }

  close(): void {
    this.#end(null);
    this.#socket.terminate();
  }

  #receive(event: WatchEvent): void {
    if (event.type === 'live') this.#at = 'live';
    else if (event.type === 'ended') this.#end(null);
    else this.#keep(event.lines);
    this.#wake();
  }

  #keep(lines: string): void {
    this.#waiting.push(lines);
    this.#waitingCharacters += lines.length;
    if (this.#waitingCharacters > MAX_WAITING_CHARACTERS) this.#socket.pause();
  }

  #end(failure: SluiceError | null): void {
    if (this.#at !== 'ended') this.#failure = failure;
    this.#at = 'ended';
    this.#wake();
  }

  async #somethingComes(): Promise<void> {
    await new Promise<void>((resolve) => {
      const clock = setTimeout(resolve, PATIENCE_MS);
      this.#wake = () => {
        clearTimeout(clock);
        resolve();
      };
    });
  }
}

function notUnderstood(): SluiceError {
  return new SluiceError(
    'contract.mismatch',
    'The gateway shows the session in a way this version does not understand.',
    'Update the extension or the gateway, whichever is older.',
  );
}

/** The gateway closes with a sentence, or not at all: then the network is gone. */
function lost(reason: string): SluiceError {
  const why = reason || 'The connection to the gateway was lost.';
  return new SluiceError('target.unreachable', why, 'Open the replay again.');
}
