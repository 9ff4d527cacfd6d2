import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Person } from '../../../test/gateway/gateway.fixture.ts';
import { bootGateway, PERSON } from '../../../test/interop/lab/gateway.ts';
import { generateKey } from '../../../test/openssh/lab/keys.ts';
import { ACCOUNT, startServer } from '../../../test/openssh/lab/server.ts';

export const WAYS = ['direct', 'jump', 'relay', 'gateway'] as const;
export type Way = (typeof WAYS)[number];

/** For each way to the same host the words that begin with `ssh` and end with the destination. */
export type Ways = Record<Way, readonly string[]>;

const DETECT = {
  id: 'detect-in-terminals',
  owner: 'tests@shop.example',
  who: 'everyone',
  on: { targets: ['host'] },
  // biome-ignore lint/suspicious/noThenProperty: the policy language's own word
  then: { detect: ['cards', 'emails', 'phones', 'ibans', 'nationalIds', 'secrets'] },
  because: 'Nobody needs them.',
};

/** A host with a real sshd; straight to it, over another sshd (`ssh -J`), over a bare relay, and over the gateway. */
export async function openWays(folder: string, opened: AsyncDisposableStack): Promise<Ways> {
  const key = await generateKey(folder, 'key', 'ssh-ed25519');
  const settings = [`HostKey ${key.file}`, `AuthorizedKeysFile ${key.file}.pub`];
  const [host, jump] = [await startServer(folder, settings), await startServer(folder, settings)];
  opened.defer(() => host.stop());
  opened.defer(() => jump.stop());
  const relayPort = await startRelay([key.file, String(host.port), ACCOUNT], opened);
  const publicKey = readFileSync(`${key.file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  const gateway = await bootGateway(join(folder, 'gateway'), [], {
    rules: [DETECT],
    hosts: [
      {
        name: 'host',
        address: `127.0.0.1:${host.port}`,
        accounts: [{ name: ACCOUNT, key: key.file }],
        knownHosts: `[127.0.0.1]:${host.port} ${publicKey}`,
      },
    ],
  });
  opened.defer(() => gateway.stop());
  const { out } = await new Person(PERSON, gateway).sluice(['connect', 'host', '--json']);
  const config = clientConfig(folder, key.file, { host: host.port, jump: jump.port, relay: relayPort });
  const ssh = (name: string) => ['ssh', '-F', config, name];
  const { command } = z.object({ command: z.array(z.string()) }).parse(JSON.parse(out));
  return { direct: ssh('host'), jump: ssh('jumped'), relay: ssh('relay'), gateway: command };
}

async function startRelay(args: readonly string[], opened: AsyncDisposableStack): Promise<number> {
  const program = join(import.meta.dirname, 'bare-relay.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  opened.defer(() => void child.kill());
  const [line] = await once(child.stdout, 'data');
  return Number(String(line));
}

function clientConfig(folder: string, key: string, ports: Record<'host' | 'jump' | 'relay', number>): string {
  const file = join(folder, 'ssh_config');
  const places = Object.entries(ports).map(([name, port]) => `Host ${name}\n  Port ${port}`);
  const common = [
    `  HostName 127.0.0.1\n  User ${ACCOUNT}\n  IdentityFile ${key}\n  IdentitiesOnly yes\n  IdentityAgent none`,
    '  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR',
  ];
  writeFileSync(
    file,
    [
      ...places,
      `Host jumped\n  Port ${ports.host}\n  ProxyJump jump`,
      `Host *\n${common.join('\n')}`,
      '',
    ].join('\n'),
  );
  return file;
}
