import { endpoints } from '../../contract/endpoints.ts';
import { SluiceError } from '../../contract/error.ts';
import type { LiveSession } from '../../contract/session-endpoints.ts';
import { surfaceInWords } from '../../contract/surface.ts';
import { visible } from '../core/approvals/words.ts';
import { noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';
import { type Caller, call } from './gateway-client.ts';
import { shortId } from './request-words.ts';
import { callerOf } from './requests.ts';

const OPTIONS = {
  gateway: { type: 'string' },
  json: { type: 'boolean' },
  reason: { type: 'string' },
} as const;
const ACTS = {
  end: { endpoint: endpoints.endSession, done: 'It ends now.' },
  lock: { endpoint: endpoints.lockSession, done: 'It takes nothing more.' },
  unlock: { endpoint: endpoints.unlockSession, done: 'Its person has it back.' },
} as const;

/** `sessions`: those that are open; `sessions end|lock|unlock ID`: does that to one of them. */
export async function sessions(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  const [act, part] = positionals;
  if (act !== undefined) {
    noMore(positionals, 2);
    return doTo(act, part, values.reason, values.gateway, surroundings);
  }
  const open = await list(await callerOf(values.gateway, surroundings));
  if (values.json === true) surroundings.out(JSON.stringify(open));
  else if (open.length > 0) surroundings.out(open.map(sessionInWords).join('\n\n'));
  else surroundings.say('No session is open that you may see.');
  return 0;
}

/**
 * The one open session whose id begins or ends like this.
 *
 * @throws SluiceError `session.unknown` when there is none or more than one
 */
export async function findSession(caller: Caller, part: string): Promise<LiveSession> {
  const found = (await list(caller)).filter(({ id }) => id.startsWith(part) || id.endsWith(part));
  const [one, other] = found;
  if (one !== undefined && other === undefined) return one;
  const why =
    one === undefined
      ? `There is no open session "${part}" that you may see.`
      : `"${part}" could be ${found.map(({ id }) => shortId(id)).join(', ')}.`;
  throw new SluiceError('session.unknown', why, '`sluice sessions` lists those that are open.');
}

async function doTo(
  act: string,
  part: string | undefined,
  reason: string | undefined,
  gateway: string | undefined,
  surroundings: Surroundings,
): Promise<ExitCode> {
  if (act !== 'end' && act !== 'lock' && act !== 'unlock')
    throw new UsageError(`"${act}" is nothing that is done to a session: write end, lock or unlock.`);
  if (part === undefined)
    throw new UsageError(`Say which session to ${act}: \`sluice sessions\` lists them.`);
  if (reason === undefined || reason.trim() === '')
    throw new UsageError('Give a reason with --reason: the session’s person reads it.');
  const caller = await callerOf(gateway, surroundings);
  const { id } = await findSession(caller, part);
  const { endpoint, done } = ACTS[act];
  surroundings.say(sessionInWords(await call(caller, endpoint, { session: id }, { reason })));
  surroundings.say(done);
  return 0;
}

/** Some lines. Nothing that somebody else wrote moves the cursor of who reads it. */
function sessionInWords(session: LiveSession): string {
  const { id, who, actsFor, surface, target, account, network, since, running, lock, watchers, acts } =
    session;
  const forWhom = actsFor === null ? '' : ` for ${actsFor.name}`;
  const at = account === null ? target : `${account}@${target}`;
  const lines = [
    `${shortId(id)}  ${who.name}${forWhom} on ${at} by ${surfaceInWords(surface)} from ${network}`,
    `  since ${new Date(since).toLocaleString()}`,
    ...running.map((statement) => `  runs: ${statement}`),
    ...(lock === null ? [] : [`  locked by ${lock.by.name}: ${lock.reason}`]),
    ...(watchers.length === 0 ? [] : [`  watched by ${watchers.map(({ name }) => name).join(', ')}`]),
    ...(acts.length === 0 ? [] : [`  You may: ${acts.join(', ')}`]),
  ];
  return lines.map(visible).join('\n');
}

async function list(caller: Caller): Promise<LiveSession[]> {
  return (await call(caller, endpoints.sessions, {}, {})).sessions;
}
