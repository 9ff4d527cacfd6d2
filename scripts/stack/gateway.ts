import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { NODE_FLAGS } from '../../gateway/contract/node-flags.ts';
import type { RunningSample } from '../../sample/boot-sample.ts';
import { spawnGuarded } from '../processes/guarded.ts';
import { type Running, superviseChild } from '../processes/supervise.ts';
import { root } from '../setup/root.ts';

/** The service account that psql and other programs log in with. */
export const SERVICE_ACCOUNT = 'reporting';

export type GatewayOptions = {
  sample: RunningSample;
  /** Configuration, records and keys of this gateway; made when missing. */
  stateDir: string;
  httpPort: number;
  postgresPort: number;
  serviceKey: string;
  /** Policy file or folder; the examples' by default. */
  policy?: string;
  /** Hosts for SSH, as the configuration file has them; without them nothing listens for SSH clients. */
  hosts?: readonly object[];
  /** Where it is reached, when that is not where it listens. */
  publicUrl?: string;
  log?: (line: string) => void;
};

export type RunningGateway = Running & {
  /** "http://127.0.0.1:4000". */
  url: string;
  postgresPort: number;
  configFile: string;
};

const Listening = z.object({ listening: z.object({ http: z.string(), postgres: z.string() }) });

/** Starts the built gateway over the sample, as its own process. Throws an Error that says what to do. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { sample, stateDir, serviceKey, log = () => undefined } = options;
  mkdirSync(stateDir, { recursive: true });
  const configFile = join(stateDir, 'gateway.yaml');
  writeFileSync(join(stateDir, 'sample-ca.pem'), sample.postgres.caCertificate);
  writeFileSync(configFile, stringify(configuration(options)));
  const child = spawnGuarded(
    [process.execPath, ...NODE_FLAGS, join(root, 'dist/gateway/sluice.mjs'), 'start', '--config', configFile],
    {
      cwd: stateDir,
      env: {
        ...process.env,
        SLUICE_SAMPLE_KEY: serviceKey,
        SLUICE_SAMPLE_SHOP: sample.gatewayUrl('shop'),
        SLUICE_SAMPLE_SCRATCH: sample.gatewayUrl('scratch'),
      },
    },
  );
  const running = superviseChild('the gateway', child, log);
  const line = await running.saying(/^\{"listening"/, {
    timeoutMs: 30_000,
    explain: (words) => `The gateway does not start. Its last words:\n${words}`,
  });
  const { http, postgres } = Listening.parse(JSON.parse(line)).listening;
  const url = /^https?:/.test(http) ? http : `http://${http}`;
  return { ...running, url, postgresPort: Number(postgres.split(':').at(-1)), configFile };
}

/** Secrets are named, not written: they travel in the gateway's environment. */
function configuration({ httpPort, postgresPort, policy, hosts, publicUrl }: GatewayOptions): object {
  const upstream = { kind: 'postgres', tls: 'verify-full', ca: 'sample-ca.pem' };
  return {
    listen: {
      http: `127.0.0.1:${httpPort}`,
      postgres: `127.0.0.1:${postgresPort}`,
      ...(hosts === undefined ? {} : { ssh: '127.0.0.1:0' }),
    },
    ...(hosts === undefined ? {} : { hosts }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    dataDir: 'data',
    policy: policy ?? join(root, 'examples/policy'),
    identity: {
      serviceAccounts: [{ name: SERVICE_ACCOUNT, groups: ['developers'], key: { env: 'SLUICE_SAMPLE_KEY' } }],
    },
    targets: [
      { name: 'shop', ...upstream, url: { env: 'SLUICE_SAMPLE_SHOP' }, labels: { env: 'production' } },
      { name: 'scratch', ...upstream, url: { env: 'SLUICE_SAMPLE_SCRATCH' }, labels: { env: 'development' } },
    ],
  };
}
