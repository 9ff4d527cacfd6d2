import { randomBytes } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import { SluiceError } from '../../../../contract/error.ts';
import { type Mark, Marks } from './marks.ts';
import { FIRST_LINE, feedCommand, markLine, startUpCommand } from './start-up.ts';

export type Terminal = { term: string; columns: number; rows: number; width: number; height: number };

export type RemoteShellEvents = {
  /** Of programs, and of bash itself. */
  output(bytes: Buffer): void;
  /** What ran has ended, and bash reads its next line. */
  prompt(exitCode: number, folder: string): void;
  closed(): void;
};

/** A bash on a host, whose input is given line by line, and whose terminal is what its programs use. */
export class RemoteShell {
  readonly #terminal: ClientChannel;
  readonly #feed: ClientChannel;
  readonly #mark: string;

  private constructor(terminal: ClientChannel, feed: ClientChannel, nonce: string) {
    this.#terminal = terminal;
    this.#feed = feed;
    this.#mark = markLine(nonce);
    this.#feed.write(`${FIRST_LINE}\n${this.#mark}\n`);
  }

  /** @throws SluiceError `target.unreachable` where the host has no bash, or lets nothing be started */
  static async start(client: Client, terminal: Terminal, events: RemoteShellEvents): Promise<RemoteShell> {
    const nonce = randomBytes(16).toString('hex');
    const pty = { term: terminal.term, cols: terminal.columns, rows: terminal.rows, ...sizeOf(terminal) };
    const channel = await execChannel(client, startUpCommand(nonce), { pty });
    const fifo = await new Promise<string>((resolve, reject) => {
      const onMark = (mark: Mark) =>
        mark.kind === 'fifo' ? resolve(mark.path) : events.prompt(mark.exitCode, mark.folder);
      const marks = new Marks(nonce, (bytes) => events.output(bytes), onMark);
      channel.on('data', (chunk: Buffer) => marks.push(chunk));
      channel.once('close', () => {
        reject(noShell());
        events.closed();
      });
    });
    return new RemoteShell(channel, await execChannel(client, feedCommand(fifo), {}), nonce);
  }

  /** Gives bash a line: what was decided, and nothing else. */
  run(line: string): void {
    this.#feed.write(`${line}\n${this.#mark}\n`);
  }

  /** What a person types while a program runs: it is the program's. */
  type(bytes: Uint8Array): void {
    this.#terminal.write(bytes);
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
