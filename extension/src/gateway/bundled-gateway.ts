import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SluiceError } from '../../../gateway/contract/error.ts';
import { NODE_FLAGS } from '../../../gateway/contract/node-flags.ts';
import { httpAddressOf } from './listening-line.ts';

export type BundledGatewayOptions = {
  /** Path of the gateway's bundle. */
  program: string;
  /** Arguments after `start`. */
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** The Node binary; VS Code's own by default. */
  node?: string;
  log: (line: string) => void;
  /** The address of one that another window already runs, or null: asked before each start. */
  adopt?: () => Promise<string | null>;
  /** `own` is false for one that another window runs. */
  onListening: (url: string, own: boolean) => void;
  /** It ended although nobody stopped it; it starts again after `retryMs`. */
  onLost: (why: SluiceError, retryMs: number) => void;
  schedule?: (action: () => void, ms: number) => () => void;
  startTimeoutMs?: number;
};

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 30_000;
/** A gateway that stood this long starts again at once, without back-off from earlier losses. */
const STEADY_MS = 60_000;
const START_TIMEOUT_MS = 60_000;
const WATCH_ADOPTED_MS = 5_000;
const STOP_GRACE_MS = 5_000;

/** Keeps one gateway running as a child process, for as long as this object is started. */
export class BundledGateway {
  readonly #options: BundledGatewayOptions;
  #child: ChildProcess | null = null;
  #cancelRetry: () => void = () => undefined;
  #retryMs = FIRST_RETRY_MS;
  #wanted = false;

  constructor(options: BundledGatewayOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    void this.#adoptOrLaunch();
  }

  /** Resolves when the process has ended: asked first, killed after a grace time. */
  async stop(): Promise<void> {
    this.#wanted = false;
    this.#cancelRetry();
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    await new Promise<void>((resolve) => {
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      child.once('exit', () => {
        clearTimeout(kill);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }

  /** Another window's gateway is used for as long as it answers; then this window starts its own. */
  async #adoptOrLaunch(adopted: string | null = null): Promise<void> {
    const url = (await this.#options.adopt?.().catch(() => null)) ?? null;
    if (!this.#wanted) return;
    if (url === null) {
      this.#launch();
      return;
    }
    if (url !== adopted) this.#options.onListening(url, false);
    this.#cancelRetry = this.#schedule(() => void this.#adoptOrLaunch(url), WATCH_ADOPTED_MS);
  }

  #launch(): void {
    const { program, args, cwd, env, node, log } = this.#options;
    const startedAt = Date.now();
    const child = spawn(node ?? process.execPath, [...NODE_FLAGS, program, 'start', ...args], {
      cwd,
      env: { ...process.env, ...env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.#child = child;
    let lastWords = '';
    const stopClock = this.#schedule(
      () => child.kill('SIGKILL'),
      this.#options.startTimeoutMs ?? START_TIMEOUT_MS,
    );
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = httpAddressOf(line);
      if (url === null) return log(line);
      stopClock();
      if (this.#child === child) this.#options.onListening(url, true);
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastWords = line;
      log(line);
    });
    let gone = false;
    const ended = (how: string) => {
      if (gone) return;
      gone = true;
      stopClock();
      if (this.#child !== child || !this.#wanted) return;
      this.#child = null;
      this.#startAgain(how, lastWords, Date.now() - startedAt);
    };
    child.once('error', (error) => ended(error.message));
    child.once('close', (code, signal) => ended(signal === null ? `exit code ${code}` : `signal ${signal}`));
  }

  #startAgain(how: string, lastWords: string, livedMs: number): void {
    if (livedMs >= STEADY_MS) this.#retryMs = FIRST_RETRY_MS;
    const retryMs = this.#retryMs;
    this.#retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
    const said = lastWords === '' ? '' : ` It said: ${lastWords}`;
    const why = new SluiceError(
      'target.unreachable',
      `The bundled gateway ended (${how}).${said}`,
      `It starts again in ${Math.ceil(retryMs / 1000)} s; “Sluice: Show Log” says more.`,
    );
    this.#cancelRetry = this.#schedule(() => void this.#adoptOrLaunch(), retryMs);
    this.#options.onLost(why, retryMs);
  }

  #schedule(action: () => void, ms: number): () => void {
    if (this.#options.schedule !== undefined) return this.#options.schedule(action, ms);
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  }
}
