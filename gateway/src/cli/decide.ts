import type { Bounds, ShownRequest } from '../../contract/approval-request.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { boundsInWords } from '../core/approvals/words.ts';
import { Duration, secondsOf } from '../core/policy/language/duration.ts';
import { noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';
import { type Caller, call } from './gateway-client.ts';
import { requestInWords } from './request-words.ts';
import { callerOf, findRequest } from './requests.ts';

const WITH_REASON = { gateway: { type: 'string' }, reason: { type: 'string' } } as const;
const APPROVE = { ...WITH_REASON, 'max-rows': { type: 'string' }, for: { type: 'string' } } as const;

/** `approve ID`: shows what it is, and agrees to exactly that. */
export async function approve(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, APPROVE);
  const bounds: Bounds = { maxRows: rowsOf(values['max-rows']), windowSeconds: secondsIn(values.for) };
  const reason = values.reason ?? '';
  return decide(positionals, values.gateway, surroundings, async (caller, { request: { id, effect } }) => {
    surroundings.say(`You approve this: ${boundsInWords(bounds)}.`);
    return call(caller, endpoints.approve, { request: id }, { effect, reason, bounds });
  });
}

/** `deny ID`: says no, with a reason that the requester reads. */
export async function deny(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, WITH_REASON);
  const reason = reasonOf(values.reason, 'the requester reads it');
  return decide(positionals, values.gateway, surroundings, (caller, { request: { id, effect } }) =>
    call(caller, endpoints.deny, { request: id }, { effect, reason }),
  );
}

/** `withdraw ID`: takes a request of one's own back. */
export async function withdraw(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, { gateway: { type: 'string' } });
  return decide(positionals, values.gateway, surroundings, (caller, { request: { id } }) =>
    call(caller, endpoints.withdraw, { request: id }, {}),
  );
}

/** `break-glass ID`: runs a request of one's own at once, where a rule lets one. */
export async function breakGlass(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, WITH_REASON);
  const reason = reasonOf(values.reason, 'it is reviewed');
  return decide(positionals, values.gateway, surroundings, (caller, { request: { id } }) =>
    call(caller, endpoints.breakGlass, { request: id }, { reason }),
  );
}

/** `review ID`: notes that one has looked at what ran without approval. */
export async function review(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, WITH_REASON);
  const reason = values.reason ?? '';
  return decide(positionals, values.gateway, surroundings, (caller, { request: { id } }) =>
    call(caller, endpoints.review, { request: id }, { reason }),
  );
}

/** Shows the request that is meant, acts on it, and shows what became of it. */
async function decide(
  positionals: readonly string[],
  gateway: string | undefined,
  surroundings: Surroundings,
  act: (caller: Caller, shown: ShownRequest) => Promise<ShownRequest>,
): Promise<ExitCode> {
  const [part] = positionals;
  if (part === undefined || part === '')
    throw new UsageError('Say which request: `sluice requests` lists them.');
  noMore(positionals, 1);
  const caller = await callerOf(gateway, surroundings);
  const shown = await findRequest(caller, part);
  surroundings.say(requestInWords(shown));
  surroundings.out(requestInWords(await act(caller, shown)));
  return 0;
}

function reasonOf(reason: string | undefined, why: string): string {
  if (reason !== undefined && reason.trim() !== '') return reason;
  throw new UsageError(`Give a reason with --reason: ${why}.`);
}

function rowsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is no number of rows.`);
}

function secondsIn(text: string | undefined): number | null {
  if (text === undefined) return null;
  const parsed = Duration.safeParse(text);
  if (parsed.success) return secondsOf(parsed.data);
  throw new UsageError(`"${text}" is no length of time: ${parsed.error.issues[0]?.message ?? ''}.`);
}
