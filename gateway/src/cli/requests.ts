import type { ShownRequest } from '../../contract/approval-request.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { SluiceError } from '../../contract/error.ts';
import { noMore, parsedArguments } from './arguments.ts';
import type { ExitCode, Surroundings } from './command.ts';
import { gatewayAddress } from './gateway-address.ts';
import { type Caller, call } from './gateway-client.ts';
import { KeptFiles } from './kept-files.ts';
import { requestInWords, shortId } from './request-words.ts';
import { accessToken } from './sign-in.ts';

const OPTIONS = { gateway: { type: 'string' }, all: { type: 'boolean' }, json: { type: 'boolean' } } as const;

/** `requests`: those of this person and those that they may decide on; what waits, or all. */
export async function requests(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  noMore(positionals, 0);
  const caller = await callerOf(values.gateway, surroundings);
  const listed = await list(caller, values.all === true ? 'all' : 'pending');
  if (values.json === true) surroundings.out(JSON.stringify(listed));
  else if (listed.length > 0) surroundings.out(listed.map(requestInWords).join('\n\n'));
  else surroundings.say('No request waits for you, and none of yours waits.');
  return 0;
}

/** The gateway that a command is about, signed in to. */
export async function callerOf(
  gateway: string | undefined,
  { environment, say }: Surroundings,
): Promise<Caller> {
  const address = gatewayAddress(gateway, environment);
  return { gateway: address, token: await accessToken(address, new KeptFiles(environment), say) };
}

/**
 * The one request whose id begins or ends like this.
 *
 * @throws SluiceError `approval.unknown` when there is none or more than one
 */
export async function findRequest(caller: Caller, part: string): Promise<ShownRequest> {
  const wanted = part.toLowerCase();
  const all = await list(caller, 'all');
  const found = all.filter(({ request: { id } }) => id.startsWith(wanted) || id.endsWith(wanted));
  const [one, other] = found;
  if (one !== undefined && other === undefined) return one;
  if (one === undefined) {
    const why = `There is no request "${part}" that you may see.`;
    throw new SluiceError('approval.unknown', why, '`sluice requests --all` lists them.');
  }
  const ids = found.map(({ request: { id } }) => shortId(id)).join(', ');
  throw new SluiceError('approval.unknown', `"${part}" could be ${ids}.`, 'Write more of it.');
}

async function list(caller: Caller, status: 'pending' | 'all'): Promise<ShownRequest[]> {
  return (await call(caller, endpoints.requests, { status }, {})).requests;
}
