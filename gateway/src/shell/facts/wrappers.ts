import type { OptionGrammar } from './getopt.ts';

/** A program whose work is to run another one that its arguments name. */
export type Wrapper = {
  readonly grammar: OptionGrammar;
  /** Operands in front of the program: the seconds of `timeout 5 ls`. */
  readonly operandsBefore?: number;
  /** Takes NAME=value in front of the program. */
  readonly takesAssignments?: boolean;
  /** Options with which it runs nothing: `sudo -l`. */
  readonly runsNothingWith?: readonly string[];
  /** What is run when no program is named. */
  readonly runsByDefault?: string;
  /** `-5` is a number for it. */
  readonly takesNumbers?: boolean;
  /** A lone `-` is an option for it. */
  readonly takesDash?: boolean;
  /** Adds words of its input behind the arguments. */
  readonly addsArguments?: boolean;
};

/**
 * The options that are understood. One that is not here makes the line unknown, so those that change what is run or
 * where are left out on purpose: `env -S`, `env -C`, `sudo -i`, `sudo -D`, `time -o`.
 */
const wrappers: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  [
    'sudo',
    {
      grammar: {
        short: 'AbBEg:HKklnPp:ST:u:U:vV',
        long: [
          'askpass',
          'background',
          'bell',
          'group:',
          'set-home',
          'list',
          'non-interactive',
          'preserve-env::',
          'preserve-groups',
          'prompt:',
          'remove-timestamp',
          'reset-timestamp',
          'stdin',
          'command-timeout:',
          'user:',
          'other-user:',
          'validate',
          'version',
          'help',
        ],
      },
      takesAssignments: true,
      runsNothingWith: ['l', 'list', 'v', 'validate', 'K', 'remove-timestamp', 'V', 'version', 'help'],
    },
  ],
  ['doas', { grammar: { short: 'Lnu:', long: [] }, runsNothingWith: ['L'] }],
  [
    'env',
    {
      grammar: {
        short: 'i0u:v',
        long: ['ignore-environment', 'null', 'unset:', 'debug', 'list-signal-handling', 'help', 'version'],
      },
      takesAssignments: true,
      takesDash: true,
      runsNothingWith: ['help', 'version'],
    },
  ],
  ['nice', { grammar: { short: 'n:', long: ['adjustment:'] }, takesNumbers: true }],
  ['nohup', { grammar: { short: '', long: [] } }],
  [
    'timeout',
    {
      grammar: {
        short: 'k:s:v',
        long: ['preserve-status', 'foreground', 'kill-after:', 'signal:', 'verbose'],
      },
      operandsBefore: 1,
    },
  ],
  ['time', { grammar: { short: 'f:pv', long: ['format:', 'portability', 'verbose', 'quiet'] } }],
  ['setsid', { grammar: { short: 'cfw', long: ['ctty', 'fork', 'wait'] } }],
  ['stdbuf', { grammar: { short: 'i:o:e:', long: ['input:', 'output:', 'error:'] } }],
  [
    'ionice',
    {
      grammar: { short: 'c:n:tp:P:u:', long: ['class:', 'classdata:', 'ignore', 'pid:', 'pgid:', 'uid:'] },
      runsNothingWith: ['p', 'pid', 'P', 'pgid', 'u', 'uid'],
    },
  ],
  [
    'chroot',
    {
      grammar: { short: '', long: ['groups:', 'userspec:', 'skip-chdir'] },
      operandsBefore: 1,
      runsByDefault: 'sh',
    },
  ],
  [
    'xargs',
    {
      grammar: {
        short: '0a:d:E:I:L:n:oP:prs:tx',
        long: [
          'null',
          'arg-file:',
          'delimiter:',
          'eof::',
          'replace::',
          'max-lines::',
          'max-args:',
          'open-tty',
          'max-procs:',
          'interactive',
          'no-run-if-empty',
          'max-chars:',
          'verbose',
          'exit',
          'show-limits',
          'process-slot-var:',
        ],
      },
      runsByDefault: 'echo',
      addsArguments: true,
    },
  ],
  ['command', { grammar: { short: 'pvV', long: [] }, runsNothingWith: ['v', 'V'] }],
  ['builtin', { grammar: { short: '', long: [] } }],
]);

export function wrapperNamed(name: string): Wrapper | null {
  return wrappers.get(name) ?? null;
}
