const runs = new Set(['-exec', '-execdir', '-ok', '-okdir']);

/** Tests and actions of GNU `find` with one argument, which may look like an action. */
const takesOne = new Set([
  '-amin',
  '-anewer',
  '-atime',
  '-cmin',
  '-cnewer',
  '-context',
  '-ctime',
  '-fls',
  '-fprint',
  '-fprint0',
  '-fstype',
  '-gid',
  '-group',
  '-ilname',
  '-iname',
  '-inum',
  '-ipath',
  '-iregex',
  '-iwholename',
  '-links',
  '-lname',
  '-maxdepth',
  '-mindepth',
  '-mmin',
  '-mtime',
  '-name',
  '-newer',
  '-path',
  '-perm',
  '-printf',
  '-regex',
  '-regextype',
  '-samefile',
  '-size',
  '-type',
  '-uid',
  '-used',
  '-user',
  '-wholename',
  '-xtype',
  '-files0-from',
  '-D',
]);

/**
 * The programs that `find` runs by `-exec` and its like (findutils manual, "Run Commands").
 * @returns null when one does not end.
 */
export function parseFind(args: readonly string[]): { program: string; args: readonly string[] }[] | null {
  const found: { program: string; args: readonly string[] }[] = [];
  let at = 0;
  while (at < args.length) {
    const word = args[at] ?? '';
    at += 1;
    if (takesOne.has(word)) {
      // Whether it takes the next word as its own or not: an action there is read as one.
      if (!runs.has(args[at] ?? '')) at += 1;
      continue;
    }
    if (!runs.has(word)) continue;
    const end = endOfCommand(args, at, word.startsWith('-exec'));
    const [program, ...rest] = args.slice(at, end);
    if (end < 0 || program === undefined) return null;
    found.push({ program, args: rest.at(-1) === '{}' && args[end] === '+' ? rest.slice(0, -1) : rest });
    at = end + 1;
  }
  return found;
}

function endOfCommand(args: readonly string[], from: number, mayBeMany: boolean): number {
  for (let at = from; at < args.length; at += 1) {
    if (args[at] === ';' || (mayBeMany && args[at] === '+' && args[at - 1] === '{}')) return at;
  }
  return -1;
}
