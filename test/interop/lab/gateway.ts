import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { z } from 'zod';
import { NODE_FLAGS } from '../../../gateway/contract/node-flags.ts';
import { noteSecret } from '../../../scripts/test/written.ts';

const Listening = z.object({
  listening: z.object({ http: z.string(), postgres: z.string(), metrics: z.string().optional() }),
});
const MAIN = join(import.meta.dirname, '../../../gateway/src/cli/sluice.ts');
const STOP_MS = 5000;

export const ACCOUNT = { user: 'interop', password: 'interop-key-of-the-lab' };

/** Signs in at the gateway's own page. */
export const PERSON = 'tina@shop.example';

export type RunningGateway = {
  host: string;
  port: number;
  /** Its API: "http://127.0.0.1:4000". */
  url: string;
  /** "http://127.0.0.1:9464/metrics"; empty where it has no such listener. */
  metricsUrl: string;
  pid: number;
  /** PEM of the authority that signed its certificate. */
  caFile: string;
  /** Resident memory of the gateway's process, in bytes. */
  residentBytes(): number;
  /** What it wrote to stderr so far. */
  complaints(): string;
  /** True until the process has ended, for whatever reason. */
  running(): boolean;
  /** Resolves when the process has ended and all that it wrote was read. */
  ended: Promise<void>;
  stop(): Promise<void>;
};

/** What a configuration has besides what all have. */
export type More = {
  rules?: readonly object[];
  serviceAccounts?: readonly object[];
  limits?: object;
  /** With a listener for SSH. */
  hosts?: readonly object[];
  /** With a listener for metrics. */
  metrics?: boolean;
};

export type GatewayTarget = { name: string; url: string; mode?: 'zeroFootprint' | 'prepared' };

/** Starts `sluice start` as its users do (after the modules of `preload`), and waits for the line that says where it listens. */
export async function bootGateway(
  folder: string,
  targets: readonly GatewayTarget[],
  more: More = {},
  preload: readonly string[] = [],
): Promise<RunningGateway> {
  const config = writeConfig(folder, targets, more);
  noteSecret('the key of a service account', ACCOUNT.password);
  const argv = [
    ...NODE_FLAGS,
    ...preload.flatMap((module) => ['--import', module]),
    MAIN,
    'start',
    '--config',
    config,
  ];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
    appendFileSync(join(folder, 'gateway.log'), chunk);
  });
  const ended = once(child, 'close').then(() => undefined);
  const { http, postgres, metrics } = await listening(child, () => complaints);
  const colon = postgres.lastIndexOf(':');
  return {
    host: postgres.slice(0, colon),
    port: Number(postgres.slice(colon + 1)),
    url: `http://${http}`,
    metricsUrl: metrics === undefined ? '' : `http://${metrics}/metrics`,
    pid: child.pid ?? 0,
    caFile: join(folder, 'data', 'certificates', 'authority.crt'),
    residentBytes: () => residentBytes(child.pid ?? 0),
    complaints: () => complaints,
    running: () => child.exitCode === null && child.signalCode === null,
    ended,
    stop: () => stop(child),
  };
}

async function listening(child: ChildProcess, complaints: () => string) {
  if (child.stdout === null) throw new Error('the gateway has no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{"listening"')) continue;
    child.stdout.resume();
    return Listening.parse(JSON.parse(line)).listening;
  }
  throw new Error(`The gateway ended before it listened:\n${complaints()}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(impatience);
}

function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

/** The configuration that `bootGateway` starts; where it stands. */
export function writeConfig(
  folder: string,
  targets: readonly GatewayTarget[],
  { rules = [], serviceAccounts = [], limits = {}, hosts = [], metrics = false }: More = {},
): string {
  mkdirSync(folder, { recursive: true });
  const policy = { ...POLICY, rules: [...POLICY.rules, ...rules] };
  writeFileSync(join(folder, 'policy.yaml'), stringify(policy));
  const file = join(folder, 'gateway.yaml');
  const config = {
    listen: {
      http: '127.0.0.1:0',
      postgres: '127.0.0.1:0',
      ...(hosts.length > 0 ? { ssh: '127.0.0.1:0' } : {}),
      ...(metrics ? { metrics: '127.0.0.1:0' } : {}),
    },
    dataDir: join(folder, 'data'),
    policy: join(folder, 'policy.yaml'),
    identity: {
      builtin: { people: [{ email: PERSON, name: 'Tina Tran', groups: ['testers'] }] },
      serviceAccounts: [
        { name: ACCOUNT.user, groups: ['testers'], key: { value: ACCOUNT.password } },
        ...serviceAccounts,
      ],
    },
    limits,
    hosts,
    targets: targets.map((target) => ({ ...target, kind: 'postgres', labels: { env: 'test' } })),
  };
  writeFileSync(file, stringify(config));
  return file;
}

const owner = 'tests@shop.example';
const POLICY = {
  version: 1,
  tags: {
    'masked.public.customers.email': ['email'],
    'masked.public.customers.card_number': ['card'],
    'masked.public.customers.national_id': ['secret'],
    // Targets of the bench.
    ...Object.fromEntries(
      ['masked', 'prepared'].flatMap((target) => [
        [`${target}.public.wide.c0`, ['email']],
        [`${target}.public.wide.c1`, ['secret']],
        [`${target}.public.pgbench_accounts.filler`, ['secret']],
      ]),
    ),
  },
  rules: [
    {
      id: 'testers-do-anything',
      owner,
      who: { groups: ['testers'] },
      on: 'everything',
      doing: 'anything',
      // biome-ignore lint/suspicious/noThenProperty: the policy language's own word
      then: 'allow',
      because: 'The lab compares the gateway with the server itself.',
    },
    {
      id: 'emails-show-the-domain',
      owner,
      who: 'everyone',
      on: { tags: ['email'] },
      // biome-ignore lint/suspicious/noThenProperty: the policy language's own word
      then: { mask: { method: 'partial', keep: 'domain' } },
      because: 'Nobody needs the address.',
    },
    {
      id: 'cards-show-the-last-four',
      owner,
      who: 'everyone',
      on: { tags: ['card'] },
      // biome-ignore lint/suspicious/noThenProperty: the policy language's own word
      then: { mask: { method: 'partial', keep: 'last4' } },
      because: 'Card numbers stay out of sight.',
    },
    {
      id: 'national-ids-hidden',
      owner,
      who: 'everyone',
      on: { tags: ['secret'] },
      // biome-ignore lint/suspicious/noThenProperty: the policy language's own word
      then: { mask: { method: 'redact' } },
      because: 'National ids identify people.',
    },
  ],
};
