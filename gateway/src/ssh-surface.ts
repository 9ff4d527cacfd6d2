import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { SluiceError } from '../contract/error.ts';
import type { TargetName } from '../contract/ids.ts';
import { readPrivateFile, writePrivateFile } from './adapters/certificates/private-file.ts';
import type { Store } from './adapters/store/store.ts';
import type { ListenAddress } from './config/address.ts';
import type { GatewayConfig, HostConfig } from './config.ts';
import type { DeviceSignIns } from './core/access/device-sign-ins.ts';
import { Secret } from './core/access/secret.ts';
import type { SshAccess } from './core/access/ssh-access.ts';
import type { Approvals } from './core/approvals/approvals.ts';
import { ScanThread } from './core/detectors/thread/scan-thread.ts';
import type { GovernedHost } from './core/flow/governed-host.ts';
import type { FlowMeter } from './core/flow/meter.ts';
import { PlanCache } from './core/flow/plan-cache.ts';
import type { PolicyInForce } from './core/policy/policy.ts';
import type { TapeRecorder } from './core/recording/tape.ts';
import type { Sessions } from './core/sessions/sessions.ts';
import { listen, reachable } from './listen.ts';
import { editorHost } from './proxies/ssh/editor/editor-host.ts';
import { Certificates } from './proxies/ssh/login/certificates.ts';
import { SshProxy } from './proxies/ssh/proxy.ts';
import { SshSettings } from './proxies/ssh/settings.ts';
import { type ReadLine, readingAll, readStrictly } from './proxies/ssh/shell/read-line.ts';
import type { SshTarget } from './proxies/ssh/target.ts';
import { readPrivateKeyFile, writePrivateKeyFile } from './wire/ssh/keys/private-key-file.ts';
import { publicKeyOf } from './wire/ssh/keys/public-key.ts';
import { judgeHostKey, readKnownHosts } from './wire/ssh/lines/known-hosts.ts';

export type SshParts = {
  config: GatewayConfig;
  listenOn: ListenAddress;
  approvals: Approvals;
  policy: PolicyInForce;
  store: Pick<Store, 'recorder'>;
  meter: FlowMeter;
  sessions: Sessions;
  tapes: TapeRecorder;
  devices: DeviceSignIns;
  onFault(fault: SluiceError): void;
  onRefused(why: string, network: string): void;
};

/** The SSH listener with the hosts behind it. */
export type SshSurface = {
  address: ListenAddress;
  hosts: ReadonlyMap<TargetName, GovernedHost>;
  access: SshAccess;
  close(): Promise<void>;
};

const MAX_PLANS = 10_000;

/** @throws SluiceError `listen.refused`; `config.unreadable` or `config.invalid` for a host's key. */
export async function openSsh(parts: SshParts): Promise<SshSurface> {
  const { config, listenOn, onFault } = parts;
  const settings = SshSettings.parse({
    ...config.limits.ssh,
    loginGraceMs: config.limits.loginGraceMs,
    connectMs: config.limits.connectMs,
  });
  const readers: Readers = {
    strict: readStrictly,
    audit: config.hosts.some(({ shell }) => shell === 'audit') ? await auditReader() : readStrictly,
  };
  const scans = new ScanThread();
  const targets = new Map(
    config.hosts.map((host) => [host.name, openHost(parts, scans, settings, readers, host)]),
  );
  const hostKey = ownKey(join(config.dataDir, 'ssh', 'host-key'), 'sluice');
  const authority = ownKey(join(config.dataDir, 'ssh', 'authority-key'), 'sluice authority');
  const server = createServer((socket) => proxy.serve(socket));
  const address = await listen(server, 'ssh', listenOn);
  const certificates = new Certificates({
    authority: createPrivateKey(authority.key.export({ type: 'pkcs8', format: 'pem' })),
    ...reachable(address),
    hostKey: publicKeyOf(hostKey.key),
    lifeMs: config.identity.credentialSeconds * 1000,
    now: () => new Date(),
  });
  const proxy = new SshProxy({
    targets,
    directory: certificates,
    devices: parts.devices,
    hostKey: new Secret(hostKey.text),
    settings,
    now: () => new Date(),
    onFault,
    onRefused: parts.onRefused,
  });
  const close = async () => {
    server.close();
    proxy.close();
    await scans.close();
    for (const host of hosts.values()) host.close();
  };
  const hosts = new Map([...targets].map(([name, target]) => [name, editorHost(target, onFault)]));
  return { address, hosts, access: certificates, close };
}

type Readers = Readonly<Record<HostConfig['shell'], ReadLine>>;

/** Loaded where a host needs it alone. */
async function auditReader(): Promise<ReadLine> {
  const { loadBashGrammar } = await import('./shell/audit/grammar.ts');
  return readingAll(await loadBashGrammar());
}

function openHost(
  { approvals, policy, store, meter, sessions, tapes }: SshParts,
  scans: ScanThread,
  settings: SshSettings,
  readers: Readers,
  config: HostConfig,
): SshTarget {
  const { name, address, labels, accounts, knownHosts } = config;
  const known = readKnownHosts(knownHosts);
  const [unreadable] = known.unreadable;
  if (unreadable !== undefined || known.entries.length === 0) {
    throw new SluiceError(
      'config.invalid',
      `The knownHosts of host ${name} hold no key that can be read${unreadable === undefined ? '' : `: ${unreadable.why}`}.`,
      `Write what \`ssh-keyscan -p ${address.port} ${address.host}\` prints, once you have compared it with the host's own.`,
    );
  }
  const [first, ...others] = accounts.map(({ name: account, key }) => ({
    name: account,
    privateKey: keyIn(key),
  }));
  if (first === undefined) throw new SluiceError('config.invalid', `The host ${name} has no account.`);
  return {
    target: { name, kind: 'ssh', labels, accounts: accounts.map((account) => account.name) },
    ...address,
    accounts: [first, ...others],
    isItsKey: (key) => judgeHostKey(known, address, key) === 'known',
    readLine: readers[config.shell],
    services: {
      approvals,
      policy,
      recorder: store.recorder,
      meter,
      sessions,
      tapes,
      scans,
      plans: new PlanCache(MAX_PLANS),
      now: () => new Date(),
    },
    settings,
  };
}

function keyIn(file: string): Secret {
  try {
    return new Secret(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new SluiceError(
      'config.unreadable',
      `The key file ${file} can't be read.`,
      'Check `key` of the account.',
      {
        cause,
      },
    );
  }
}

/** A key of the gateway's own: made on first start, then kept. */
function ownKey(file: string, comment: string) {
  const kept = readPrivateFile(file);
  const text = kept ?? writePrivateKeyFile(generateKeyPairSync('ed25519').privateKey, comment);
  if (kept === null) writePrivateFile(file, text);
  const read = readPrivateKeyFile(text);
  if (read.ok) return { key: read.value.key, text };
  throw new SluiceError(
    'store.corrupt',
    `The key in ${file} is damaged: ${read.why}.`,
    'Put it back from a backup; without it, clients no longer trust this gateway.',
  );
}
