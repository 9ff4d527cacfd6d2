import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { SshLab } from './lab.ts';

/** What is shown, without escape sequences. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with one
const ESCAPES = /\x1b(\[[0-9;?]*[A-Za-z]|\(B|[=>])|\x0f/g;
export const PROMPT = /@web:\S*\$ $/;
/** A line that goes on in another. */
const MORE = /\n> $/;

/** Somebody at a terminal of the real `ssh`, and what stands in it since something was typed last. */
export class Typist {
  /** Without escape sequences; `bytes` has them. */
  screen = '';
  bytes = '';
  /** All that was ever shown. */
  readonly received: Buffer[] = [];
  readonly #child: ChildProcess;
  #wake: () => void = () => undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => {
      this.received.push(chunk);
      this.bytes += chunk.toString();
      this.screen = this.bytes.replace(ESCAPES, '');
      this.#wake();
    });
    child.once('close', () => this.#wake());
  }

  static async open(lab: Pick<SshLab, 'arguments'>, first = PROMPT, ...options: string[]): Promise<Typist> {
    const typist = new Typist(
      spawn('ssh', ['-tt', ...lab.arguments(...options)], { stdio: ['pipe', 'pipe', 'ignore'] }),
    );
    await typist.sees(first);
    return typist;
  }

  /** The same in a window of its own, whose device is written to `tty`. */
  static async openInWindow(lab: SshLab, tty: string): Promise<Typist> {
    const ssh = ['ssh', ...lab.arguments()].map((word) => `'${word}'`).join(' ');
    const command = `tty > '${tty}'; stty rows 30 cols 100; exec ${ssh}`;
    const typist = new Typist(
      spawn('script', ['-qefc', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] }),
    );
    await typist.sees(PROMPT);
    return typist;
  }

  type(keys: string | Uint8Array): void {
    this.screen = '';
    this.bytes = '';
    this.#child.stdin?.write(keys);
  }

  async sees(what: RegExp): Promise<string> {
    while (!what.test(this.screen)) {
      if (this.#child.exitCode !== null) throw new Error(`ssh ended; ${what} is not in:\n${this.screen}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.screen;
  }

  /** Enters a line; gives what is shown up to the next prompt. A line that asks for more is given up. */
  async enter(line: string): Promise<string> {
    this.type(`${line}\r`);
    await this.sees(/\n/);
    const shown = await this.sees(new RegExp(`${PROMPT.source}|${MORE.source}`));
    if (!MORE.test(shown)) return shown;
    this.type('\x03');
    await this.sees(PROMPT);
    return shown;
  }

  leave(): Promise<number | null> {
    this.type('\x04');
    return this.gone();
  }

  async gone(): Promise<number | null> {
    if (this.#child.exitCode === null) await once(this.#child, 'close');
    return this.#child.exitCode;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
