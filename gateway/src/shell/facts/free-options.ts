import type { ProgramRun } from '../../../contract/command-facts.ts';
import { hasOption, type OptionNames } from '../match/options.ts';
import { isHarmlessSed } from './sed.ts';

/** What makes a program run another or write a file that it otherwise would not. */
type FreeOptions = {
  readonly options?: readonly OptionNames[];
  /** An argument like this one does it. */
  readonly word?: RegExp;
  readonly isFree?: (run: ProgramRun) => boolean;
  readonly because: string;
};

const runsProgram = 'has an option here that may run another program';
const writes = 'has an option here that may write a file';

const table: ReadonlyMap<string, FreeOptions> = new Map<string, FreeOptions>([
  [
    'tar',
    {
      options: [
        { long: 'checkpoint-action' },
        { long: 'to-command' },
        { short: 'T', long: 'files-from' },
        { short: 'I', long: 'use-compress-program' },
        { short: 'F', long: 'info-script' },
        { long: 'new-volume-script' },
        { long: 'rsh-command' },
        { long: 'rmt-command' },
      ],
      // A colon in the archive's name is a host; letters without a dash are options too.
      word: /^[^/]*:/,
      isFree: ({ arguments: [first = ''] }) => /^[A-Za-z]*[IF]/.test(first),
      because: runsProgram,
    },
  ],
  ['bsdtar', { options: [{ long: 'use-compress-program' }], because: runsProgram }],
  ['cpio', { options: [{ long: 'rsh-command' }, { short: 'F', long: 'file' }], because: runsProgram }],
  ['zip', { options: [{ short: 'T', long: 'test' }, { long: 'unzip-command' }], because: runsProgram }],
  [
    'find',
    {
      word: /^-(delete|fprint|fprint0|fprintf|fls)$/,
      because: 'has an action here that deletes or writes files',
    },
  ],
  [
    'sort',
    {
      options: [{ short: 'o', long: 'output' }, { long: 'compress-program' }],
      because: `${runsProgram}, or write a file`,
    },
  ],
  [
    'sed',
    {
      isFree: (run) => !isHarmlessSed(run),
      because: 'has a script or option here that may run a program or write a file',
    },
  ],
  [
    'rsync',
    {
      isFree: () => true,
      because: 'may read and write any file, and is told more than its line by its other end',
    },
  ],
  ['split', { options: [{ long: 'filter' }], because: runsProgram }],
  ['csplit', { options: [{ short: 'b' }], because: writes }],
  ['install', { options: [{ long: 'strip-program' }, { short: 's', long: 'strip' }], because: runsProgram }],
  [
    'dmesg',
    { options: [{ short: 'H', long: 'human' }], because: 'shows its output in a pager with this option' },
  ],
  [
    'rg',
    {
      options: [{ long: 'pre' }, { long: 'hostname-bin' }, { short: 'z', long: 'search-zip' }],
      because: runsProgram,
    },
  ],
  [
    'fd',
    {
      options: [
        { short: 'x', long: 'exec' },
        { short: 'X', long: 'exec-batch' },
      ],
      because: runsProgram,
    },
  ],
  [
    'fdfind',
    {
      options: [
        { short: 'x', long: 'exec' },
        { short: 'X', long: 'exec-batch' },
      ],
      because: runsProgram,
    },
  ],
  ['ag', { options: [{ long: 'pager' }], because: runsProgram }],
  ['ack', { options: [{ long: 'pager' }, { long: 'output' }], because: runsProgram }],
  // `-batch` and its beginnings, but not `-br`.
  ['ip', { word: /^(e|ex|exe|exec|--?b(a(t(c(h)?)?)?)?)$/, because: runsProgram }],
  [
    'systemctl',
    {
      word: /^(edit|link|enable|reenable|set-environment|import-environment|switch-root|kexec)$/,
      because: 'has a command here that changes what the host runs',
    },
  ],
  ['coredumpctl', { word: /^(gdb|debug)$/, because: 'runs a debugger with this command' }],
  ['tcpdump', { options: [{ short: 'z' }, { short: 'w' }], because: `${runsProgram}, or write a file` }],
  ['nmap', { options: [{ long: 'script' }, { long: 'interactive' }, { short: 'o' }], because: runsProgram }],
  [
    'date',
    { word: /^\d{8}/, options: [{ short: 's', long: 'set' }], because: 'sets the clock with this option' },
  ],
  ['tree', { options: [{ short: 'o' }, { short: 'R' }], because: writes }],
  ['sar', { options: [{ short: 'o' }], because: writes }],
  ['pidstat', { options: [{ short: 'e' }], because: runsProgram }],
  ['ssh-keygen', { options: [{ short: 'D' }, { short: 'w' }], because: runsProgram }],
  ...['iptables', 'ip6tables', 'ebtables', 'arptables'].map((name): [string, FreeOptions] => [
    name,
    { options: [{ short: 'M', long: 'modprobe' }], because: runsProgram },
  ]),
  ...['nm', 'ar', 'ranlib', 'objdump'].map((name): [string, FreeOptions] => [
    name,
    { options: [{ long: 'plugin' }], because: runsProgram },
  ]),
  ['shuf', { options: [{ short: 'o', long: 'output' }], because: writes }],
  ['iconv', { options: [{ short: 'o', long: 'output' }], because: writes }],
  ['sdiff', { options: [{ short: 'o', long: 'output' }], because: 'runs an editor with this option' }],
  ['file', { options: [{ short: 'C', long: 'compile' }], because: writes }],
  ['ss', { options: [{ short: 'K', long: 'kill' }], because: 'closes connections with this option' }],
  [
    'hostname',
    {
      word: /^[^-]/,
      options: [
        { short: 'F', long: 'file' },
        { short: 'b', long: 'boot' },
      ],
      because: 'sets the name of the host with this option',
    },
  ],
  [
    'mount',
    {
      options: [
        { short: 'o', long: 'options' },
        { short: 't', long: 'types' },
      ],
      because: 'may run a helper program with this option',
    },
  ],
  ['service', { isFree: () => true, because: 'runs a script of the host' }],
  ['ldconfig', { options: [{ short: 'r' }, { short: 'C' }, { short: 'f' }], because: writes }],
  ['uniq', { isFree: (run) => run.moreArguments || operands(run) > 1, because: 'writes its second file' }],
  ['xxd', { isFree: (run) => run.moreArguments || operands(run) > 1, because: 'writes its second file' }],
]);

/** These show their output in a pager unless they are told not to. */
const paging = new Set([
  'systemctl',
  'journalctl',
  'loginctl',
  'timedatectl',
  'hostnamectl',
  'localectl',
  'networkctl',
  'resolvectl',
  'coredumpctl',
  'busctl',
  'bootctl',
  'userdbctl',
  'portablectl',
  'oomctl',
  'systemd-analyze',
  'systemd-cgls',
]);

/** A sentence's end when an option of the run may run another program or write a file; null when none does. */
export function freeOption(name: string, run: ProgramRun): string | null {
  if (paging.has(name) && reachesOut(run)) return 'may reach another machine here';
  const found = table.get(name);
  if (found === undefined) return null;
  const hits =
    found.isFree?.(run) === true ||
    found.options?.some((one) => hasOption(run, one) !== 'no') === true ||
    (found.word !== undefined && (run.moreArguments || run.arguments.some((word) => found.word?.test(word))));
  return hits ? found.because : null;
}

function reachesOut(run: ProgramRun): boolean {
  return [
    { short: 'H', long: 'host' },
    { short: 'M', long: 'machine' },
  ].some((one) => hasOption(run, one) !== 'no');
}

/** Whether the run opens a pager of itself: `journalctl` without `--no-pager`. */
export function opensPager(name: string, run: ProgramRun): boolean {
  return paging.has(name) && hasOption(run, { long: 'no-pager' }) !== 'yes';
}

/** Words that are no option: a lone `-` too, and all behind `--`. */
function operands(run: ProgramRun): number {
  const end = run.arguments.indexOf('--');
  return run.arguments.filter((word, at) => at !== end && (!/^-./.test(word) || (end >= 0 && at > end)))
    .length;
}
