import { endpoints } from '../../contract/endpoints.ts';
import { StatementKind } from '../../contract/facts.ts';
import { TargetName } from '../../contract/ids.ts';
import { accessInWords, whatInWords } from './access-words.ts';
import { noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';
import { call } from './gateway-client.ts';
import { callerOf } from './requests.ts';

const WHO = { gateway: { type: 'string' }, doing: { type: 'string' }, json: { type: 'boolean' } } as const;
const WHAT = { gateway: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `policy who TARGET TABLE[.COLUMN]`: who may see it, or do something with it, and why. */
export async function policyWho(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, WHO);
  const [target, table, column] = positionals;
  if (target === undefined || table === undefined) {
    throw new UsageError('Write: sluice policy who TARGET TABLE, or sluice policy who TARGET TABLE COLUMN.');
  }
  noMore(positionals, 3);
  const caller = await callerOf(values.gateway, surroundings);
  const params = {
    target: targetName(target),
    table,
    ...(column === undefined ? {} : { column }),
    doing: kindOf(values.doing ?? 'select'),
  };
  const report = await call(caller, endpoints.policyWho, params, {});
  surroundings.out(values.json === true ? JSON.stringify(report, null, 2) : accessInWords(report));
  return 0;
}

/** `policy what PERSON TARGET`: what somebody may do there, and by which rule. */
export async function policyWhat(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, WHAT);
  const [person, target] = positionals;
  if (person === undefined || target === undefined) {
    throw new UsageError('Write: sluice policy what PERSON TARGET.');
  }
  noMore(positionals, 2);
  const caller = await callerOf(values.gateway, surroundings);
  const report = await call(caller, endpoints.policyWhat, { person, target: targetName(target) }, {});
  surroundings.out(values.json === true ? JSON.stringify(report, null, 2) : whatInWords(report));
  return 0;
}

function targetName(text: string): TargetName {
  const parsed = TargetName.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UsageError(`"${text}" is no name of a target.`);
}

function kindOf(text: string): StatementKind {
  const parsed = StatementKind.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UsageError(`"${text}" is no kind of statement; write select, insert, update, delete …`);
}
