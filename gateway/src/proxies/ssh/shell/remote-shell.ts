import { randomBytes } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import { execChannel, type HostShell, type HostShellEvents, ptyOf, type Terminal } from './host-shell.ts';
import { type Mark, Marks } from './marks.ts';
import { feedCommand, firstLine, frame, NOTHING, startUpCommand } from './start-up.ts';

/** A bash on a host, whose input is given line by line, and whose terminal is what its programs use. */
export class RemoteShell implements HostShell {
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

  /**
   * Null where the host has no bash, or no mkfifo.
   * @throws SluiceError `target.unreachable` where it lets nothing be started
   */
  static async start(
    client: Client,
    terminal: Terminal,
    events: HostShellEvents,
  ): Promise<RemoteShell | null> {
    const nonce = newNonce();
    const first = firstLine(nonce);
    const lines: Lines = { last: 0, hasEnded: false };
    const opening = newNonce();
    const channel = await execChannel(client, startUpCommand(opening, first), ptyOf(terminal));
    let isOpen = true;
    let isLed = false;
    const fifo = await new Promise<string | null>((resolve) => {
      const onMark = (mark: Mark) => {
        if (mark.kind === 'fifo' || mark.number !== lines.last || lines.hasEnded) return;
        lines.hasEnded = true;
        events.prompt(mark.exitCode, mark.folder);
      };
      const onFifo = (mark: Mark) => {
        if (mark.kind !== 'fifo') return;
        marks = new Marks(nonce, (bytes) => events.output(bytes), onMark);
        resolve(mark.path);
      };
      // What comes before is of a login shell, or of a host that has no bash.
      let marks = new Marks(opening, () => undefined, onFifo);
      channel.on('data', (chunk: Buffer) => marks.push(chunk));
      channel.once('close', () => {
        isOpen = false;
        resolve(null);
        if (isLed) events.closed();
      });
      channel.on('drain', () => events.taken());
    });
    // A host may let no second channel be opened.
    const feed = fifo === null ? null : await execChannel(client, feedCommand(fifo), {}).catch(() => null);
    if (feed === null || !isOpen) {
      channel.close();
      return null;
    }
    isLed = true;
    feed.write(`${first}\n`);
    return new RemoteShell(channel, feed, nonce, lines);
  }

  run(line: string): void {
    this.#lines.last += 1;
    this.#lines.hasEnded = false;
    this.#feed.write(frame(this.#nonce, this.#lines.last, line));
  }

  type(bytes: Uint8Array): boolean {
    const takesMore = this.#terminal.write(bytes);
    if (bytes.some((byte) => DROPPING.has(byte))) this.#askAgain();
    return takesMore;
  }

  /** A mark may be among what the terminal dropped: bash is asked for it again. */
  #askAgain(): void {
    const nowMs = performance.now();
    if (this.#lines.hasEnded || nowMs - this.#askedAtMs < ASK_AGAIN_MS) return;
    this.#askedAtMs = nowMs;
    this.#feed.write(frame(this.#nonce, this.#lines.last, NOTHING));
  }

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

/** A terminal that was told to write capitals spoils it, so that nothing else of a mark can be changed unseen. */
const newNonce = () => `a${randomBytes(16).toString('hex')}`;

/** How many lines were run, and whether the last of them has ended. */
type Lines = { last: number; hasEnded: boolean };

/** Ctrl-C, Ctrl-\\ and Ctrl-Z: with the signal, a terminal drops what nobody has read of its output. */
const DROPPING: ReadonlySet<number> = new Set([0x03, 0x1c, 0x1a]);
const ASK_AGAIN_MS = 200;
