import { endpoints } from '../../contract/endpoints.ts';
import { SessionId } from '../../contract/ids.ts';
import { noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';
import { type Caller, download } from './gateway-client.ts';
import { callerOf } from './requests.ts';
import { findSession } from './sessions.ts';

const OPTIONS = { gateway: { type: 'string' }, terminal: { type: 'string' } } as const;
const WHOLE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `recording ID`: a terminal's recording on stdout, line by line as it comes. */
export async function recording(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  const [part] = positionals;
  if (part === undefined)
    throw new UsageError('Say of which session: records and `sluice sessions` name them.');
  noMore(positionals, 1);
  const terminal = terminalNumber(values.terminal);
  const caller = await callerOf(values.gateway, surroundings);
  const session = await sessionNamed(caller, part);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of await download(caller, endpoints.recording, { session, terminal })) {
    rest += decoder.decode(chunk, { stream: true });
    const end = rest.lastIndexOf('\n');
    if (end === -1) continue;
    surroundings.out(rest.slice(0, end));
    rest = rest.slice(end + 1);
  }
  // Of a gateway that died while it wrote.
  if (rest !== '') surroundings.out(rest);
  return 0;
}

/** Terminals are numbered from 1 on, in the order in which a session opened them. */
export function terminalNumber(text = '1'): string {
  if (/^[1-9]\d{0,4}$/.test(text)) return text;
  throw new UsageError(`"${text}" is no number of a terminal.`);
}

/** A whole id may be of a session that has ended; a part is looked for among the open ones. */
async function sessionNamed(caller: Caller, part: string): Promise<SessionId> {
  return WHOLE_ID.test(part) ? SessionId.parse(part) : (await findSession(caller, part)).id;
}
