import { assertNever } from '../../../../contract/assert-never.ts';
import type { FileUse, HostUse, ProgramUse } from '../../../../contract/host-facts.ts';

/** What is done with a host, as a verb with its object. */
export function useWords(use: HostUse): string {
  switch (use.kind) {
    case 'run':
    case 'interpreter':
    case 'editor':
    case 'pager':
    case 'remote':
    case 'option':
    case 'environment':
      return programWords(use);
    case 'readFile':
      return `read ${filesIn(use)}`;
    case 'writeFile':
      return `write ${filesIn(use)}`;
    case 'listFiles':
      return `list ${filesIn(use)}`;
    case 'changeFile':
      return `change ${filesIn(use)}`;
    case 'forward':
      return `connect to ${use.host}:${use.port} through it`;
    case 'remoteForward':
      return `listen on ${use.host}:${use.port} there`;
    case 'terminal':
      return 'open a terminal that nobody looks into';
    case 'agent':
      return 'lend it your keys';
    default:
      return assertNever(use);
  }
}

function below(folder: string): string {
  return folder === '/' ? '/**' : `${folder}/**`;
}

function filesIn({ path, extent }: FileUse): string {
  if (extent === undefined) return path;
  return extent === 'tree' ? `${path} and what is below it` : `what is below ${path}`;
}

/** What a rule would name to be about it; null where it names the account alone. */
export function selectorOf(use: HostUse): { word: string; name: string } | null {
  if ('program' in use) return { word: 'programs', name: use.program.program };
  if ('path' in use) return { word: 'paths', name: use.extent === undefined ? use.path : below(use.path) };
  if ('port' in use) return { word: 'destinations', name: `${use.host}:${use.port}` };
  return null;
}

const FREEDOMS = {
  interpreter: 'anything by',
  editor: 'anything from',
  pager: 'anything from',
  remote: 'anything elsewhere by',
  option: 'anything by an option of',
  environment: 'anything by a variable of',
} as const;

function programWords({ kind, program: { program, by } }: ProgramUse): string {
  const what = kind === 'run' ? program : `${FREEDOMS[kind]} ${program}`;
  return by.length === 0 ? `run ${what}` : `run ${what} by ${by.join(' and ')}`;
}
