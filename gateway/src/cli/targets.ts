import { endpoints } from '../../contract/endpoints.ts';
import { noMore, parsedArguments } from './arguments.ts';
import type { ExitCode, Surroundings } from './command.ts';
import { gatewayAddress } from './gateway-address.ts';
import { call } from './gateway-client.ts';
import { KeptFiles } from './kept-files.ts';
import { accessToken } from './sign-in.ts';

const OPTIONS = { gateway: { type: 'string' } } as const;

/** `targets`: what the person may use, a line each: name, kind, labels. */
export async function targets(
  args: readonly string[],
  { environment, out, say }: Surroundings,
): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  noMore(positionals, 0);
  const gateway = gatewayAddress(values.gateway, environment);
  const token = await accessToken(gateway, new KeptFiles(environment), say);
  const { targets: usable } = await call({ gateway, token }, endpoints.targets, {}, {});
  for (const { name, kind, labels } of usable) {
    const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
    out([name, kind, ...pairs].join('\t'));
  }
  if (usable.length === 0) say('There is no target that you may use. Ask whoever owns the policy.');
  return 0;
}
