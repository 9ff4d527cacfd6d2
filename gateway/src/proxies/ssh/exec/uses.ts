import type { CommandFacts, Redirection } from '../../../../contract/command-facts.ts';
import type { HostFacts, HostUse } from '../../../../contract/host-facts.ts';
import { normalised } from '../../../shell/match/paths.ts';

/** Programs after which a relative path is another one. */
const MOVING: ReadonlySet<string> = new Set(['cd', 'pushd', 'popd']);
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
  const free = freedoms.flatMap(({ program, freedom }) =>
    programs
      .filter((run) => run.program === program)
      .map((run): HostUse => ({ kind: freedom, program: run })),
  );
  return {
    protocol: 'ssh',
    account,
    uses: [...programs.map((program): HostUse => ({ kind: 'run', program })), ...free, ...files.uses],
    // What a program does to the host is not told by its arguments.
    readOnly: false,
    unknowns: [...unknowns, ...files.unknowns],
  };
}

function filesOf({ programs }: CommandFacts, folder: string | null): { uses: HostUse[]; unknowns: string[] } {
  const moves = programs.some(({ program }) => MOVING.has(program));
  const opened = programs
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
