import type { ProgramRun } from '../../../contract/command-facts.ts';
import type { Answer } from './options.ts';

/** How a path lies to a folder, by their names alone: links are not known here. */
export type Relation = 'same' | 'below' | 'above' | 'apart' | 'unknown';

/**
 * `path` without `.`, `..`, doubled and closing slashes, from `cwd` on when it is relative; null when it is relative
 * and `cwd` is not known. `..` is taken from the names: where a link stands in front of it, it leads elsewhere.
 */
export function normalised(path: string, cwd: string | null): string | null {
  if (path === '') return null;
  if (!path.startsWith('/') && (cwd === null || !cwd.startsWith('/'))) return null;
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** How `path` lies to `folder` (absolute). */
export function relationOf(path: string, folder: string, cwd: string | null): Relation {
  const inner = normalised(path, cwd);
  const outer = normalised(folder, null);
  if (inner === null || outer === null) return 'unknown';
  if (inner === outer) return 'same';
  if (inner.startsWith(withSlash(outer))) return 'below';
  return outer.startsWith(withSlash(inner)) ? 'above' : 'apart';
}

/**
 * Whether the run names a path that is `folder` or below it, in any argument: as a word, behind `=`, attached to a
 * letter (`-f/etc/passwd`). A relative path without a known `cwd`, and arguments from elsewhere, are `maybe`.
 */
export function namesPathIn(run: ProgramRun, folder: string, cwd: string | null): Answer {
  return strongest(run, (path) => answerOf(relationOf(path, folder, cwd), ['same', 'below']), folder);
}

/** Whether the run names `folder`, a path below it or one above it: what `rm -r` on that path would touch. */
export function touchesPath(run: ProgramRun, folder: string, cwd: string | null): Answer {
  return strongest(
    run,
    (path) => answerOf(relationOf(path, folder, cwd), ['same', 'below', 'above']),
    folder,
  );
}

/**
 * Whether the run names paths in `folder` and nothing else: every word is one, or a cluster of `flags`, letters that
 * take no value (`rf` for `-r -f` and `-rf`). Any other option is `maybe`, and so is a run that names no path.
 */
export function namesOnlyPathsIn(run: ProgramRun, folder: string, cwd: string | null, flags = ''): Answer {
  const end = run.arguments.indexOf('--');
  const options = run.arguments.slice(0, end < 0 ? undefined : end).filter((word) => /^-./.test(word));
  const paths = run.arguments.filter(
    (word, at) => at !== end && ((end >= 0 && at > end) || !/^-./.test(word)),
  );
  const outside = paths.map((word) => answerOf(relationOf(word, folder, cwd), ['apart', 'above']));
  if (outside.includes('yes')) return 'no';
  const isPlain = options.every((word) => [...word.slice(1)].every((letter) => flags.includes(letter)));
  const isWhole = isPlain && paths.length > 0 && !run.moreArguments;
  return isWhole && outside.every((one) => one === 'no') ? 'yes' : 'maybe';
}

/**
 * The folder that relative paths of `programs[index]` begin in, `cwd` being the line's. Null when it is not known: a
 * `cd` stands in front of it, which may or may not succeed, or `find` runs it, maybe where it found something.
 */
export function folderOf(programs: readonly ProgramRun[], index: number, cwd: string | null): string | null {
  const moves = programs.slice(0, index).some(({ program }) => /^(cd|chdir|pushd|popd)$/.test(program));
  return moves || programs[index]?.by.some((wrapper) => wrapper.endsWith('find')) ? null : cwd;
}

function strongest(run: ProgramRun, ask: (path: string) => Answer, folder: string): Answer {
  const answers = run.arguments.flatMap(possiblePaths).map(ask);
  if (answers.includes('yes')) return 'yes';
  const isOpen = run.moreArguments || normalised(folder, null) === null;
  return isOpen || answers.includes('maybe') ? 'maybe' : 'no';
}

/** The paths that a word may hold. */
function possiblePaths(word: string): string[] {
  const value = word.slice(word.indexOf('=') + 1);
  const attached =
    /^-[^-]/.test(word) && word.includes('/') ? [word.slice(word.indexOf('/')), word.slice(2)] : [];
  if (word.startsWith('-')) return value === word ? attached : [value, ...attached];
  return value === word || value === '' ? [word] : [word, value];
}

function answerOf(relation: Relation, wanted: readonly Relation[]): Answer {
  if (relation === 'unknown') return 'maybe';
  return wanted.includes(relation) ? 'yes' : 'no';
}

function withSlash(path: string): string {
  return path === '/' ? path : `${path}/`;
}
