import type { Person } from '../../../contract/approval-request.ts';
import type { ErrorBody } from '../../../contract/error.ts';
import type { SessionId } from '../../../contract/ids.ts';
import { TERMINAL_WINDOW_BYTES, type TerminalEvent } from '../../../contract/terminal-channel.ts';
import type { PrincipalHandle } from '../../core/access/principals.ts';
import type {
  GovernedHost,
  HostTerminal,
  Screen,
  WantedTerminal,
  WindowSize,
} from '../../core/flow/governed-host.ts';
import { errorBody } from '../respond.ts';
import { TypedAhead } from './typed-ahead.ts';
import { Unseen } from './unseen.ts';

/** What a terminal is shown on for now. */
export interface Viewer {
  event(event: TerminalEvent): void;
  bytes(bytes: Uint8Array): void;
  /** It is shown somewhere else from now on. */
  replaced(): void;
}

export type KeptTerminalParts = {
  session: SessionId;
  host: GovernedHost;
  principal: PrincipalHandle;
  wanted: WantedTerminal;
  /** How long a shell outlives the connection to it. */
  keepMs: number;
  /** Nobody can come back to it any more. */
  onGone: () => void;
  fault: (error: unknown) => void;
};

/** What is typed before there is a shell waits for it; more than this is nobody's typing. */
const MAX_EARLY_INPUTS = 100;
const FAILED = 255;
const BELL = Uint8Array.of(7);

/**
 * One shell, whether or not somebody is connected to it. What nobody has acknowledged is kept for whoever connects next;
 * once that fills the window, nothing more is read from the host.
 */
export class KeptTerminal implements Screen {
  readonly #parts: KeptTerminalParts;
  readonly #unseen = new Unseen();
  readonly #early: Array<(terminal: HostTerminal) => void> = [];
  #terminal: HostTerminal | null = null;
  #viewer: Viewer | null = null;
  #watchers: readonly Person[] = [];
  #isFull = false;
  readonly #typedAhead = new TypedAhead();
  #isPaused = false;
  #end: Extract<TerminalEvent, { type: 'ended' }> | null = null;
  #patience: NodeJS.Timeout | undefined;

  constructor(parts: KeptTerminalParts) {
    this.#parts = parts;
  }

  /** Starts the shell. Never rejects: a shell that can't be had has ended. */
  async start(): Promise<void> {
    const { host, principal, session, wanted, fault } = this.#parts;
    try {
      const terminal = await host.openTerminal(principal, session, wanted, this);
      this.#terminal = terminal;
      if (this.#end !== null) return terminal.close();
      for (const input of this.#early.splice(0)) input(terminal);
    } catch (error) {
      fault(error);
      this.ended(FAILED, sentence(errorBody(error)));
    }
  }

  /** Shows it from the first byte on that was not acknowledged. */
  attach(viewer: Viewer): void {
    clearTimeout(this.#patience);
    this.#viewer?.replaced();
    this.#viewer = viewer;
    const { session, host, wanted } = this.#parts;
    const { name: target } = host.target;
    viewer.event({ type: 'open', session, target, account: wanted.account, from: this.#unseen.from });
    for (const chunk of this.#unseen.chunks) viewer.bytes(chunk);
    if (this.#watchers.length > 0) this.#tellWatchers();
    this.#tellEnd();
  }

  /** The connection is lost: the shell waits for another one. */
  detach(viewer: Viewer): void {
    if (this.#viewer !== viewer) return;
    this.#viewer = null;
    if (this.#end !== null) return;
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.close(), this.#parts.keepMs);
    this.#patience.unref();
  }

  typed(bytes: Uint8Array): void {
    if (!this.#isPaused) this.#input((terminal) => terminal.typed(bytes));
    else if (!this.#typedAhead.add(bytes)) this.write(BELL);
  }

  /** The connection is not stopped for it: what the client has seen comes on it too. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    for (let next = this.#typedAhead.take(); next !== null; next = this.#typedAhead.take()) {
      this.typed(next);
      if (this.#isPaused) return;
    }
  }

  resize(size: WindowSize): void {
    this.#input((terminal) => terminal.resize(size));
  }

  /** The first `bytes` that were shown have arrived. False when so many never were. */
  seen(bytes: number): boolean {
    if (!this.#unseen.acknowledge(bytes)) return false;
    if (this.#isFull && this.#unseen.bytes <= TERMINAL_WINDOW_BYTES / 2) {
      this.#isFull = false;
      this.#terminal?.drained();
    }
    return true;
  }

  /** Nobody will come back. @param why for whoever is still there */
  close(why = ''): void {
    clearTimeout(this.#patience);
    this.#end ??= { type: 'ended', exitCode: FAILED, why };
    this.#terminal?.close();
    this.#tellEnd();
    this.#parts.onGone();
  }

  write(bytes: Uint8Array): boolean {
    this.#unseen.add(bytes);
    this.#viewer?.bytes(bytes);
    if (this.#unseen.bytes >= TERMINAL_WINDOW_BYTES) this.#isFull = true;
    return !this.#isFull;
  }

  watched(watchers: readonly Person[]): void {
    this.#watchers = watchers;
    this.#tellWatchers();
  }

  ended(exitCode: number, why: string): void {
    if (this.#end !== null) return;
    this.#end = { type: 'ended', exitCode, why };
    this.#tellEnd();
  }

  #tellWatchers(): void {
    this.#viewer?.event({ type: 'watchers', watchers: [...this.#watchers] });
  }

  /** Whoever is away hears of it when they come back. */
  #tellEnd(): void {
    if (this.#end === null || this.#viewer === null) return;
    this.#viewer.event(this.#end);
    this.#parts.onGone();
  }

  #input(give: (terminal: HostTerminal) => void): void {
    if (this.#terminal !== null) give(this.#terminal);
    else if (this.#early.length < MAX_EARLY_INPUTS) this.#early.push(give);
  }
}

function sentence({ message, next }: ErrorBody): string {
  return `${message} ${next}`.trim();
}
