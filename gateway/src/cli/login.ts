import { noMore, parsedArguments } from './arguments.ts';
import type { ExitCode, Surroundings } from './command.ts';
import { gatewayAddress } from './gateway-address.ts';
import { KeptFiles } from './kept-files.ts';
import { signIn, signOut } from './sign-in.ts';

const OPTIONS = { gateway: { type: 'string' } } as const;

export async function login(args: readonly string[], { environment, say }: Surroundings): Promise<ExitCode> {
  const gateway = gatewayOf(args, environment);
  await signIn(gateway, new KeptFiles(environment), say);
  say(`You are signed in at ${gateway}.`);
  return 0;
}

export async function logout(args: readonly string[], { environment, say }: Surroundings): Promise<ExitCode> {
  const gateway = gatewayOf(args, environment);
  const ended = await signOut(gateway, new KeptFiles(environment));
  say(ended ? `You are signed out at ${gateway}.` : `You were not signed in at ${gateway}.`);
  return 0;
}

function gatewayOf(args: readonly string[], environment: NodeJS.ProcessEnv): string {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  noMore(positionals, 0);
  return gatewayAddress(values.gateway, environment);
}
