import { randomBytes } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import { quote } from '../../../shell/strict/serialise.ts';
import { execChannel, type HostShell, type HostShellEvents, ptyOf, type Terminal } from './host-shell.ts';
import { Marks } from './marks.ts';
import { MARK } from './start-up.ts';

/** What its person is told first. */
export const LINE_FORWARD_WORDS =
  'This host has no bash that can be led line by line, so each line runs by itself (line-forward mode): only the folder is kept between lines, there are no jobs, and what a line leaves behind on the host goes on unseen.';

/**
 * The weaker way, for hosts without bash or mkfifo: each line is a command of its own, with a terminal of its own, in the
 * folder that the line before ended in.
 */
export class LineForward implements HostShell {
  readonly #client: Client;
  readonly #events: HostShellEvents;
  readonly #nonce = `a${randomBytes(16).toString('hex')}`;
  #terminal: Terminal;
  #channel: ClientChannel | null = null;
  #folder: string | null;
  #closed = false;
  /** What was typed before the line's channel was open. */
  #early: Uint8Array[] = [];

  /** @param folder where the first line runs */
  constructor(client: Client, terminal: Terminal, folder: string | null, events: HostShellEvents) {
    this.#client = client;
    this.#terminal = terminal;
    this.#folder = folder;
    this.#events = events;
    queueMicrotask(() => this.#events.prompt(0, folder));
  }

  run(line: string): void {
    if (/^'(exit|logout)'/.test(line)) {
      this.#events.closed();
      return;
    }
    execChannel(this.#client, this.#command(line), ptyOf(this.#terminal)).then(
      (channel) => this.#follow(channel),
      () => this.#events.closed(),
    );
  }

  type(bytes: Uint8Array): boolean {
    if (this.#channel !== null) return this.#channel.write(bytes);
    this.#early.push(bytes);
    return false;
  }

  pause(): void {
    this.#channel?.pause();
  }

  resume(): void {
    this.#channel?.resume();
  }

  resize(size: Omit<Terminal, 'term'>): void {
    this.#terminal = { ...this.#terminal, ...size };
    this.#channel?.setWindow(size.rows, size.columns, size.height, size.width);
  }

  close(): void {
    this.#closed = true;
    this.#channel?.close();
  }

  #command(line: string): string {
    const inFolder = this.#folder === null ? '' : `cd ${quote(this.#folder)} || exit 1\n`;
    // The folder in single quotes, as every POSIX shell has the programs to write it.
    const where = `"$(pwd -P | sed "s/'/'\\\\\\\\''/g; s/^/'/; s/\\$/'/")"`;
    const mark = `printf '\\033]${MARK};${this.#nonce};0;%d;%s;${this.#nonce}\\007' "$?" ${where}`;
    return `exec /bin/sh -c ${quote(`${inFolder}${line}\n${mark}`)}`;
  }

  #follow(channel: ClientChannel): void {
    if (this.#closed) {
      channel.close();
      this.#events.closed();
      return;
    }
    this.#channel = channel;
    for (const bytes of this.#early.splice(0)) channel.write(bytes);
    channel.on('drain', () => this.#events.taken());
    this.#events.taken();
    let exitCode = 0;
    const marks = new Marks(
      this.#nonce,
      (bytes) => this.#events.output(bytes),
      (mark) => {
        if (mark.kind !== 'prompt') return;
        exitCode = mark.exitCode;
        this.#folder = mark.folder ?? this.#folder;
      },
    );
    channel.on('data', (chunk: Buffer) => marks.push(chunk));
    channel.once('exit', (code: number | null) => {
      if (code !== 0) exitCode = code ?? 255;
    });
    channel.once('close', () => {
      this.#channel = null;
      this.#events.taken();
      if (this.#closed) this.#events.closed();
      else this.#events.prompt(exitCode, this.#folder);
    });
  }
}
