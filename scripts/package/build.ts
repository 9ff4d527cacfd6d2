import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../setup/root.ts';

/** Builds every bundle into dist. Throws an Error with the bundler's words. */
export async function build(): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'esbuild.mjs'), '--quiet'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const words: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => words.push(text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The build failed:\n${words.join('')}`);
}
