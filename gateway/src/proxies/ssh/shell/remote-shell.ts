import { randomBytes } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import { SluiceError } from '../../../../contract/error.ts';
import { type Mark, Marks } from './marks.ts';
import { feedCommand, frame, NOTHING, startUpCommand } from './start-up.ts';

export type Terminal = { term: string; columns: number; rows: number; width: number; height: number };

export type RemoteShellEvents = {
  /** Of programs, and of bash itself. */
  output(bytes: Buffer): void;
  /** What ran has ended, and bash reads its next line. */
  prompt(exitCode: number, folder: string | null): void;
  closed(): void;
};

/** A bash on a host, whose input is given line by line, and whose terminal is what its programs use. */
export class RemoteShell {
  readonly #terminal: ClientChannel;
  readonly #feed: ClientChannel;
  readonly #nonce: string;
  readonly #lines: Lines;
  #askedAtMs = 0;

  private constructor(terminal: ClientChannel, feed: ClientChannel, nonce: string, lines: Lines) {
    this.#terminal = terminal;
    this.#feed = feed;
    this.#nonce = nonce;
    this.#lines = lines;
  }

  /** @throws SluiceError `target.unreachable` where the host has no bash, or lets nothing be started */
  static async start(client: Client, terminal: Terminal, events: RemoteShellEvents): Promise<RemoteShell> {
    // A terminal that was told to write capitals spoils it, so that nothing else of a mark can be changed unseen.
    const nonce = `a${randomBytes(16).toString('hex')}`;
    const lines: Lines = { last: 0, hasEnded: false };
    const pty = { term: terminal.term, cols: terminal.columns, rows: terminal.rows, ...sizeOf(terminal) };
    const channel = await execChannel(client, startUpCommand(nonce), { pty });
    const fifo = await new Promise<string>((resolve, reject) => {
      const onMark = (mark: Mark) => {
        if (mark.kind === 'fifo') return resolve(mark.path);
        if (mark.number !== lines.last || lines.hasEnded) return;
        lines.hasEnded = true;
        events.prompt(mark.exitCode, mark.folder);
      };
      const marks = new Marks(nonce, (bytes) => events.output(bytes), onMark);
      channel.on('data', (chunk: Buffer) => marks.push(chunk));
      channel.once('close', () => {
        reject(noShell());
        events.closed();
      });
    });
    return new RemoteShell(channel, await execChannel(client, feedCommand(fifo), {}), nonce, lines);
  }

  /** Gives bash a line: what was decided, and nothing else. */
  run(line: string): void {
    this.#lines.last += 1;
    this.#lines.hasEnded = false;
    this.#feed.write(frame(this.#nonce, this.#lines.last, line));
  }

  /** What a person types while a program runs: it is the program's. */
  type(bytes: Uint8Array): void {
    this.#terminal.write(bytes);
    if (bytes.some((byte) => DROPPING.has(byte))) this.#askAgain();
  }

  /** A mark may be among what the terminal dropped: bash is asked for it again. */
  #askAgain(): void {
    const nowMs = performance.now();
    if (this.#lines.hasEnded || nowMs - this.#askedAtMs < ASK_AGAIN_MS) return;
    this.#askedAtMs = nowMs;
    this.#feed.write(frame(this.#nonce, this.#lines.last, NOTHING));
  }

  /** Nobody takes what programs show: they wait until somebody does. */
  pause(): void {
    this.#terminal.pause();
  }

  resume(): void {
    this.#terminal.resume();
  }

  resize(terminal: Omit<Terminal, 'term'>): void {
    this.#terminal.setWindow(terminal.rows, terminal.columns, terminal.height, terminal.width);
  }

  close(): void {
    this.#feed.end();
    this.#terminal.close();
  }
}

/** How many lines were run, and whether the last of them has ended. */
type Lines = { last: number; hasEnded: boolean };

/** Ctrl-C, Ctrl-\\ and Ctrl-Z: with the signal, a terminal drops what nobody has read of its output. */
const DROPPING: ReadonlySet<number> = new Set([0x03, 0x1c, 0x1a]);
const ASK_AGAIN_MS = 200;

const sizeOf = ({ width, height }: Terminal) => ({ width, height });

function noShell(): SluiceError {
  return new SluiceError(
    'target.unreachable',
    'The shell of the host ended before it could be used: it needs bash and mkfifo.',
    'Run single commands (ssh HOST COMMAND), or ask an administrator of the host for bash.',
  );
}

function execChannel(client: Client, command: string, options: object): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, options, (error, channel) => {
      if (error === undefined) resolve(channel);
      else
        reject(
          new SluiceError('target.unreachable', `The host starts no shell: ${error.message}.`, '', {
            cause: error,
          }),
        );
    });
  });
}
