import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TargetName } from '../../../gateway/contract/ids.ts';
import { TapeFiles } from '../../../gateway/src/adapters/recordings/tape-files.ts';
import { Secret } from '../../../gateway/src/core/access/secret.ts';
import { approvalsInMemory } from '../../../gateway/src/core/approvals/approvals.fixture.ts';
import { ScanThread } from '../../../gateway/src/core/detectors/thread/scan-thread.ts';
import { PlanCache } from '../../../gateway/src/core/flow/plan-cache.ts';
import { Sessions } from '../../../gateway/src/core/sessions/sessions.ts';
import {
  MemoryRecorder,
  TestPolicy,
  TestPrincipal,
} from '../../../gateway/src/proxies/postgres/testing/lab.ts';
import { SshProxy } from '../../../gateway/src/proxies/ssh/proxy.ts';
import { SshSettings } from '../../../gateway/src/proxies/ssh/settings.ts';
import { type ReadLine, readStrictly } from '../../../gateway/src/proxies/ssh/shell/read-line.ts';
import type { SshTarget } from '../../../gateway/src/proxies/ssh/target.ts';
import { issueUserCertificate } from '../../../gateway/src/wire/ssh/certificates/issue.ts';
import { writePrivateKeyFile } from '../../../gateway/src/wire/ssh/keys/private-key-file.ts';
import { publicKeyOf } from '../../../gateway/src/wire/ssh/keys/public-key.ts';
import { knownHostLine } from '../../../gateway/src/wire/ssh/lines/known-hosts.ts';
import { generateKey } from '../../openssh/lab/keys.ts';
import { type End, run } from '../../openssh/lab/run.ts';
import { ACCOUNT, startServer } from '../../openssh/lab/server.ts';

export type SshLab = {
  folder: string;
  policy: TestPolicy;
  recorder: MemoryRecorder;
  approvals: ReturnType<typeof approvalsInMemory>;
  sessions: Sessions;
  tapes: TapeFiles;
  target: SshTarget;
  scans: ScanThread;
  people: { ana: TestPrincipal; dora: TestPrincipal };
  faults: Error[];
  port: number;
  /** The real `ssh` to the gateway, as Ana. */
  ssh(command: string, ...options: string[]): Promise<End>;
  arguments(...options: string[]): string[];
  close(): void;
};

/** A gateway before a real sshd; Ana has a certificate for an hour. */
export async function openSshLab(
  policyYaml: string,
  overrides: Partial<SshSettings> = {},
  readLine: ReadLine = readStrictly,
  sshdSettings: readonly string[] = [],
  maxRecordingBytes = 64 * 1024 * 1024,
): Promise<SshLab> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-ssh-'));
  const hostKey = await generateKey(folder, 'target-host', 'ssh-ed25519');
  const gatewayKey = await generateKey(folder, 'gateway', 'ssh-ed25519');
  const sshd = await startServer(folder, [
    `HostKey ${hostKey.file}`,
    'Subsystem sftp internal-sftp',
    'AcceptEnv LANG LC_*',
    `AuthorizedKeysFile ${gatewayKey.file}.pub`,
    ...sshdSettings,
  ]);
  const policy = new TestPolicy(policyYaml);
  const recorder = new MemoryRecorder();
  const approvals = approvalsInMemory();
  const sessions = new Sessions();
  const tapes = new TapeFiles({ folder: join(folder, 'recordings'), maxBytes: maxRecordingBytes });
  const scans = new ScanThread();
  const settings = SshSettings.parse(overrides);
  const people = {
    ana: new TestPrincipal('ana', ['developers']),
    dora: new TestPrincipal('dora', ['ops']),
  };
  const authority = generateKeyPairSync('ed25519');
  const own = generateKeyPairSync('ed25519');
  const target: SshTarget = {
    target: { name: TargetName.parse('web'), kind: 'ssh', labels: {} },
    host: '127.0.0.1',
    port: sshd.port,
    accounts: [{ name: ACCOUNT, privateKey: new Secret(readFileSync(gatewayKey.file, 'utf8')) }],
    isItsKey: (key) => hostKey.publicKey.blob.equals(key),
    readLine,
    services: {
      approvals,
      policy,
      recorder,
      sessions,
      tapes,
      scans,
      plans: new PlanCache(1000),
      now: () => new Date(),
    },
    settings,
  };
  const faults: Error[] = [];
  const proxy = new SshProxy({
    targets: new Map([['web', target]]),
    directory: {
      authorities: [publicKeyOf(authority.publicKey)],
      signIn: (keyId) => (keyId === 'sign-in-1' ? { principal: people.ana, name: 'person:ana' } : null),
    },
    devices: { begin: async () => null },
    hostKey: new Secret(writePrivateKeyFile(own.privateKey, 'sluice')),
    settings,
    now: () => new Date(),
    onFault: (fault) => faults.push(fault),
  });
  const server = createServer((socket) => proxy.serve(socket));
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  // For tests that have ssh-keygen certify somebody in other ways.
  writeFileSync(join(folder, 'authority'), writePrivateKeyFile(authority.privateKey, 'authority'), {
    mode: 0o600,
  });
  const identity = await generateKey(folder, 'ana', 'ssh-ed25519');
  const { blob } = issueUserCertificate(authority.privateKey, {
    publicKey: identity.publicKey,
    keyId: 'sign-in-1',
    principals: ['person:ana'],
    validAfterMs: Date.now() - 60_000,
    validBeforeMs: Date.now() + 3_600_000,
    permissions: ['permit-pty'],
  });
  writeFileSync(`${identity.file}-cert.pub`, `ssh-ed25519-cert-v01@openssh.com ${blob.toString('base64')}\n`);
  const knownHosts = join(folder, 'known_hosts');
  writeFileSync(knownHosts, `${knownHostLine({ host: '127.0.0.1', port }, publicKeyOf(own.publicKey))}\n`);
  const clientArguments = (...options: string[]) => [
    ...['-F', 'none', '-p', String(port), '-i', identity.file, '-o', 'IdentitiesOnly=yes'],
    ...['-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'GlobalKnownHostsFile=none', '-o', 'BatchMode=yes'],
    ...['-o', 'StrictHostKeyChecking=yes', ...options, 'web@127.0.0.1'],
  ];
  return {
    folder,
    policy,
    recorder,
    approvals,
    sessions,
    tapes,
    target,
    scans,
    people,
    faults,
    port,
    arguments: clientArguments,
    ssh: (command, ...options) => run('ssh', [...clientArguments(...options), command]),
    close: () => {
      proxy.close();
      server.close();
      sshd.stop();
      void scans.close();
    },
  };
}
