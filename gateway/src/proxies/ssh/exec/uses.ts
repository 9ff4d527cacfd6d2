import type { CommandFacts, ProgramRun, Redirection } from '../../../../contract/command-facts.ts';
import type { HostFacts, HostUse } from '../../../../contract/host-facts.ts';
import { normalised } from '../../../shell/match/paths.ts';
import { type Transfer, transferOf } from './transfers.ts';

/** Programs after which a relative path is another one. */
const MOVING: ReadonlySet<string> = new Set(['cd', 'chdir', 'pushd', 'popd']);
const KINDS = {
  read: ['readFile'],
  write: ['writeFile'],
  append: ['writeFile'],
  readWrite: ['readFile', 'writeFile'],
} as const satisfies Record<Redirection['mode'], readonly HostUse['kind'][]>;

/**
 * What a command line does with a host.
 * @param folder where the line begins: relative paths are below it; null when that isn't known.
 */
export function hostFactsOf(command: CommandFacts, account: string, folder: string | null): HostFacts {
  const { programs, freedoms, unknowns } = command;
  const files = filesOf(command, folder);
  const transfers = transfersOf(command, folder);
  const free = freedoms.flatMap(({ program, freedom }) =>
    programs
      .filter((run) => run.program === program)
      // The other end of a transfer does what its line tells, and nothing else.
      .filter((run) => freedom === 'environment' || transfers.get(run)?.isWhole !== true)
      .map((run): HostUse => ({ kind: freedom, program: run })),
  );
  const moved = [...transfers.values()];
  return {
    protocol: 'ssh',
    account,
    uses: [
      ...programs.map((program): HostUse => ({ kind: 'run', program })),
      ...free,
      ...files.uses,
      ...moved.flatMap((one) => one.uses),
    ],
    // What a program does to the host is not told by its arguments.
    readOnly: false,
    unknowns: [...unknowns, ...files.unknowns, ...moved.flatMap((one) => one.unknowns)],
  };
}

/** Whether a line carries files: what it writes is then no text that anybody reads. */
export function isTransfer(command: CommandFacts): boolean {
  return transfersOf(command, '/').size > 0;
}

function transfersOf(command: CommandFacts, folder: string | null): Map<ProgramRun, Transfer> {
  const transfers = new Map<ProgramRun, Transfer>();
  for (const run of command.programs) {
    const transfer = transferOf(run, isMoving(command) ? null : folder);
    if (transfer !== null) transfers.set(run, transfer);
  }
  return transfers;
}

function isMoving({ programs }: CommandFacts): boolean {
  return programs.some(({ program }) => MOVING.has(program));
}

function filesOf(command: CommandFacts, folder: string | null): { uses: HostUse[]; unknowns: string[] } {
  const moves = isMoving(command);
  const opened = command.programs
    .flatMap(({ redirections }) => redirections)
    .filter(({ path }) => path !== '/dev/null');
  const uses: HostUse[] = [];
  const unknowns: string[] = [];
  for (const { mode, path } of opened) {
    const absolute = normalised(path, moves ? null : folder);
    if (absolute === null) unknowns.push(`where "${path}" is depends on a cd; write the path from / on`);
    else for (const kind of KINDS[mode]) uses.push({ kind, path: absolute });
  }
  return { uses, unknowns };
}
