import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline';
import { freePort } from '../../../scripts/processes/free-port.ts';
import { releaseGuarded, spawnGuarded } from '../../../scripts/processes/guarded.ts';
import { findProgram } from '../../../scripts/setup/system-packages.ts';
import { write } from './keys.ts';
import { type End, run } from './run.ts';

export const ACCOUNT = userInfo().username;

export type Server = {
  port: number;
  /** Signs in with a key and the certificate beside it, and runs a command. */
  connect(identity: string, options?: Connection): Promise<End>;
  stop(): void;
};

export type Connection = {
  command?: string;
  /** The only file of known hosts; without it, any host key is taken. */
  knownHosts?: string;
  /** What ssh is to call the server. */
  host?: string;
  /** Is connected to this address behind the server, in place of a command. */
  forwardTo?: string;
};

/** A real sshd on loopback, which lets in whom `settings` (lines of sshd_config; the first of a name counts) let in. */
export async function startServer(folder: string, settings: readonly string[]): Promise<Server> {
  const program = findProgram('sshd');
  if (program === null) throw new Error('sshd is missing; on Debian: apt-get install openssh-server');
  // Where the system starts it, this folder is made by the system.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  const config = write(folder, 'sshd_config', `${[...settings, ...common(port)].join('\n')}\n`);
  const child = spawnGuarded([program, '-D', '-e', '-f', config]);
  await new Promise<void>((listening, failed) => {
    let said = '';
    child.once('exit', () => failed(new Error(`sshd ended:\n${said}`)));
    if (child.stderr === null) throw new Error('sshd has no stderr');
    createInterface({ input: child.stderr }).on('line', (line) => {
      said += `${line}\n`;
      if (line.includes('Server listening on')) listening();
    });
  });
  return {
    port,
    connect: (identity, options = {}) => run('ssh', clientArguments(port, identity, options)),
    stop: () => releaseGuarded(child),
  };
}

function common(port: number): string[] {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    'PidFile none',
    'UsePAM no',
    'PermitRootLogin yes',
    'StrictModes no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'AuthorizedKeysFile none',
    'MaxStartups 100',
  ];
}

function clientArguments(port: number, identity: string, connection: Connection): string[] {
  const { command = 'echo welcome', knownHosts, host, forwardTo } = connection;
  const hostKeys =
    knownHosts === undefined
      ? ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null']
      : ['-o', 'StrictHostKeyChecking=yes', '-o', `UserKnownHostsFile=${knownHosts}`];
  return [
    ...['-F', 'none', '-p', String(port), '-i', identity, '-o', `CertificateFile=${identity}-cert.pub`],
    ...[
      '-o',
      'IdentitiesOnly=yes',
      '-o',
      'IdentityAgent=none',
      '-o',
      'BatchMode=yes',
      '-o',
      'LogLevel=ERROR',
    ],
    ...['-o', 'GlobalKnownHostsFile=none', ...hostKeys],
    ...(host === undefined ? [] : ['-o', `HostKeyAlias=${host}`]),
    ...(forwardTo === undefined ? [] : ['-W', forwardTo]),
    `${ACCOUNT}@127.0.0.1`,
    ...(forwardTo === undefined ? [command] : []),
  ];
}
