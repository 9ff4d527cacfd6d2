import { endpoints } from '../../contract/endpoints.ts';
import type { PolicyActivation } from '../../contract/policy-endpoints.ts';
import { policyFiles } from '../core/policy/files/load.ts';
import { noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';
import { call } from './gateway-client.ts';
import { callerOf } from './requests.ts';
import { plannedRestore, restore } from './restore-files.ts';

const LIST = { gateway: { type: 'string' }, json: { type: 'boolean' } } as const;
const RESTORE = {
  gateway: { type: 'string' },
  policy: { type: 'string' },
  apply: { type: 'boolean' },
} as const;

/** `policy history`: what was in force, the newest first. */
export async function policyHistory(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, LIST);
  noMore(positionals, 0);
  const caller = await callerOf(values.gateway, surroundings);
  const { activations } = await call(caller, endpoints.policyVersions, {}, {});
  if (values.json === true) surroundings.out(JSON.stringify(activations, null, 2));
  else if (activations.length > 0) surroundings.out(activations.map(inWords).join('\n'));
  else surroundings.say('No policy was in force yet.');
  return 0;
}

/** `policy show VERSION`: its files, each after a line with its name. */
export async function policyShow(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, LIST);
  const { activation, files } = await versionNamed(positionals, values.gateway, surroundings);
  if (values.json === true) surroundings.out(JSON.stringify({ activation, files }, null, 2));
  else {
    surroundings.say(inWords(activation));
    for (const { file, text } of files) surroundings.out(`# --- ${file}\n${text.trimEnd()}`);
  }
  return 0;
}

/** `policy restore VERSION --policy PATH`: says what it would write and remove; with --apply it does. */
export async function policyRestore(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, RESTORE);
  const { policy: path } = values;
  if (path === undefined) {
    throw new UsageError(
      'Say where the policy lives: --policy PATH, the file or folder that the gateway reads.',
    );
  }
  const { activation, files } = await versionNamed(positionals, values.gateway, surroundings);
  const there = await policyFiles(path).catch(() => []);
  const plan = await plannedRestore(path, files, there);
  for (const { act, file } of plan) surroundings.out(`${act} ${file}`);
  const version = activation.version.slice(0, 12);
  if (plan.length === 0) surroundings.say(`${path} is version ${version} already.`);
  else if (values.apply === true) {
    await restore(plan);
    surroundings.say(
      `${path} is version ${version} again; a gateway that reads it puts it in force by itself.`,
    );
  } else surroundings.say(`Nothing was changed. With --apply ${path} becomes version ${version}.`);
  return 0;
}

async function versionNamed(
  positionals: readonly string[],
  gateway: string | undefined,
  surroundings: Surroundings,
) {
  const [version] = positionals;
  if (version === undefined) throw new UsageError('Say which version: `sluice policy history` lists them.');
  noMore(positionals, 1);
  return call(await callerOf(gateway, surroundings), endpoints.policyVersion, { version }, {});
}

function inWords({ version, at, by, reason, changed }: PolicyActivation): string {
  const why = reason === '' ? '' : `  ${reason}`;
  return `${version.slice(0, 12)}  ${at}  ${by ?? '-'}  ${changed.join(', ')}${why}`;
}
