import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an attempt tries to make, and what it may do it with. */
export class Canary {
  readonly file: string;
  readonly folder: string;

  constructor(below: string) {
    this.file = join(below, 'canary');
    this.folder = join(below, 'things');
    mkdirSync(this.folder, { recursive: true });
    for (const name of ['pwn', 'pwn.sh'])
      writeFileSync(join(this.folder, name), `#!/bin/sh\n: > ${this.file}\n`, { mode: 0o755 });
    writeFileSync(join(this.folder, 'words'), `touch ${this.file}\n`);
  }

  /** The lines of an attempt, as they are typed. */
  linesOf(attempt: string | readonly string[]): string[] {
    const lines = typeof attempt === 'string' ? [attempt] : attempt;
    return lines.map((line) => line.replaceAll('{C}', this.file).replaceAll('{D}', this.folder));
  }

  /** Whether it was made; it is gone then. */
  taken(): boolean {
    const is = existsSync(this.file);
    rmSync(this.file, { force: true, recursive: true });
    return is;
  }

  /** Whether a plain bash makes it: an attempt that doesn't is none. */
  async madeBy(attempt: string | readonly string[]): Promise<boolean> {
    const lines = this.linesOf(attempt);
    await new Promise<void>((resolve) => {
      // Some make other files besides, by names without a folder.
      const options = { cwd: this.folder, timeout: 5000 };
      const child = execFile('bash', ['--norc', '--noediting', '-i'], options, () => resolve());
      child.stdin?.end(`${lines.join('\n')}\nexit\nexit\n`);
    });
    return this.taken();
  }
}
