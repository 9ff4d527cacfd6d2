import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { ClientConfig } from 'pg';
import { TargetName } from '../../../gateway/contract/ids.ts';
import { Secret } from '../../../gateway/src/core/access/secret.ts';
import { approvalsInMemory } from '../../../gateway/src/core/approvals/approvals.fixture.ts';
import type { LookupLimit } from '../../../gateway/src/core/flow/lookup-limit.ts';
import { PostgresProxy } from '../../../gateway/src/proxies/postgres/proxy.ts';
import { PostgresSettings } from '../../../gateway/src/proxies/postgres/settings.ts';
import { PostgresTarget } from '../../../gateway/src/proxies/postgres/target.ts';
import {
  MemoryRecorder,
  TestPolicy,
  TestPrincipal,
} from '../../../gateway/src/proxies/postgres/testing/lab.ts';
import { createPostgresEngine } from '../../../gateway/src/sql/postgres/engine.ts';
import { scramVerifier } from '../../../gateway/src/wire/postgres/scram/scram-keys.ts';
import { createServerCertificate } from '../../../sample/postgres/certificate.ts';

const USER = 'mallory';
const PASSWORD = 'correct horse battery staple';

/** A database that the gateway stands before; `prepared` when it withholds masked columns from the user itself. */
export type Upstream = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  prepared?: true;
};

export type Gateway = {
  /** How a developer for whom the secrets are masked connects to a target. */
  route(target: string): ClientConfig;
  policy: TestPolicy;
  close(): Promise<void>;
};

/** The gateway's Postgres surface as it is in production, with a policy and a log in memory. */
export async function openGateway(
  targets: ReadonlyMap<string, Upstream>,
  yaml: string,
  lookups?: LookupLimit,
): Promise<Gateway> {
  const policy = new TestPolicy(yaml);
  const engine = createPostgresEngine();
  const settings = PostgresSettings.parse({});
  const tokenKey = randomBytes(32);
  const opened = new Map(
    [...targets].map(([name, { password, prepared, ...upstream }]) => [
      name,
      new PostgresTarget({
        target: { name: TargetName.parse(name), kind: 'postgres', labels: {} },
        upstream: { ...upstream, password: new Secret(password), tls: 'disable' },
        ...(prepared === undefined ? {} : { prepared: { exempt: null } }),
        services: {
          approvals: approvalsInMemory(),
          policy,
          recorder: new MemoryRecorder(),
          ...(lookups === undefined ? {} : { lookups }),
          now: () => new Date(),
        },
        engine,
        tokenKey,
        settings,
      }),
    ]),
  );
  const verifier = await scramVerifier(PASSWORD, randomBytes(16));
  const { certificatePem, keyPem } = await createServerCertificate(new Date());
  const secureContext = createSecureContext({ cert: certificatePem, key: keyPem });
  const proxy = new PostgresProxy({
    targets: opened,
    directory: {
      lookup: (login) =>
        login === USER ? { verifier, principal: new TestPrincipal(USER, ['developers']) } : null,
    },
    secureContext: () => secureContext,
    settings,
  });
  const server = createServer((socket) => void proxy.serve(socket));
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    route: (database) => ({ host: '127.0.0.1', port, user: USER, password: PASSWORD, database }),
    policy,
    close: async () => {
      server.close();
      proxy.close();
      for (const target of opened.values()) await target.close();
      await engine.close();
    },
  };
}
