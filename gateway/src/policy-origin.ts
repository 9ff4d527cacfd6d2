import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PolicyFile } from '../contract/policy-endpoints.ts';
import type { Origin } from './core/policy/history/history.ts';

const NOWHERE: Origin = { by: null, reason: '' };
const TIMEOUT_MS = 3_000;
const run = promisify(execFile);

/**
 * Who committed a policy and why, where its files lie in a git repository exactly as its HEAD has them. Where there is no git
 * or no repository, nobody knows.
 */
export async function gitOrigin(path: string, files: readonly PolicyFile[]): Promise<Origin> {
  try {
    const isFolder = statSync(path).isDirectory();
    const folder = isFolder ? path : dirname(path);
    if (!(await isCommitted(folder, files))) return NOWHERE;
    const names = files.map(({ file }) => file);
    const told = await git(folder, ['log', '-1', '--format=%an <%ae>%n%s', '--', ...names]);
    const [by = '', reason = ''] = told.split('\n');
    return by === '' ? NOWHERE : { by, reason };
  } catch {
    return NOWHERE;
  }
}

async function isCommitted(folder: string, files: readonly PolicyFile[]): Promise<boolean> {
  const names = files.map(({ file }) => file);
  const listed = await git(folder, ['ls-tree', '-z', 'HEAD', '--', ...names.map((name) => join('.', name))]);
  const entries = listed.split('\0').map((line) => /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(line));
  const committed = new Map(entries.flatMap((entry) => (entry === null ? [] : [[entry[2], entry[1]]])));
  return files.every(({ file, text }) => committed.get(file) === blobOf(text));
}

/** git's name of a file's content. */
function blobOf(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Nothing that a repository's configuration names is run. */
async function git(folder: string, args: readonly string[]): Promise<string> {
  const options = ['--no-pager', '-c', 'core.fsmonitor=false', '-c', 'log.showSignature=false', '-C', folder];
  const { stdout } = await run('git', [...options, ...args], { timeout: TIMEOUT_MS });
  return stdout;
}
