import type { HostUse } from '../../../../contract/host-facts.ts';
import { anyGlob, type Matches } from '../compile/glob.ts';
import type { HostSelectors } from '../language/host.ts';
import { compilePaths, type PathSelector } from './path.ts';
import { compilePrograms, type ProgramSelector } from './program.ts';

/** What a rule says of hosts, compiled. What was not written is null; where nothing was, all is meant. */
export type HostSelector = {
  account: Matches;
  program: ProgramSelector | null;
  path: PathSelector | null;
  destination: ((host: string, port: number) => boolean) | null;
};

export function compileHostSelector(on: HostSelectors): HostSelector {
  return {
    account: anyGlob(on.accounts),
    program: on.programs === undefined ? null : compilePrograms(on.programs),
    path: on.paths === undefined ? null : compilePaths(on.paths),
    destination: on.destinations === undefined ? null : compileDestinations(on.destinations),
  };
}

/** Whether a use is meant; `sure` asks for what is meant beyond doubt. */
export function means(selector: HostSelector, use: HostUse, account: string, sure: boolean): boolean {
  return selector.account(account) && (isUnlimited(selector) || meansUse(selector, use, sure));
}

function isUnlimited({ program, path, destination }: HostSelector): boolean {
  return program === null && path === null && destination === null;
}

function meansUse({ program, path, destination }: HostSelector, use: HostUse, sure: boolean): boolean {
  if ('program' in use) return (sure ? program?.surely(use.program) : program?.may(use.program)) ?? false;
  if ('path' in use) return (sure ? path?.surely(use) : path?.may(use)) ?? false;
  if ('port' in use) return destination?.(use.host, use.port) ?? false;
  return false;
}

/** `host:port`; either may be `*`. */
function compileDestinations(patterns: readonly string[]): (host: string, port: number) => boolean {
  const matches = anyGlob(patterns.map((pattern) => pattern.toLowerCase()));
  return (host, port) => matches(`${host.includes(':') ? `[${host}]` : host}:${port}`.toLowerCase());
}
