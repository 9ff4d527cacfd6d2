import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The shells that a strict line is handed to: of the governed shell, and of `sshd` for one command. */
export const shells = [
  { name: 'bash', command: ['bash', '--norc', '--noprofile'] },
  { name: 'bash, interactive', command: ['bash', '--norc', '--noprofile', '--noediting', '-i'] },
  { name: 'dash', command: ['dash'] },
  { name: 'sh', command: ['sh'] },
] as const;
export type ShellName = (typeof shells)[number]['name'];

/** Where scripts run that are given no other place: some of them write files. */
const SCRATCH = mkdtempSync(join(tmpdir(), 'sluice-script-'));

/** What a script prints when the shell reads it from its input. */
export function runScript(shell: ShellName, script: string, cwd = SCRATCH): Buffer {
  const command = shells.find(({ name }) => name === shell)?.command ?? ['sh'];
  const [file, ...args] = command;
  return execFileSync(
    '/usr/bin/env',
    ['-i', 'LC_ALL=C.UTF-8', `PATH=${process.env.PATH}`, 'PS1=', 'PS2=', file, ...args],
    {
      input: `${script}\n`,
      cwd,
      stdio: ['pipe', 'pipe', 'ignore'],
      maxBuffer: 64 * 1024 * 1024,
    },
  );
}

/** A folder of programs that do nothing but log how they were called, and a folder to run lines in. */
export class StubFolder {
  readonly #root = mkdtempSync(join(tmpdir(), 'sluice-shell-'));
  readonly #bin = join(this.#root, 'bin');
  readonly #path: string;

  /** @param morePrograms folders that the lines find programs in behind the stubs, as in PATH. */
  constructor(names: readonly string[], morePrograms = '') {
    this.#path = morePrograms === '' ? this.#bin : `${this.#bin}:${morePrograms}`;
    mkdirSync(this.#bin);
    for (const name of names) {
      // Its own name cannot be asked for by `$0` where it holds a quote; it is written out.
      const text = `#!/bin/sh\nprintf '%s\\0' ${ownQuote(name)} "$@" 'end of call' >> "$LOG"\n`;
      writeFileSync(join(this.#bin, name), text);
      chmodSync(join(this.#bin, name), 0o755);
    }
  }

  /**
   * Runs each text, which an interactive shell reads line by line from its input within a group as the governed shell
   * does, in a folder of its own, where only `f` is, with the stubs as the only programs.
   * @returns for each the calls, a name with its arguments, in no order.
   */
  run(shell: Exclude<ShellName, 'sh'>, texts: readonly string[]): string[][][] {
    const isInteractive = shell === 'bash, interactive';
    const folders = texts.map((_, index) => join(this.#root, `${shell}-${index}`));
    for (const folder of folders) {
      mkdirSync(folder, { recursive: true });
      // It is there from the beginning, so that a `<f` does not race with a `>f`.
      writeFileSync(join(folder, 'f'), '');
    }
    const script = texts.map((text, index) => {
      const folder = folders[index] ?? '';
      writeFileSync(`${folder}.log`, '');
      const run = isInteractive
        ? `{\n${text}\n} </dev/null\nwait`
        : `(eval ${ownQuote(`\n${text}`)}\nwait) </dev/null`;
      return `cd ${ownQuote(folder)}; LOG=${ownQuote(`${folder}.log`)}\n${run}`;
    });
    const [file, ...args] = shells.find(({ name }) => name === shell)?.command ?? ['sh'];
    const input = `export LOG\n${script.join('\n')}\n`;
    const scriptFile = join(this.#root, `${shell}.sh`);
    writeFileSync(scriptFile, input);
    execFileSync(
      '/usr/bin/env',
      [
        '-i',
        'LC_ALL=C.UTF-8',
        `PATH=${this.#path}`,
        `/bin/${file}`,
        ...args,
        ...(isInteractive ? [] : [scriptFile]),
      ],
      { cwd: this.#root, input: isInteractive ? input : '', stdio: ['pipe', 'ignore', 'ignore'] },
    );
    const calls = folders.map((folder) => callsOf(readFileSync(`${folder}.log`, 'utf8')));
    for (const folder of folders) rmSync(folder, { recursive: true });
    return calls;
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true });
  }
}

/** Not the serialiser's: what is tested is not used to test it. */
function ownQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function callsOf(log: string): string[][] {
  const calls: string[][] = [];
  let call: string[] = [];
  for (const word of log.split('\0').slice(0, -1)) {
    if (word === 'end of call') {
      calls.push(call);
      call = [];
    } else call.push(word);
  }
  return calls.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}
