import { type RawData, WebSocket } from 'ws';
import type { Person } from '../../../gateway/contract/approval-request.ts';
import { type ErrorCode, SluiceError } from '../../../gateway/contract/error.ts';
import type { SessionId, TargetName } from '../../../gateway/contract/ids.ts';
import {
  TERMINAL_CHANNEL_PATH,
  TERMINAL_CHANNEL_SUBPROTOCOL,
  TERMINAL_FRAME_BYTES,
  TerminalEvent,
  type TerminalRequest,
} from '../../../gateway/contract/terminal-channel.ts';
import { unreachable } from '../gateway/http-client.ts';
import { bytesOf, jsonOf, whyRefused } from '../gateway/socket-refusal.ts';
import { Signal } from '../signal.ts';

export type TerminalSize = { columns: number; rows: number };
/** A host, and who one is there; its usual account when none is named. */
export type TerminalPlace = { target: TargetName; account?: string | undefined };

export type LineState =
  | { kind: 'connecting' }
  | { kind: 'open' }
  /** The connection is lost, the shell is kept: it is looked for again and again. */
  | { kind: 'lost' }
  | { kind: 'ended'; exitCode: number; why: string };

export type TerminalLineOptions = {
  place: TerminalPlace;
  size: TerminalSize;
  /** Where to connect and as whom, asked anew for each attempt. @throws SluiceError when there is no gateway or sign-in */
  access: () => Promise<{ url: string; token: string }>;
  onBytes: (bytes: Uint8Array) => void;
  /** Runs `action` after `ms`; returns what prevents it. */
  schedule?: (action: () => void, ms: number) => () => void;
};

const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** A gateway that does not answer a ping until the next one is due has gone without a word. */
const PING_INTERVAL_MS = 10_000;
const MAX_FRAME_BYTES = 16 * 1024 * 1024;
/** The editor draws what it is given without saying when: the window of the channel, so often, is what it can take. */
const ACKNOWLEDGE_MS = 20;
const FAILED = 255;
/** Close codes after which nothing is looked for: not understood, signed out, shown somewhere else. */
const FINAL = new Set([1008, 4401, 4409]);
/** What may be otherwise in a moment: the gateway is away, or being started again. */
const PASSING = new Set<ErrorCode>(['target.unreachable', 'internal.fault']);

/** One terminal's line to its shell: when the network drops, it is taken up again where it was. */
export class TerminalLine {
  readonly state = new Signal<LineState>({ kind: 'connecting' });
  readonly watchers = new Signal<readonly Person[]>([]);
  readonly #options: TerminalLineOptions;
  readonly #schedule: (action: () => void, ms: number) => () => void;
  #size: TerminalSize;
  #session: SessionId | null = null;
  #account: string;
  #socket: WebSocket | null = null;
  /** Which byte of the stream comes next, and how many of what comes were had before. */
  #received = 0;
  #known = 0;
  #isAcknowledging = false;
  #retryMs = FIRST_RETRY_MS;
  #stopRetry: () => void = () => undefined;

  constructor(options: TerminalLineOptions) {
    this.#options = options;
    this.#size = options.size;
    this.#account = options.place.account ?? '';
    this.#schedule = options.schedule ?? scheduleWithTimer;
  }

  /** Null until the gateway has said it. */
  get session(): SessionId | null {
    return this.#session;
  }

  /** Who one is on the host; empty until the gateway has said it, where none was named. */
  get account(): string {
    return this.#account;
  }

  /** Connects. Never rejects: what became of it is in `state`. */
  async start(): Promise<void> {
    try {
      const access = await this.#options.access();
      if (!this.#isOver) this.#connect(access);
    } catch (error) {
      this.#failed(error instanceof SluiceError ? error : new SluiceError('internal.fault', String(error)));
    }
  }

  /** What a person types; nobody wants it to arrive blindly, when a lost connection is there again. */
  type(text: string): void {
    if (this.state.value.kind !== 'open') return;
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.byteLength; at += TERMINAL_FRAME_BYTES)
      this.#socket?.send(bytes.subarray(at, at + TERMINAL_FRAME_BYTES));
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.#send({ type: 'resize', ...size });
  }

  /** Ends the shell. */
  close(): void {
    this.#stopRetry();
    this.#send({ type: 'close' });
    this.#socket?.close(1000);
    this.#end(0, '');
  }

  get #isOver(): boolean {
    return this.state.value.kind === 'ended';
  }

  #connect({ url, token }: { url: string; token: string }): void {
    const socket = new WebSocket(this.#address(url), TERMINAL_CHANNEL_SUBPROTOCOL, {
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    const stopPings = watchdog(socket);
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_request, response) => {
      void whyRefused(response).then((why) => {
        if (socket === this.#socket) this.#failed(why);
        socket.terminate();
      });
    });
    socket.on('message', (data, isBinary) => {
      if (socket === this.#socket) this.#receive(data, isBinary);
    });
    socket.on('close', (code, reason) => {
      stopPings();
      if (socket === this.#socket) this.#lost(url, code, reason.toString('utf8'));
    });
  }

  #address(gatewayUrl: string): URL {
    const url = new URL(TERMINAL_CHANNEL_PATH, gatewayUrl);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const { target, account } = this.#options.place;
    const { columns, rows } = this.#size;
    const asked = new URLSearchParams(
      this.#session === null
        ? { target, columns: String(columns), rows: String(rows) }
        : { session: this.#session },
    );
    if (this.#session === null && account !== undefined) asked.set('account', account);
    url.search = asked.toString();
    return url;
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (isBinary) this.#show(bytesOf(data));
    else this.#happened(TerminalEvent.safeParse(jsonOf(bytesOf(data))).data);
  }

  #happened(event: TerminalEvent | undefined): void {
    if (event?.type === 'open') this.#opened(event);
    else if (event?.type === 'watchers') this.watchers.set(event.watchers);
    else if (event?.type === 'ended') this.#end(event.exitCode, event.why);
    else this.#end(FAILED, 'The gateway said something that this version of the extension does not know.');
  }

  #opened({ session, account, from }: Extract<TerminalEvent, { type: 'open' }>): void {
    this.#session = session;
    this.#account = account;
    this.#known = this.#received - from;
    this.#retryMs = FIRST_RETRY_MS;
    this.watchers.set([]);
    this.state.set({ kind: 'open' });
    this.#send({ type: 'resize', ...this.#size });
  }

  #show(bytes: Uint8Array): void {
    const known = Math.min(this.#known, bytes.byteLength);
    this.#known -= known;
    this.#received += bytes.byteLength - known;
    if (bytes.byteLength > known) this.#options.onBytes(bytes.subarray(known));
    this.#acknowledge();
  }

  #acknowledge(): void {
    if (this.#isAcknowledging) return;
    this.#isAcknowledging = true;
    this.#schedule(() => {
      this.#isAcknowledging = false;
      this.#send({ type: 'seen', bytes: this.#received });
    }, ACKNOWLEDGE_MS);
  }

  #send(request: TerminalRequest): void {
    if (this.state.value.kind === 'open') this.#socket?.send(JSON.stringify(request));
  }

  /** An attempt came to nothing: a shell that may still be there is looked for again. */
  #failed(why: SluiceError): void {
    this.#socket = null;
    if (this.#isOver) return;
    if (this.#session !== null && PASSING.has(why.code)) this.#retry();
    else this.#end(FAILED, `${why.message} ${why.next}`.trim());
  }

  #lost(url: string, code: number, reason: string): void {
    this.#socket = null;
    if (this.#isOver) return;
    if (this.state.value.kind !== 'open') this.#failed(unreachable(url, reason));
    else if (FINAL.has(code)) this.#end(FAILED, reason);
    else this.#retry();
  }

  #retry(): void {
    this.#stopRetry();
    this.watchers.set([]);
    this.state.set({ kind: 'lost' });
    this.#stopRetry = this.#schedule(() => void this.start(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }

  #end(exitCode: number, why: string): void {
    if (this.#isOver) return;
    this.#stopRetry();
    this.state.set({ kind: 'ended', exitCode, why });
  }
}

function watchdog(socket: WebSocket): () => void {
  let hasAnswered = true;
  socket.on('pong', () => {
    hasAnswered = true;
  });
  const clock = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (!hasAnswered) return socket.terminate();
    hasAnswered = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  clock.unref();
  return () => clearInterval(clock);
}

function scheduleWithTimer(action: () => void, ms: number): () => void {
  const timer = setTimeout(action, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
