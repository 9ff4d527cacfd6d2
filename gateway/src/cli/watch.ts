import { WebSocket } from 'ws';
import { readEvent } from '../../contract/asciicast.ts';
import { assertNever } from '../../contract/assert-never.ts';
import { ErrorBody, SluiceError } from '../../contract/error.ts';
import { WATCH_CHANNEL_SUBPROTOCOL, WatchEvent, watchChannelPath } from '../../contract/session-endpoints.ts';
import { noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';
import { type Caller, unreachable } from './gateway-client.ts';
import { HarmlessOutput, LEAVE_PLAYED } from './harmless-output.ts';
import { terminalNumber } from './recording.ts';
import { callerOf } from './requests.ts';
import { findSession } from './sessions.ts';

const OPTIONS = {
  gateway: { type: 'string' },
  terminal: { type: 'string' },
  'from-now': { type: 'boolean' },
} as const;

/** `watch ID`: plays a terminal as it is used, until it ends or the person has seen enough. */
export async function watch(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  const [part] = positionals;
  if (part === undefined) throw new UsageError('Say which session: `sluice sessions` lists them.');
  noMore(positionals, 1);
  const terminal = terminalNumber(values.terminal);
  const caller = await callerOf(values.gateway, surroundings);
  const { id, who, target } = await findSession(caller, part);
  surroundings.say(`${who.name} on ${target}. Ctrl-C ends watching.`);
  const address = new URL(watchChannelPath(id), caller.gateway.replace(/^http/, 'ws'));
  address.searchParams.set('terminal', terminal);
  address.searchParams.set('from', values['from-now'] === true ? 'now' : 'start');
  const why = await play(caller, address, surroundings);
  surroundings.say(why);
  return 0;
}

/** Resolves with why there is no more to see. */
async function play(
  caller: Caller,
  address: URL,
  { out, show = out, stopped }: Surroundings,
): Promise<string> {
  const socket = new WebSocket(address, WATCH_CHANNEL_SUBPROTOCOL, {
    headers: { authorization: `Bearer ${caller.token ?? ''}` },
  });
  const output = new HarmlessOutput();
  const ended = new Promise<string>((resolve, reject) => {
    let why = 'You no longer watch.';
    socket.on('message', (data) => {
      const event = WatchEvent.parse(JSON.parse(String(data)));
      if (event.type === 'ended') why = 'The terminal has ended.';
      else if (event.type === 'tape') show(output.of(shownIn(event.lines)));
      else if (event.type !== 'live') assertNever(event);
    });
    socket.once('close', (_code, reason) => resolve(reason.length > 0 ? String(reason) : why));
    socket.once('error', (error) => reject(unreachable(caller.gateway, error)));
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += String(chunk);
      });
      response.once('end', () => {
        socket.terminate();
        reject(refusal(body, caller.gateway));
      });
    });
  });
  void stopped.then(() => socket.close());
  try {
    return await ended;
  } finally {
    show(LEAVE_PLAYED);
  }
}

/** What the terminal showed, of some lines of a recording. */
function shownIn(lines: string): string {
  return lines
    .split('\n')
    .map((line) => readEvent(line))
    .map((event) => (event?.kind === 'output' ? event.text : ''))
    .join('');
}

function refusal(text: string, gateway: string): SluiceError {
  const refused = ErrorBody.safeParse(jsonOf(text));
  if (refused.success) return new SluiceError(refused.data.code, refused.data.message, refused.data.next);
  return new SluiceError('contract.mismatch', `What answers at ${gateway} shows no sessions.`, '');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
