import { createServer } from 'node:net';
import { setTimeout as elapsed } from 'node:timers/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import { assertNever } from '../contract/assert-never.ts';
import type { SluiceError } from '../contract/error.ts';
import type { TargetName } from '../contract/ids.ts';
import type { ServerCertificate } from './adapters/certificates/certificates.ts';
import type { CertificateInForce } from './adapters/certificates/renewal.ts';
import type { Store } from './adapters/store/store.ts';
import type { ListenAddress } from './config/address.ts';
import type { GatewayConfig } from './config.ts';
import type { LoginDirectory } from './core/access/principals.ts';
import type { Approvals } from './core/approvals/approvals.ts';
import { LookupLimit } from './core/flow/lookup-limit.ts';
import type { FlowMeter } from './core/flow/meter.ts';
import type { TokenKeys } from './core/masking/token-keys.ts';
import type { PolicyInForce } from './core/policy/policy.ts';
import type { Sessions } from './core/sessions/sessions.ts';
import { listen } from './listen.ts';
import { PostgresProxy } from './proxies/postgres/proxy.ts';
import { PostgresSettings } from './proxies/postgres/settings.ts';
import { PostgresTarget } from './proxies/postgres/target.ts';
import { createPostgresEngine } from './sql/postgres/engine.ts';
import { upstreamAddress } from './targets.ts';
import { warnOfPower } from './upstream-power.ts';

export type PostgresParts = {
  config: GatewayConfig;
  approvals: Approvals;
  policy: PolicyInForce;
  store: Pick<Store, 'recorder'>;
  meter: FlowMeter;
  sessions: Sessions;
  keys: TokenKeys;
  logins: LoginDirectory;
  certificates: CertificateInForce;
  onFault(fault: SluiceError): void;
  onRefused(why: string, network: string): void;
  /** One sentence for whoever runs the gateway. */
  tell(line: string): void;
};

/** The PostgreSQL listener with the targets behind it. */
export type PostgresSurface = {
  address: ListenAddress;
  targets: ReadonlyMap<TargetName, PostgresTarget>;
  close(): Promise<void>;
};

/** How long listening waits for targets to be ready. One that is away keeps nobody from the others. */
const PREPARE_MS = 2_000;

/** @throws SluiceError `listen.refused`, or `config.invalid` for a target's address. */
export async function openPostgres(parts: PostgresParts): Promise<PostgresSurface> {
  const { config, certificates } = parts;
  const settings = PostgresSettings.parse(config.limits);
  const engine = createPostgresEngine({ onDeath: (why) => parts.tell(readerEnded(why)) });
  const targets = new Map(
    config.targets.map((target) => [target.name, openTarget(parts, settings, engine, target)]),
  );
  let context = secureContext(certificates.current());
  certificates.onRenewed((renewed) => {
    context = secureContext(renewed);
  });
  const proxy = new PostgresProxy({
    targets,
    directory: parts.logins,
    secureContext: () => context,
    settings,
    onFault: parts.onFault,
    onRefused: parts.onRefused,
  });
  const server = createServer({ pauseOnConnect: false }, (socket) => {
    void proxy.serve(socket);
  });
  const close = async () => {
    server.close();
    await Promise.all([...targets.values()].map((target) => target.close()));
    proxy.close();
    await engine.close();
  };
  try {
    const prepared = Promise.all([...targets.values()].map((target) => target.prepare()));
    await Promise.race([prepared, elapsed(PREPARE_MS, undefined, { ref: false })]);
    for (const target of config.targets) {
      const opened = targets.get(target.name);
      if (opened !== undefined) void warnOfPower(target, opened, parts.tell);
    }
    return { address: await listen(server, 'postgres', config.listen.postgres), targets, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function secureContext({ key, certificate }: ServerCertificate): SecureContext {
  return createSecureContext({ key, cert: certificate, minVersion: 'TLSv1.2' });
}

function openTarget(
  { approvals, policy, store, meter, sessions, keys, onFault }: PostgresParts,
  settings: PostgresSettings,
  engine: ReturnType<typeof createPostgresEngine>,
  config: GatewayConfig['targets'][number],
): PostgresTarget {
  const { name, kind, labels, mode, exemptUrl } = config;
  const exempt = exemptUrl === undefined ? null : upstreamAddress(config, exemptUrl);
  switch (kind) {
    case 'postgres':
      return new PostgresTarget({
        target: { name, kind, labels, mode },
        upstream: upstreamAddress(config),
        ...(mode === 'prepared' ? { prepared: { exempt } } : {}),
        services: {
          approvals,
          policy,
          recorder: store.recorder,
          meter,
          lookups: new LookupLimit(settings.lookupsPerMinute),
          now: () => new Date(),
        },
        openSessions: sessions,
        engine,
        tokenKey: keys.ofTarget(name),
        settings,
        onFault,
      });
    default:
      return assertNever(kind);
  }
}

function readerEnded(why: string): string {
  return `The thread that reads SQL ended (${why}), and another took its place. The statement that it was at is asked once more, and refused if that ends this one, too.`;
}
