import { join } from 'node:path';
import { SluiceError } from '../contract/error.ts';
import { CONTRACT_VERSION, type Hello } from '../contract/hello.ts';
import type { PolicyVersion, TargetName } from '../contract/ids.ts';
import type { Target } from '../contract/target.ts';
import {
  makePrivateFolder,
  readPrivateFile,
  writePrivateFile,
} from './adapters/certificates/private-file.ts';
import { certificateInForce } from './adapters/certificates/renewal.ts';
import { openExports } from './adapters/exports/exports.ts';
import { type Identity, openIdentity } from './adapters/identity/identity.ts';
import { bothMeters, GatewayMetrics } from './adapters/metrics/gateway-metrics.ts';
import { ObservedRecorder } from './adapters/metrics/observed-recorder.ts';
import { RecordedActions } from './adapters/metrics/recorded-actions.ts';
import { TapeFiles } from './adapters/recordings/tape-files.ts';
import { databaseFile } from './adapters/store/database-file.ts';
import type { Telemetry } from './adapters/telemetry/telemetry.ts';
import { openWebhooks } from './adapters/webhooks/webhooks.ts';
import { isLoopback, knownHostNames } from './api/guard.ts';
import { closeHttp, newHttpServer, serveApi } from './api/server.ts';
import type { GatewayConfig } from './config.ts';
import { Approvals } from './core/approvals/approvals.ts';
import { MACHINE_CLOCK } from './core/approvals/clock.ts';
import { notedRequests } from './core/approvals/noted-requests.ts';
import { requestDocuments } from './core/approvals/request-documents.ts';
import { Holds } from './core/audit/holds.ts';
import type { Documents } from './core/documents/documents.ts';
import { PolicyHistory } from './core/policy/history/history.ts';
import type { Policy, PolicyInForce } from './core/policy/policy.ts';
import { EventLog } from './core/recording/event-log.ts';
import type { Recorder } from './core/recording/recorder.ts';
import { notedSessions } from './core/sessions/noted-sessions.ts';
import { Sessions } from './core/sessions/sessions.ts';
import { openGatewayStore } from './gateway-store.ts';
import { addressText, listen, reachable } from './listen.ts';
import { openMetrics } from './metrics-surface.ts';
import { readPageScript } from './page-script.ts';
import { DraftThread } from './policy-drafts/drafts.ts';
import { type OpenPolicy, policyInForce } from './policy-in-force.ts';
import { gitOrigin } from './policy-origin.ts';
import { openPostgres } from './postgres-surface.ts';
import { tokenKeys } from './targets.ts';
import { VERSION } from './version.ts';

/** A gateway that runs. `listening` has the addresses that were chosen. */
export type Gateway = {
  listening: { http: string; postgres: string; ssh?: string; metrics?: string };
  /** Where browsers and clients reach it: "http://127.0.0.1:4000". */
  url: string;
  /** Stops taking connections, ends the open ones and writes what waits. */
  close(): Promise<void>;
};

export type GatewaySurroundings = {
  /** One sentence for whoever runs the gateway. */
  tell(line: string): void;
  /** Called when the gateway can no longer work, after it has closed its sessions. */
  onLost?(why: SluiceError): void;
};

/**
 * Starts a gateway: the only place where rooms are wired together. What was opened is closed again when a
 * later part fails.
 *
 * @throws SluiceError in words for whoever starts it: a port in use, a folder that can't be written …
 */
export async function startGateway(
  config: GatewayConfig,
  surroundings: GatewaySurroundings,
): Promise<Gateway> {
  const opened = new AsyncDisposableStack();
  const running = Promise.withResolvers<void>();
  const onLost = async (why: SluiceError) => {
    // What fails on the way is what the start throws.
    await running.promise;
    // What ends because the gateway is closing is no loss.
    if (!opened.disposed) surroundings.onLost?.(why);
  };
  try {
    const started = await start(config, { ...surroundings, onLost: (why) => void onLost(why) }, opened);
    running.resolve();
    return { ...started, close: () => opened.disposeAsync() };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function start(
  config: GatewayConfig,
  { tell, onLost }: GatewaySurroundings,
  opened: AsyncDisposableStack,
): Promise<Omit<Gateway, 'close'>> {
  const usesTls = httpUsesTls(config);
  const builtIn = builtInPeople(config);
  makePrivateFolder(config.dataDir);
  const certificates = await certificateInForce(
    { folder: join(config.dataDir, 'certificates'), ...config.tls, hostNames: hostNamesOf(config) },
    tell,
  );
  opened.defer(() => certificates.close());
  const kept = await openGatewayStore(config, (why) => onLost?.(why), tell);
  opened.defer(() => kept.close());
  const metrics = new GatewayMetrics();
  const telemetry = await openTelemetry(config, metrics, tell);
  opened.defer(async () => telemetry?.close());
  const store = { ...kept, recorder: observed(kept.recorder, metrics, telemetry) };
  const meter = telemetry === null ? metrics : bothMeters(metrics, telemetry);
  const events = new EventLog(store.recorder, () => new Date());
  await events.note(null, { kind: 'gatewayStarted', version: VERSION });
  opened.defer(() => events.note(null, { kind: 'gatewayStopped' }).catch(() => undefined));
  const tapes = new TapeFiles({
    folder: join(config.dataDir, 'recordings'),
    maxBytes: config.limits.maxRecordingBytes,
    onWhole: (tape) => events.note(null, { kind: 'recording', ...tape }),
  });
  await tapes.tellUnfinished();
  opened.defer(() => tapes.close());
  const onRefused = (why: string, network: string) => events.refusedSignIn(why, network);
  const sessions = new Sessions();
  sessions.onChange(notedSessions(events));
  const policy = await policyInForce(config.policy, tell);
  opened.defer(() => policy.close());
  const policyHistory = new PolicyHistory({
    documents: store.documents,
    now: () => new Date(),
    originOf: async (files) => gitOrigin(config.policy ?? '', files),
  });
  await notePolicies(policy, events, policyHistory);

  const http = newHttpServer(usesTls ? certificates : null);
  const httpAddress = await listen(http, 'http', config.listen.http);
  opened.defer(() => closeHttp(http));
  const url = config.publicUrl ?? `${usesTls ? 'https' : 'http'}://${addressText(reachable(httpAddress))}`;
  const identity = await openIdentity({
    issuer: `${url.replace(/\/$/, '')}/oidc`,
    builtIn,
    upstreams: config.identity.oidc,
    serviceAccounts: config.identity.serviceAccounts,
    accessTokenSeconds: config.identity.accessTokenSeconds,
    signInSeconds: config.identity.signInSeconds,
    credentialSeconds: config.identity.credentialSeconds,
    groupsSeconds: config.identity.groupsSeconds,
    documents: store.documents,
    keyFile: keyFile(join(config.dataDir, 'identity-keys.json')),
    nowMs: Date.now,
    onSignIn: (person, network) =>
      events.note(person, { kind: 'signIn', accepted: true, why: 'by the identity provider', network }),
  });
  opened.defer(() => identity.close());
  const approvals = await openApprovals(store.documents, events, policy, targetsOf(config));
  opened.defer(async () => approvals.close());
  const webhooks = await openWebhooks({
    hooks: config.webhooks,
    documents: store.documents,
    approvals,
    clock: MACHINE_CLOCK,
    linkTo: (request) => new URL(`/requests/${request}`, url).href,
    fault: (error) => tell(faultLine(error)),
  });
  opened.defer(() => webhooks.close());
  const exports = await openExports({
    exports: config.exports,
    productVersion: VERSION,
    database: databaseFile(config.dataDir),
    documents: store.documents,
    tell,
  });
  opened.defer(() => exports.close());
  const postgres = await openPostgres({
    config,
    approvals,
    policy,
    store,
    meter,
    sessions,
    keys: tokenKeys(keyFile(join(config.dataDir, 'masking-key'))),
    logins: identity.logins,
    certificates,
    onFault: (error) => tell(faultLine(error)),
    onRefused,
    tell,
  });
  opened.defer(() => postgres.close());

  const listenOn = config.listen.ssh;
  const ssh =
    listenOn === undefined
      ? null
      : // Whoever serves no hosts doesn't load what speaks SSH.
        await (await import('./ssh-surface.ts')).openSsh({
          config,
          listenOn,
          approvals,
          policy,
          store,
          meter,
          sessions,
          tapes,
          devices: identity.devices,
          onFault: (error) => tell(faultLine(error)),
          onRefused,
        });
  opened.defer(async () => ssh?.close());

  const policyDrafts = new DraftThread();
  opened.defer(() => policyDrafts.close());
  const surface = serveApi(
    http,
    {
      hello: helloOf(identity, url, builtIn.length > 0),
      authentication: identity.authentication,
      targets: postgres.targets,
      hosts: ssh?.hosts ?? new Map(),
      ssh: ssh?.access ?? null,
      policy,
      policyHistory,
      policyDrafts,
      records: store.records,
      events,
      audit: { control: store.audit, holds: new Holds(store.documents, events, () => new Date()) },
      sessions,
      recordings: tapes,
      approvals,
      deadLetters: () => webhooks.deadLetters(),
      pageScript: readPageScript(),
      wire: { ...reachable(postgres.address), caCertificate: certificates.current().authority },
      auditorGroups: config.identity.auditorGroups,
      adminGroups: config.identity.adminGroups,
      maxRequestBytes: config.limits.maxRequestBytes,
      maxChannelsPerPerson: config.limits.maxChannelsPerPerson,
      terminalKeepMs: config.limits.terminalKeepMs,
      now: () => new Date(),
      fault: (error) => tell(faultLine(error)),
    },
    { path: identity.mount, serve: identity.serve },
    knownHostNames(config.listen.http.host, hostNamesOf(config)),
  );
  opened.defer(async () => surface.close());
  metrics.observe({
    version: VERSION,
    sessions: () =>
      sessions.list().map(({ session: { target, surface } }) => ({ target: target.name, surface })),
    holds: () => heldTargets(approvals),
    store: { lastSeq: () => store.lastSeq(), lag: () => store.lag() },
    exports: () => exports.status(),
  });
  const metricsOn = config.listen.metrics;
  const shown =
    metricsOn === undefined
      ? null
      : await openMetrics(config, metricsOn, metrics.registry, certificates, hostNamesOf(config), (error) =>
          tell(faultLine(error)),
        );
  opened.defer(async () => shown?.close());
  const listening = {
    http: addressText(httpAddress),
    postgres: addressText(postgres.address),
    ...(ssh === null ? {} : { ssh: addressText(ssh.address) }),
    ...(shown === null ? {} : { metrics: addressText(shown.address) }),
  };
  return { listening, url };
}

/** Loaded where it is asked for alone. */
async function openTelemetry(
  { telemetry: { otlp } }: GatewayConfig,
  { registry }: GatewayMetrics,
  tell: (line: string) => void,
): Promise<Telemetry | null> {
  if (otlp === undefined) return null;
  const { Telemetry } = await import('./adapters/telemetry/telemetry.ts');
  return new Telemetry({ config: otlp, version: VERSION, registry, clock: MACHINE_CLOCK, tell });
}

function observed(recorder: Recorder, metrics: GatewayMetrics, telemetry: Telemetry | null): Recorder {
  const counting = new RecordedActions(metrics);
  return new ObservedRecorder(recorder, telemetry === null ? [counting] : [counting, telemetry]);
}

function heldTargets(approvals: Approvals): Array<{ target: string }> {
  return approvals
    .list()
    .filter(({ status, session }) => status === 'pending' && session !== null)
    .map(({ target }) => ({ target }));
}

function helloOf(identity: Identity, url: string, builtInIdentity: boolean): Hello {
  return {
    product: 'sluice',
    version: VERSION,
    contract: CONTRACT_VERSION,
    issuer: `${url.replace(/\/$/, '')}/oidc`,
    clientId: identity.clientId,
    builtInIdentity,
  };
}

/** Tokens travel over this listener, so beyond this machine it speaks TLS. */
function httpUsesTls(config: GatewayConfig): boolean {
  const local = isLoopback(config.listen.http.host);
  if (config.tls.http !== 'auto') {
    if (config.tls.http === 'on' || local) return config.tls.http === 'on';
    throw new SluiceError(
      'listen.refused',
      `tls.http is off, and ${addressText(config.listen.http)} is not on loopback: sign-ins would travel in clear.`,
      'Remove tls.http, or let listen.http be 127.0.0.1 and put your own TLS proxy in front.',
    );
  }
  return !local;
}

/** The people of the built-in identity provider, which answers on loopback alone. */
function builtInPeople(config: GatewayConfig): GatewayConfig['identity']['builtin']['people'] {
  const { builtin, oidc } = config.identity;
  const enabled = builtin.enabled ?? oidc.length === 0;
  if (!enabled) return [];
  const publicHost = config.publicUrl === undefined ? null : new URL(config.publicUrl).hostname;
  const local = isLoopback(config.listen.http.host) && (publicHost === null || isLoopback(publicHost));
  if (local) return builtin.people;
  throw new SluiceError(
    'listen.refused',
    `The built-in identity provider asks for no password, so it refuses ${config.publicUrl ?? addressText(config.listen.http)}: it answers on loopback only.`,
    'Let listen.http be 127.0.0.1, or name your identity provider in identity.oidc, or set identity.builtin.enabled: false.',
  );
}

function hostNamesOf(config: GatewayConfig): string[] {
  const publicHost = config.publicUrl === undefined ? [] : [new URL(config.publicUrl).hostname];
  return [
    ...config.tls.hostNames,
    ...publicHost,
    config.listen.http.host,
    config.listen.postgres.host,
  ].filter((name) => name !== '0.0.0.0' && name !== '::');
}

function openApprovals(
  documents: Documents,
  events: EventLog,
  policy: PolicyInForce,
  targets: readonly Target[],
): Promise<Approvals> {
  const hidesConstants = (name: TargetName) => {
    const target = targets.find((one) => one.name === name);
    // What isn't configured any more is not known to be harmless.
    return target === undefined || policy.current().recordingFor(target).constants === 'hide';
  };
  return Approvals.open(notedRequests(requestDocuments(documents), events, hidesConstants), MACHINE_CLOCK);
}

function targetsOf({ targets, hosts }: GatewayConfig): Target[] {
  const databases = targets.map(({ name, kind, labels, mode }) => ({ name, kind, labels, mode }));
  return [...databases, ...hosts.map(({ name, labels }) => ({ name, kind: 'ssh' as const, labels }))];
}

/** Which policy is in force stands in the log from the start on. */
async function notePolicies(policy: OpenPolicy, events: EventLog, history: PolicyHistory): Promise<void> {
  let before: PolicyVersion | null = null;
  const note = async ({ version }: Policy) => {
    if (version === before) return;
    const last = before;
    before = version;
    const kept = await history.activated(version, policy.files());
    const { files: documents = {}, reason = '' } = kept ?? (await history.list())[0] ?? {};
    await events.note(null, { kind: 'policy', version, before: last, documents, reason });
  };
  await note(policy.current());
  // What can't be kept ends the gateway; the store itself tells of it.
  policy.onChange((next) => void note(next).catch(() => undefined));
}

function keyFile(path: string) {
  return { read: () => readPrivateFile(path), write: (text: string) => writePrivateFile(path, text) };
}

function faultLine(error: unknown): string {
  if (error instanceof SluiceError) {
    const cause = error.code === 'internal.fault' && error.cause instanceof Error ? error.cause.stack : null;
    return [`${error.message} ${error.next}`.trim(), cause ?? ''].join('\n').trim();
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
