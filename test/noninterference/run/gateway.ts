import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createSecureContext } from 'node:tls';
import { TargetName } from '../../../gateway/contract/ids.ts';
import type { LoginDirectory } from '../../../gateway/src/core/access/principals.ts';
import { Secret } from '../../../gateway/src/core/access/secret.ts';
import { approvalsInMemory } from '../../../gateway/src/core/approvals/approvals.fixture.ts';
import type { Recorder } from '../../../gateway/src/core/recording/recorder.ts';
import { PostgresProxy } from '../../../gateway/src/proxies/postgres/proxy.ts';
import { PostgresSettings } from '../../../gateway/src/proxies/postgres/settings.ts';
import { PostgresTarget } from '../../../gateway/src/proxies/postgres/target.ts';
import { TestPolicy, TestPrincipal } from '../../../gateway/src/proxies/postgres/testing/lab.ts';
import type { SqlEngine } from '../../../gateway/src/sql/engine.ts';
import { scramVerifier } from '../../../gateway/src/wire/postgres/scram/scram-keys.ts';
import { GATEWAY_ROLE, type Server, type Side } from '../database/twins.ts';
import { PREPARED_ROLE } from './prepared.ts';

export const POLICY = readFileSync(new URL('../database/policy.yaml', import.meta.url), 'utf8');
export const USER = 'ana';
export const PASSWORD = 'correct horse battery staple';

/** One pair of targets behind one gateway. */
export type GovernedPair = {
  port: number;
  /** What a client asks for as its database. */
  target: Readonly<Record<Side, string>>;
  policy: TestPolicy;
  /** Looks at both catalogues now: what would be noticed half a second later is noticed at once. */
  look(): Promise<void>;
};

export type RunningGateway = {
  pairs: GovernedPair[];
  /** What the gateway told whoever runs it. */
  faults: Error[];
  close(): Promise<void>;
};

/** What other cases run under for a while: more is masked, and some of it may not be read. */
const STRICTER = `
  - id: names-too
    owner: review@shop.example
    who: everyone
    on: { columns: [public.customers.name, public.orders.note, public.plain.v] }
    then: { mask: { method: redact } }
    because: A change of policy counts at once.
  - id: no-archive
    owner: review@shop.example
    who: everyone
    on: { tables: [archive, regions] }
    doing: anything
    then: block
    because: A change of policy counts at once.
`;

/** The policy of variant 0, or the stricter one. */
export function variantOf(variant: number): string {
  return variant === 0 ? POLICY : POLICY + STRICTER;
}

/** `schema.relation.column` of every column that the policy names. */
export function maskedColumns(): ReadonlySet<string> {
  return new Set(POLICY.match(/\bpublic\.\w+\.\w+/g));
}

/** `schema.relation` of every table of which the policy hides rows. */
export function filteredTables(): ReadonlySet<string> {
  return new Set(POLICY.match(/(?<=tables: \[.*)\bpublic\.\w+(?=.*\n.*rows:)/g));
}

/**
 * A gateway as `main` wires it, listening on a real socket, in front of the twins of `pairs` pairs. Both sides of a
 * pair have one policy and one token key, so that nothing but their rows sets them apart. `isPrepared`: the twins are
 * prepared, and the gateway logs in as their least role.
 */
export async function startGateway(
  server: Server,
  pairs: ReadonlyArray<Readonly<Record<Side, string>>>,
  engine: SqlEngine,
  recorder: Recorder,
  isPrepared = false,
): Promise<RunningGateway> {
  const settings = PostgresSettings.parse({ catalogueCheckMs: 5000 });
  const faults: Error[] = [];
  const onFault = (error: Error) => void faults.push(error);
  const tokenKey = new Uint8Array(32).fill(5);
  const targets = new Map<string, PostgresTarget>();
  const policies = pairs.map(() => new TestPolicy(POLICY));
  for (const [index, databases] of pairs.entries()) {
    const policy = policies[index] ?? new TestPolicy(POLICY);
    for (const database of Object.values(databases)) {
      targets.set(
        database,
        new PostgresTarget({
          target: { name: TargetName.parse(database), kind: 'postgres', labels: {} },
          upstream: {
            host: server.host,
            port: server.port,
            user: isPrepared ? PREPARED_ROLE : GATEWAY_ROLE,
            password: new Secret(server.password),
            database,
            tls: 'disable',
          },
          services: { approvals: approvalsInMemory(), policy, recorder, now: () => new Date() },
          engine,
          tokenKey,
          settings,
          onFault,
          ...(isPrepared ? { prepared: { exempt: null } } : {}),
        }),
      );
    }
  }
  const verifier = await scramVerifier(PASSWORD, randomBytes(16));
  const principal = new TestPrincipal(USER, ['developers'], { regions: ['n', 's', 'u', 'v', 'w', 'x'] });
  const directory: LoginDirectory = {
    lookup: (login) => (login === USER ? { verifier, principal } : null),
  };
  const secureContext = createSecureContext();
  const proxy = new PostgresProxy({
    targets,
    directory,
    secureContext: () => secureContext,
    settings,
    onFault,
  });
  const listener = createServer((socket) => void proxy.serve(socket));
  const port = await new Promise<number>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', () => {
      const address = listener.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
    });
  });
  return {
    pairs: pairs.map((target, index) => ({
      port,
      target,
      policy: policies[index] ?? new TestPolicy(POLICY),
      look: async () => {
        await Promise.all(Object.values(target).map((name) => targets.get(name)?.prepare()));
      },
    })),
    faults,
    close: async () => {
      listener.close();
      proxy.close();
      await Promise.all([...targets.values()].map((target) => target.close()));
      await engine.close();
    },
  };
}
