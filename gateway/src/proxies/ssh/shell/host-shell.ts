import type { Client, ClientChannel } from 'ssh2';
import { SluiceError } from '../../../../contract/error.ts';

export type Terminal = {
  term: string;
  columns: number;
  rows: number;
  width: number;
  height: number;
  /** Variables of the client's that tell its language. */
  environment?: Readonly<Record<string, string>>;
};

export type HostShellEvents = {
  /** Of programs, and of the shell itself. */
  output(bytes: Buffer): void;
  /** What ran has ended, and the next line may come. `folder` is null where its name can't be told. */
  prompt(exitCode: number, folder: string | null): void;
  /** What was typed is taken again. */
  taken(): void;
  closed(): void;
};

/** What runs lines on a host, one after the other, with a terminal for their programs. */
export interface HostShell {
  /** Gives it a line: what was decided, and nothing else. */
  run(line: string): void;
  /**
   * What a person types while a program runs: it is the program's.
   * @returns false when it takes no more for now, until `taken`
   */
  type(bytes: Uint8Array): boolean;
  /** Nobody takes what programs show: they wait until somebody does. */
  pause(): void;
  resume(): void;
  resize(size: Omit<Terminal, 'term'>): void;
  close(): void;
}

/** @throws SluiceError `target.unreachable` where the host starts nothing */
export function execChannel(client: Client, command: string, options: object): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, options, (error, channel) => {
      if (error === undefined) return resolve(channel);
      const what = `The host starts no shell: ${error.message}.`;
      reject(new SluiceError('target.unreachable', what, '', { cause: error }));
    });
  });
}

/** Columns and rows of a terminal; what a client says beyond is none that anybody looks at. */
const MAX_CELLS = 2000;

/** The size that a client tells, within bounds: rows as wide as it says are written. */
export function bounded<Sized extends { columns: number; rows: number }>(size: Sized): Sized {
  const within = (cells: number) => Math.min(Math.max(Math.trunc(cells) || 1, 1), MAX_CELLS);
  return { ...size, columns: within(size.columns), rows: within(size.rows) };
}

/** A terminal as a host is asked for it (RFC 4254 section 6.2). */
export function ptyOf({ term, columns, rows, width, height, environment = {} }: Terminal): object {
  return { pty: { term, cols: columns, rows, width, height }, env: environment };
}
