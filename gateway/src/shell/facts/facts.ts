import type { CommandFacts, ProgramRun, Redirection } from '../../../contract/command-facts.ts';
import type { Redirect } from '../script.ts';
import { refusedBuiltin } from './builtins.ts';
import { freeOption, opensPager } from './free-options.ts';
import { becauseOf, freedomOf } from './free-programs.ts';
import { baseName, familiarName, tableName } from './names.ts';
import { expandRun } from './runs.ts';
import type { Unclear } from './unclear.ts';
import { isHarmlessVariable } from './variables.ts';

/** Facts, and for each of their unknowns what to type instead. */
export type Understood = { readonly facts: CommandFacts; readonly unclear: readonly Unclear[] };

/**
 * What the runs of a line do, those that they run included.
 * @param runs as the shell runs them, in the order of the line.
 */
export function understood(runs: readonly ProgramRun[], background: boolean): Understood {
  const expansions = runs.map(expandRun);
  const programs = expansions.flatMap((one) => one.programs);
  const refusals = programs.flatMap((run) => refusedBuiltin(run) ?? []);
  const unclear = [...expansions.flatMap((one) => one.unclear), ...refusals];
  const facts: CommandFacts = {
    protocol: 'shell',
    programs,
    freedoms: programs.flatMap(freedomsOf),
    background,
    unknowns: unclear.map(({ message }) => message),
  };
  return { facts, unclear };
}

/** The files of redirections, as the contract tells them. */
export function openedFiles(redirects: readonly Redirect<string>[]): Redirection[] {
  return redirects.flatMap((one) => (one.kind === 'file' ? [{ mode: one.mode, path: one.path }] : []));
}

function freedomsOf(run: ProgramRun): CommandFacts['freedoms'] {
  const { program } = run;
  const base = baseName(program);
  const name = tableName(program);
  const familiar = familiarName(program);
  const freedoms: CommandFacts['freedoms'] = [];
  const own = freedomOf(base, familiar);
  if (own !== null) freedoms.push({ program, freedom: own, because: `\`${program}\` ${becauseOf[own]}.` });
  if (opensPager(name, run)) {
    freedoms.push({
      program,
      freedom: 'pager',
      because: `\`${program}\` opens a pager unless --no-pager comes first.`,
    });
  }
  const option = freeOption(name, run) ?? (familiar === name ? null : freeOption(familiar, run));
  if (option !== null) freedoms.push({ program, freedom: 'option', because: `\`${program}\` ${option}.` });
  for (const { name } of run.environment.filter((one) => !isHarmlessVariable(one))) {
    freedoms.push({
      program,
      freedom: 'environment',
      because: `\`${name}\` may change what \`${program}\` runs or loads.`,
    });
  }
  return freedoms;
}
