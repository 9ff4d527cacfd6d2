import type { Client } from 'ssh2';
import type { SluiceError } from '../../../../contract/error.ts';
import type { HostTerminal, Screen, WindowSize } from '../../../core/flow/governed-host.ts';
import type { Session } from '../../../core/flow/session.ts';
import type { OpenSession } from '../../../core/sessions/open-session.ts';
import { beginTape } from '../begin-tape.ts';
import { asSluiceError } from '../fault.ts';
import { GovernedShell } from '../shell/governed-shell.ts';
import type { Account, SshTarget } from '../target.ts';
import { connectUpstream } from '../upstream/connect.ts';
import { UNRECORDED } from '../words.ts';
import { followWatchers } from './watchers.ts';

/** What the editor's terminals say they are: the editor draws them with xterm.js. */
const TERM = 'xterm-256color';
const FAILED = 255;

export type EditorTerminalParts = {
  host: SshTarget;
  account: Account;
  session: Session;
  onFault: (error: SluiceError) => void;
};

/** A governed shell on a connection of its own, shown on `screen` until either side ends. @throws SluiceError */
export async function openEditorTerminal(
  parts: EditorTerminalParts,
  size: WindowSize,
  screen: Screen,
): Promise<HostTerminal> {
  const upstream = await connectUpstream(parts.host, parts.account);
  const terminal = new EditorTerminal(parts, upstream, size, screen);
  await terminal.start();
  return terminal;
}

class EditorTerminal implements HostTerminal {
  readonly #shell: GovernedShell;
  readonly #live: OpenSession;
  readonly #upstream: Client;
  readonly #screen: Screen;
  readonly #onFault: (error: SluiceError) => void;
  readonly #unfollow: ReadonlyArray<() => void>;
  #isOver = false;

  constructor(
    { host, account, session, onFault }: EditorTerminalParts,
    upstream: Client,
    size: WindowSize,
    screen: Screen,
  ) {
    const { services } = host;
    const terminal = { term: TERM, ...pixelless(size) };
    this.#upstream = upstream;
    this.#screen = screen;
    this.#onFault = onFault;
    this.#live = services.sessions.open({
      session,
      account: account.name,
      canBeLocked: true,
      end: () => this.#end(FAILED, ''),
      now: services.now,
    });
    const live = this.#live;
    this.#shell = new GovernedShell({
      session,
      live,
      tape: beginTape({ live, services, terminal }, (why) => this.#fail(why)),
      account: account.name,
      services,
      readLine: host.readLine,
      upstream,
      client: {
        write: (bytes) => screen.write(bytes),
        pause: () => screen.pause(),
        resume: () => screen.resume(),
        end: (exitCode) => this.#end(exitCode, ''),
      },
      terminal,
      now: () => performance.now(),
      onFault: (error) => this.#fail(asSluiceError(error)),
    });
    upstream.on('error', () => upstream.end());
    upstream.once('close', () => this.#end(FAILED, `The connection to ${host.target.name} was lost.`));
    this.#unfollow = [
      session.principal.onRevoked(() => live.endRevoked()),
      followWatchers(services.sessions, live, (watchers) => screen.watched(watchers)),
    ];
  }

  /** @throws SluiceError `target.unreachable` where the host has no shell that can be governed */
  async start(): Promise<void> {
    try {
      await this.#shell.start();
    } catch (error) {
      this.#isOver = true;
      this.#leave();
      throw error;
    }
  }

  typed(bytes: Uint8Array): void {
    this.#shell.typed(bytes);
  }

  resize(size: WindowSize): void {
    this.#shell.resize(pixelless(size));
  }

  drained(): void {
    this.#shell.drained();
  }

  close(): void {
    this.#end(0, '');
  }

  #fail(error: SluiceError): void {
    this.#onFault(error);
    // Where the gateway keeps its records is told in its log alone.
    const isUnrecorded = error.code === 'record.unavailable';
    this.#end(FAILED, isUnrecorded ? UNRECORDED : `${error.message} ${error.next}`.trim());
  }

  #end(exitCode: number, why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#screen.ended(exitCode, why);
    this.#leave();
  }

  #leave(): void {
    for (const stop of this.#unfollow) stop();
    this.#shell.left();
    this.#upstream.end();
    this.#live.close();
  }
}

/** RFC 4254 section 6.2: zeros where pixels are not known. */
const pixelless = ({ columns, rows }: WindowSize) => ({ columns, rows, width: 0, height: 0 });
