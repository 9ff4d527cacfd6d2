import { SluiceError } from '../../contract/error.ts';

/** What a command gets of the process it runs in. */
export type Surroundings = {
  environment: NodeJS.ProcessEnv;
  /** For scripts: only what was asked for. */
  out(text: string): void;
  /** Text as it is, without a line's end, for what plays in a terminal; `out` where there is none. */
  show?(text: string): void;
  /** For people. */
  say(text: string): void;
  /** Resolves when the person or the system asks the program to stop. */
  stopped: Promise<void>;
};

export type ExitCode = 0 | 1 | 2;

/** A command called in a way that makes no sense. The exit code is then 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** What a person is told of an error, and the exit code that goes with it. */
export function explain(error: unknown): { text: string; exit: ExitCode } {
  if (error instanceof UsageError) return { text: `${error.message}\nsluice --help says how.`, exit: 2 };
  if (error instanceof SluiceError) {
    return { text: [error.message, error.next].filter((line) => line !== '').join('\n'), exit: 1 };
  }
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), exit: 1 };
}
