import { endpoints } from '../../contract/endpoints.ts';
import { noMore, parsedArguments } from './arguments.ts';
import type { ExitCode, Surroundings } from './command.ts';
import { call } from './gateway-client.ts';
import { shortId } from './request-words.ts';
import { callerOf } from './requests.ts';

const OPTIONS = { gateway: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `webhooks`: messages that nobody took, a line each. */
export async function webhooks(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  noMore(positionals, 0);
  const caller = await callerOf(values.gateway, surroundings);
  const { deadLetters } = await call(caller, endpoints.deadLetters, {}, {});
  if (values.json === true) surroundings.out(JSON.stringify(deadLetters));
  else if (deadLetters.length === 0) surroundings.say('Every message was taken, or is still tried.');
  else {
    for (const { webhook, event, request, at, tries, why } of deadLetters) {
      surroundings.out([at, webhook, event, shortId(request), `${tries} tries`, why].join('\t'));
    }
  }
  return 0;
}
