import { type ConnectCredential, endpoints } from '../../contract/endpoints.ts';
import { TargetName } from '../../contract/ids.ts';
import { noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';
import { shellWords, sshCommand } from './connect-ssh.ts';
import { gatewayAddress } from './gateway-address.ts';
import { call } from './gateway-client.ts';
import { KeptFiles } from './kept-files.ts';
import { openLocalPort } from './local-port.ts';
import { accessToken } from './sign-in.ts';

const OPTIONS = {
  gateway: { type: 'string' },
  env: { type: 'boolean' },
  json: { type: 'boolean' },
  listen: { type: 'string' },
} as const;

const MAX_PORT = 65_535;

/** `connect TARGET`: how another client reaches a target, with a credential that lives minutes. */
export async function connect(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  const target = targetOf(positionals);
  const gateway = gatewayAddress(values.gateway, surroundings.environment);
  const kept = new KeptFiles(surroundings.environment);
  const mint = async () => {
    const token = await accessToken(gateway, kept, surroundings.say);
    return call({ gateway, token }, endpoints.credential, { target }, {});
  };
  if (await isHost(target, gateway, kept, surroundings)) {
    const token = await accessToken(gateway, kept, surroundings.say);
    const certify = (publicKey: string) =>
      call({ gateway, token }, endpoints.sshCertificate, {}, { publicKey });
    const { words, expiresAt } = await sshCommand(target, gateway, kept, certify);
    surroundings.out(values.json === true ? JSON.stringify({ command: words }) : shellWords(words));
    surroundings.say(`Log in before ${expiresAt.toLocaleTimeString()}; sessions stay open after it.`);
    return 0;
  }
  if (values.listen !== undefined) return serve(portOf(values.listen), target, mint, surroundings);
  const minted = await mint();
  const authorityFile = kept.keepAuthority(minted.caCertificate);
  if (values.json === true) surroundings.out(JSON.stringify({ ...minted, caFile: authorityFile }));
  else if (values.env === true) surroundings.out(environmentLines(minted, authorityFile));
  else surroundings.out(connectionString(minted, authorityFile));
  surroundings.say(
    `Log in before ${new Date(minted.expiresAt).toLocaleTimeString()}; sessions stay open after it.`,
  );
  return 0;
}

async function isHost(
  target: TargetName,
  gateway: string,
  kept: KeptFiles,
  { say }: Surroundings,
): Promise<boolean> {
  const token = await accessToken(gateway, kept, say);
  const { targets } = await call({ gateway, token }, endpoints.targets, {}, {});
  return targets.some(({ name, kind }) => name === target && kind === 'ssh');
}

async function serve(
  port: number,
  target: TargetName,
  mint: () => Promise<ConnectCredential>,
  { out, say, stopped }: Surroundings,
): Promise<ExitCode> {
  // Signs in before a client waits for it.
  await mint();
  const local = await openLocalPort(port, target, mint, say);
  out(local.connectionString);
  say(`${target} is on port ${local.port} of this machine until you press ctrl-C.`);
  await stopped;
  await local.close();
  return 0;
}

function targetOf(positionals: readonly string[]): TargetName {
  const [name] = positionals;
  if (name === undefined) throw new UsageError('Say which target to connect to.');
  noMore(positionals, 1);
  const parsed = TargetName.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new UsageError(`"${name}" can't be a target: ${parsed.error.issues[0]?.message ?? ''}.`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= MAX_PORT) return port;
  throw new UsageError(`"${text}" is no port: write a number from 0 to ${MAX_PORT}.`);
}

function connectionString(minted: ConnectCredential, authorityFile: string): string {
  const host = minted.host.includes(':') ? `[${minted.host}]` : minted.host;
  const url = new URL(`postgres://${host}:${minted.port}/${minted.database}`);
  url.username = minted.user;
  url.password = minted.password;
  url.searchParams.set('sslmode', 'verify-full');
  url.searchParams.set('sslrootcert', authorityFile);
  return url.href;
}

function environmentLines(minted: ConnectCredential, authorityFile: string): string {
  const variables: Record<string, string> = {
    PGHOST: minted.host,
    PGPORT: String(minted.port),
    PGUSER: minted.user,
    PGPASSWORD: minted.password,
    PGDATABASE: minted.database,
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: authorityFile,
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
    .join('\n');
}
