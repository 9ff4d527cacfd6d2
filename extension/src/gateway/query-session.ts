import { type RawData, WebSocket } from 'ws';
import { QUERY_CHANNEL_PATH, QUERY_CHANNEL_SUBPROTOCOL } from '../../../gateway/contract/endpoints.ts';
import { ErrorBody, SluiceError } from '../../../gateway/contract/error.ts';
import { QueryId, TargetName } from '../../../gateway/contract/ids.ts';
import {
  decodeRowBatch,
  QueryEvent,
  type QueryRequest,
  type RowBatch,
} from '../../../gateway/contract/query-channel.ts';
import { unreachable } from './http-client.ts';
import { bytesOf, jsonOf, whyRefused } from './socket-refusal.ts';

/** Batches that may be under way before the first is kept. */
const INITIAL_CREDIT = 4;
const OPEN_TIMEOUT_MS = 30_000;
/** The gateway's close code for a sign-in that has ended; the reason is a sentence. */
const SIGNED_OUT = 4401;
/** Above what a gateway sends in one batch; a longer frame ends the session. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

export type RunEnded = Extract<QueryEvent, { type: 'ended' }>;
export type RunEvent = Exclude<QueryEvent, { type: 'open' | 'ended' }>;

/** Where a run's events and rows go, in the order they arrive. */
export type RunSink = {
  event(event: RunEvent): void;
  /** Resolves when the batch is kept; only then may the gateway send another. */
  rows(batch: RowBatch): Promise<void>;
};

type Running = { query: QueryId; sink: RunSink; end(ended: RunEnded): void; fail(error: unknown): void };

/** One WebSocket: one session on one target. One run at a time. */
export class QuerySession {
  readonly target: TargetName;
  readonly serverVersion: string;
  readonly #socket: WebSocket;
  #running: Running | null = null;
  #lastQuery = 0;
  /** Events wait for the rows before them to be kept. */
  #tail: Promise<void> = Promise.resolve();
  #transaction: RunEnded['transaction'] = 'idle';
  #closedBecause: SluiceError | null = null;
  readonly #onClosed = new Set<(why: SluiceError) => void>();

  private constructor(socket: WebSocket, target: TargetName, serverVersion: string) {
    this.#socket = socket;
    this.target = target;
    this.serverVersion = serverVersion;
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('close', (code, reason) => this.#closed(closeReason(code, reason.toString('utf8'))));
    socket.on('error', () => undefined);
    if (socket.readyState !== WebSocket.OPEN) this.#closed(closeReason(1006, ''));
  }

  /**
   * Opens a session and waits for the gateway's `open`.
   * @throws SluiceError with the gateway's reason, or `target.unreachable`.
   */
  static async open(
    gatewayUrl: string,
    target: TargetName,
    token: string,
    signal?: AbortSignal,
  ): Promise<QuerySession> {
    const url = new URL(QUERY_CHANNEL_PATH, gatewayUrl);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('target', target);
    const socket = new WebSocket(url, QUERY_CHANNEL_SUBPROTOCOL, {
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: OPEN_TIMEOUT_MS,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
    });
    try {
      const open = await firstEvent(socket, gatewayUrl, signal);
      return new QuerySession(socket, TargetName.parse(open.target), open.serverVersion);
    } catch (error) {
      socket.on('error', () => undefined);
      socket.terminate();
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.#closedBecause === null;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** As the last run left it. */
  get transaction(): RunEnded['transaction'] {
    return this.#transaction;
  }

  /** Runs every statement of `text`. Rejects when the session is lost before the run has ended. */
  run(text: string, sink: RunSink): Promise<RunEnded> {
    if (this.#closedBecause !== null) return Promise.reject(this.#closedBecause);
    if (this.#running !== null) {
      return Promise.reject(new SluiceError('request.invalid', 'A statement still runs in this session.'));
    }
    const query = QueryId.parse(++this.#lastQuery);
    return new Promise((resolve, reject) => {
      this.#running = { query, sink, end: resolve, fail: reject };
      this.#send({ type: 'run', query, text, credit: INITIAL_CREDIT });
    });
  }

  /** Asks the server to cancel; the run still ends by itself, with the status `cancelled`. */
  cancel(): void {
    if (this.#running !== null) this.#send({ type: 'cancel', query: this.#running.query });
  }

  close(): void {
    this.#socket.close(1000);
  }

  onClosed(listener: (why: SluiceError) => void): void {
    this.#onClosed.add(listener);
  }

  #send(request: QueryRequest): void {
    this.#socket.send(JSON.stringify(request));
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.#tail = this.#tail
      .then(() => (isBinary ? this.#receiveRows(bytesOf(data)) : this.#receiveEvent(bytesOf(data))))
      .catch((error: unknown) => this.#breakOff(error));
  }

  async #receiveRows(frame: Uint8Array): Promise<void> {
    const batch = decodeRowBatch(frame);
    const running = this.#running;
    if (running === null || running.query !== batch.query) return;
    await running.sink.rows(batch);
    if (this.#running === running && this.#closedBecause === null) {
      this.#send({ type: 'more', query: batch.query, batches: 1 });
    }
  }

  #receiveEvent(frame: Uint8Array): void {
    const event = parseEvent(frame);
    const running = this.#running;
    if (event.type === 'open' || running === null || event.query !== running.query) return;
    if (event.type !== 'ended') {
      running.sink.event(event);
      return;
    }
    this.#running = null;
    this.#transaction = event.transaction;
    running.end(event);
  }

  #breakOff(error: unknown): void {
    this.#socket.terminate();
    const known = error instanceof SluiceError ? error : null;
    this.#closed(known ?? new SluiceError('internal.fault', messageOf(error), 'Run the statement again.'));
  }

  #closed(why: SluiceError): void {
    if (this.#closedBecause !== null) return;
    this.#closedBecause = why;
    // What has arrived before the close is delivered first.
    void this.#tail.finally(() => {
      this.#running?.fail(why);
      this.#running = null;
      for (const listener of this.#onClosed) listener(why);
    });
  }
}

function firstEvent(socket: WebSocket, gatewayUrl: string, signal?: AbortSignal) {
  return new Promise<Extract<QueryEvent, { type: 'open' }>>((resolve, reject) => {
    const stop = () => reject(signal?.reason);
    if (signal?.aborted === true) return stop();
    signal?.addEventListener('abort', stop, { once: true });
    socket.once('error', (cause) => reject(unreachable(gatewayUrl, cause)));
    socket.once('unexpected-response', (_request, response) => {
      void whyRefused(response).then(reject);
    });
    socket.once('close', (code, reason) => reject(closeReason(code, reason.toString('utf8'))));
    socket.once('message', (data, isBinary) => {
      signal?.removeEventListener('abort', stop);
      try {
        if (isBinary)
          throw new SluiceError('contract.mismatch', 'The gateway sent rows before it said hello.');
        const event = parseEvent(bytesOf(data));
        if (event.type === 'open') resolve(event);
        else reject(new SluiceError('contract.mismatch', `The gateway opened with “${event.type}”.`));
      } catch (error) {
        reject(error);
      }
    });
  });
}

function parseEvent(frame: Uint8Array): QueryEvent {
  const event = QueryEvent.safeParse(jsonOf(frame));
  if (event.success) return event.data;
  throw new SluiceError(
    'contract.mismatch',
    'The gateway sent an event this version does not understand.',
    'Update the extension or the gateway, whichever is older.',
    { cause: event.error },
  );
}

/** The gateway puts an `ErrorBody` into the close reason when it fits; otherwise plain words. */
function closeReason(code: number, reason: string): SluiceError {
  const body = ErrorBody.safeParse(jsonOf(Buffer.from(reason)));
  if (body.success) return new SluiceError(body.data.code, body.data.message, body.data.next);
  if (code === SIGNED_OUT) return new SluiceError('identity.tokenInvalid', reason, 'Sign in again.');
  const why = reason === '' ? `the connection closed with code ${code}` : reason.replace(/\.$/, '');
  return new SluiceError(
    'target.unreachable',
    `The session on this target has ended: ${why}.`,
    'Run the statement again: a new session opens by itself. An open transaction was rolled back.',
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
