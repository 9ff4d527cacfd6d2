import type { ProgramRun } from '../../../../contract/command-facts.ts';
import type { FileUse } from '../../../../contract/host-facts.ts';
import { normalised } from '../../../shell/match/paths.ts';
import { ruleName } from '../../../shell/match/program.ts';

/** What the other end of a file transfer does with the files of a host. */
export type Transfer = {
  uses: FileUse[];
  /** A sentence for each path of which nobody knows where it is. */
  unknowns: string[];
  /** Whether what it does is told by its line to the end. */
  isWhole: boolean;
};

/** Of a transfer: which files, how, and whether everything below them too. */
type Wanted = { path: string; kinds: FileUse['kind'][]; extent?: FileUse['extent'] };

/**
 * A run that a file transfer has on a host: `scp -O`, `rsync` and `git` start it on the other end. Null where it is none.
 * @param folder where relative paths begin; null when that isn't known
 */
export function transferOf(run: ProgramRun, folder: string | null): Transfer | null {
  if (run.moreArguments) return null;
  const name = ruleName(run.program);
  const wanted =
    name === 'scp' ? scp(run.arguments) : name === 'rsync' ? rsync(run.arguments) : git(name, run.arguments);
  if (wanted === null) return isOtherEnd(name, run.arguments) ? NOT_KNOWN : null;
  const transfer: Transfer = { uses: [], unknowns: [], isWhole: WHOLE.has(name) };
  for (const { path, kinds, extent } of wanted) {
    const absolute = normalised(fromHome(name, path), folder);
    if (absolute === null)
      transfer.unknowns.push(`where "${path}" is can't be told; write the path from / on`);
    else transfer.uses.push(...kinds.map((kind) => ({ kind, path: absolute, ...(extent && { extent }) })));
  }
  return transfer;
}

/**
 * rsync is told more than its line by its other end (names, and files with rules about names) and makes links; git's others
 * run what a repository's settings say.
 */
const WHOLE: ReadonlySet<string> = new Set(['scp', 'git-upload-pack']);

/** Who lets rsync run does not let it carry any file by an option that is not looked into. */
function isOtherEnd(name: string, args: readonly string[]): boolean {
  return (name === 'rsync' && args.includes('--server')) || Object.hasOwn(GIT, name);
}

const NOT_KNOWN: Transfer = {
  uses: [],
  unknowns: ['which files this transfer would carry, with the options that it has'],
  isWhole: false,
};

/** `scp -f` gives files and `scp -t` takes them; `-d`: the target is a folder. */
function scp(args: readonly string[]): Wanted[] | null {
  const { options, operands } = parted(args);
  if (!args.includes('--') && operands.some(looksLikeOption)) return null;
  const letters = new Set(options.flatMap((option) => [...option.slice(1)]));
  if (options.some((option) => !/^-[rpvdqft]+$/.test(option)) || letters.has('f') === letters.has('t'))
    return null;
  if (letters.has('f'))
    return operands.map((path) => ({
      path,
      kinds: ['readFile'],
      ...(letters.has('r') && { extent: extentOf(path) }),
    }));
  const [path, ...others] = operands;
  if (path === undefined || others.length > 0) return null;
  return [{ path, kinds: ['writeFile'], extent: letters.has('d') ? 'contents' : extentOf(path) }];
}

/** Letters that make rsync neither follow links nor read or write another file; what follows `e.` is its version's. */
const RSYNC_LETTERS = /^-[vqlogDtrpzncuxHAXSIWhmdOJ]*(e\d*\.[A-Za-z]*)?$/;
const RSYNC_OPTIONS =
  /^--(delete(-before|-during|-after|-delay|-excluded)?|numeric-ids|partial|inplace|size-only|existing|ignore-existing|ignore-times|stats|safe-links|no-[A-Za-z-]{1,20}|(bwlimit|timeout|compress-level|modify-window|max-size|min-size|log-format|checksum-choice|compress-choice|skip-compress|max-delete)=[\w.%,+-]*)$/;

/** `rsync --server --sender` gives files, without `--sender` it takes them. */
function rsync(args: readonly string[]): Wanted[] | null {
  const [server, ...rest] = args;
  if (server !== '--server') return null;
  const { options, operands } = parted(rest);
  // rsync takes options behind operands as well (popt(3)).
  if (operands.some(looksLikeOption)) return null;
  const own = options.filter((option) => option !== '--sender' && option !== '--remove-source-files');
  if (own.some((option) => !RSYNC_LETTERS.test(option) && !RSYNC_OPTIONS.test(option))) return null;
  const [here, ...paths] = operands;
  if (here !== '.' || paths.length === 0) return null;
  const removes = options.some(
    (option) => option.startsWith('--delete') || option === '--remove-source-files',
  );
  const removing: FileUse['kind'][] = removes ? ['changeFile'] : [];
  if (!options.includes('--sender'))
    return paths.map((path) => ({ path, kinds: ['writeFile', ...removing], extent: extentOf(path) }));
  const isDeep = options.some((option) => /^-[A-Za-z]*[rd]/.test(option.split('e')[0] ?? ''));
  return paths.map((path) => ({
    path,
    kinds: ['readFile', ...removing],
    ...(isDeep && { extent: extentOf(path) }),
  }));
}

const GIT: Readonly<Record<string, FileUse['kind'][]>> = {
  'git-upload-pack': ['readFile'],
  'git-upload-archive': ['readFile'],
  'git-receive-pack': ['readFile', 'writeFile'],
};

/** A repository; git tries its name with `.git` at its end too. */
function git(name: string, args: readonly string[]): Wanted[] | null {
  const kinds = Object.hasOwn(GIT, name) ? GIT[name] : undefined;
  const [path, ...others] = args;
  if (kinds === undefined || path === undefined || others.length > 0 || path.startsWith('-')) return null;
  const names = path.endsWith('.git') || path.endsWith('/') ? [path] : [path, `${path}.git`];
  return names.map((one) => ({ path: one, kinds, extent: 'tree' }));
}

/** git reads `~` itself, and of another account it is nobody's guess. */
function fromHome(name: string, path: string): string {
  if (!path.startsWith('~')) return path;
  if (!name.startsWith('git-')) return path;
  return path === '~' || path.startsWith('~/') ? `.${path.slice(1)}` : '';
}

const looksLikeOption = (operand: string): boolean => operand.startsWith('-');

function extentOf(path: string): FileUse['extent'] {
  return path.endsWith('/') ? 'contents' : 'tree';
}

function parted(args: readonly string[]): { options: string[]; operands: string[] } {
  const end = args.findIndex((arg) => arg === '--' || !/^-./.test(arg));
  if (end < 0) return { options: [...args], operands: [] };
  return { options: args.slice(0, end), operands: args.slice(args[end] === '--' ? end + 1 : end) };
}
