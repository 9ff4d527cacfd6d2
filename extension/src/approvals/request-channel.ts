import { type RawData, WebSocket } from 'ws';
import type { ShownRequest } from '../../../gateway/contract/approval-request.ts';
import {
  REQUEST_CHANNEL_PATH,
  REQUEST_CHANNEL_SUBPROTOCOL,
  RequestEvent,
} from '../../../gateway/contract/request-endpoints.ts';

export type RequestChannelOptions = {
  /** Where to listen and as whom, asked anew for each attempt; null: nowhere now, try again later. */
  access: () => Promise<{ url: string; token: string } | null>;
  /** Connected: all that is not settled. */
  onOpen: (requests: ShownRequest[]) => void;
  onRequest: (shown: ShownRequest) => void;
  /** What is known may be old from now on, until `onOpen`. */
  onLost: () => void;
  /** Runs `action` after `ms`; returns what prevents it. */
  schedule?: (action: () => void, ms: number) => () => void;
};

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 30_000;
const HANDSHAKE_TIMEOUT_MS = 5_000;
/** A gateway that does not answer a ping until the next one is due has gone without a word. */
const PING_INTERVAL_MS = 20_000;
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

/** Hears of requests as they are made and change; connects again, with back-off, whenever the connection is lost. */
export class RequestChannel {
  readonly #options: RequestChannelOptions;
  readonly #schedule: (action: () => void, ms: number) => () => void;
  #socket: WebSocket | null = null;
  #stopRetry: () => void = () => undefined;
  #retryMs = FIRST_RETRY_MS;
  /** Grows with each start and stop, so that what an earlier one began is ignored. */
  #round = 0;
  #isRunning = false;
  #isWaiting = false;

  constructor(options: RequestChannelOptions) {
    this.#options = options;
    this.#schedule = options.schedule ?? scheduleWithTimer;
  }

  /** Connects now, whatever the back-off says; one that is connected, or about to be, stays as it is. */
  start(): void {
    if (this.#isRunning && !this.#isWaiting) return;
    this.#isRunning = true;
    this.#stopRetry();
    this.#retryMs = FIRST_RETRY_MS;
    void this.#connect(++this.#round);
  }

  stop(): void {
    this.#isRunning = false;
    this.#round++;
    this.#stopRetry();
    this.#socket?.close(1000);
    this.#socket = null;
  }

  async #connect(round: number): Promise<void> {
    this.#isWaiting = false;
    const access = await this.#options.access().catch(() => null);
    if (round !== this.#round) return;
    if (access === null) return this.#retry(round);
    const url = new URL(REQUEST_CHANNEL_PATH, access.url);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url, REQUEST_CHANNEL_SUBPROTOCOL, {
      headers: { authorization: `Bearer ${access.token}` },
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    const stopPings = this.#watch(socket);
    socket.on('message', (data) => {
      if (round === this.#round) this.#receive(socket, data);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      stopPings();
      if (round === this.#round) this.#lost(round);
    });
  }

  #receive(socket: WebSocket, data: RawData): void {
    const event = RequestEvent.safeParse(jsonOf(data));
    if (!event.success) socket.terminate();
    else if (event.data.type === 'open') {
      this.#retryMs = FIRST_RETRY_MS;
      this.#options.onOpen(event.data.requests);
    } else {
      this.#options.onRequest(event.data.shown);
    }
  }

  #lost(round: number): void {
    this.#socket = null;
    this.#options.onLost();
    this.#retry(round);
  }

  #retry(round: number): void {
    this.#isWaiting = true;
    this.#stopRetry = this.#schedule(() => {
      if (round === this.#round) void this.#connect(round);
    }, this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }

  #watch(socket: WebSocket): () => void {
    let hasAnswered = true;
    socket.on('pong', () => {
      hasAnswered = true;
    });
    const clock = setInterval(() => {
      if (!hasAnswered) return socket.terminate();
      if (socket.readyState !== WebSocket.OPEN) return;
      hasAnswered = false;
      socket.ping();
    }, PING_INTERVAL_MS);
    clock.unref();
    return () => clearInterval(clock);
  }
}

function jsonOf(data: RawData): unknown {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function scheduleWithTimer(action: () => void, ms: number): () => void {
  const timer = setTimeout(action, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
