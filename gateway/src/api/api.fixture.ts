import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import type { AuditEvent } from '../../contract/audit-event.ts';
import { QUERY_CHANNEL_PATH, QUERY_CHANNEL_SUBPROTOCOL } from '../../contract/endpoints.ts';
import { PrincipalId, SessionId, TargetName } from '../../contract/ids.ts';
import type { Principal } from '../../contract/principal.ts';
import type { ActionRecord } from '../../contract/record.ts';
import { REQUEST_CHANNEL_PATH, REQUEST_CHANNEL_SUBPROTOCOL } from '../../contract/request-endpoints.ts';
import type { PrincipalHandle } from '../core/access/principals.ts';
import { Secret } from '../core/access/secret.ts';
import { approvalsInMemory } from '../core/approvals/approvals.fixture.ts';
import { Holds } from '../core/audit/holds.ts';
import type { GovernedTarget, QuerySession, QuerySink, RunEnd } from '../core/flow/governed-target.ts';
import { compilePolicy } from '../core/policy/compile/compile-policy.ts';
import type { Policy } from '../core/policy/policy.ts';
import { EventLog } from '../core/recording/event-log.ts';
import type { Recorder, RecordQuery } from '../core/recording/recorder.ts';
import { Sessions } from '../core/sessions/sessions.ts';
import { listen } from '../listen.ts';
import { DraftThread } from '../policy-drafts/drafts.ts';
import { knownHostNames } from './guard.ts';
import { closeHttp, serveApi } from './server.ts';
import type { ApiServices } from './services.ts';

export const SHOP = TargetName.parse('shop');
const HIDDEN = TargetName.parse('hidden');

export function person(name: string, groups: string[]): Principal {
  const id = PrincipalId.parse(`person:${name}`);
  return { id, kind: 'person', name, groups, claims: {}, epoch: 1 };
}

/** A sign-in that the test can end. */
export class TestSignIn implements PrincipalHandle {
  #principal: Principal | null;
  readonly #listeners = new Set<() => void>();

  constructor(principal: Principal) {
    this.#principal = principal;
  }

  current(): Principal | null {
    return this.#principal;
  }

  onRevoked(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  revoke(): void {
    this.#principal = null;
    for (const listener of this.#listeners) listener();
  }
}

/** For APIs in whose tests nobody writes a policy. */
export const noDrafts: ApiServices['policyDrafts'] = {
  check: async () => assert.fail('no draft is checked in this test'),
  partAt: async () => assert.fail('no draft is read in this test'),
};

/** For APIs in whose tests nobody does anything to the log as a whole. */
export function noAudit(): ApiServices['audit'] {
  const none = async () => assert.fail('the log as a whole is no part of this test');
  const documents = { get: none, list: none, put: none, putText: none, delete: none, take: none };
  const events = listed([]);
  return {
    control: { rotateKey: none, checkpoint: none, purge: none },
    holds: new Holds(documents, events, () => new Date(0)),
  };
}

/** A log that is a list. */
function listed(events: AuditEvent[]): EventLog {
  const recorder: Recorder = {
    open: () => ({ durable: async () => undefined }),
    close: async () => undefined,
    keep: async () => undefined,
    note: async (event) => void events.push(event),
  };
  return new EventLog(recorder, () => new Date(0));
}

/** A session whose runs the test writes. */
export class ScriptedSession implements QuerySession {
  readonly id = SessionId.parse('session-1');
  readonly serverVersion = '18.0';
  readonly script: (text: string, sink: QuerySink, cancelled: Promise<void>) => Promise<RunEnd>;
  closed = Promise.withResolvers<void>();
  #cancelled = Promise.withResolvers<void>();

  constructor(script: ScriptedSession['script']) {
    this.script = script;
  }

  run(text: string, sink: QuerySink): Promise<RunEnd> {
    this.#cancelled = Promise.withResolvers<void>();
    return this.script(text, sink, this.#cancelled.promise);
  }

  cancel(): void {
    this.#cancelled.resolve();
  }

  close(): void {
    this.closed.resolve();
  }

  onClosed(): void {}
}

export type TestApi = {
  url: string;
  signIns: Map<string, TestSignIn>;
  recordQueries: RecordQuery[];
  /** What every search finds. */
  records: ActionRecord[];
  events: AuditEvent[];
  get(path: string, token?: string, init?: RequestInit): Promise<{ status: number; body: unknown }>;
  channel(token: string, target?: string): WebSocket;
  requestChannel(token: string): WebSocket;
};

/**
 * The API behind a real server: Ana (developer) may use `shop`, Dora and Dan are DBAs, Nia is in no group, Audrey is an
 * auditor. A person's name is their token, and
 * with ".page" at its end that of the approval page.
 */
export async function testApi(
  test: TestContext,
  script: ScriptedSession['script'] = async () => ({ status: 'done', transaction: 'idle' }),
  onSession: (session: ScriptedSession) => void = () => undefined,
  limits: Partial<ApiServices> = {},
): Promise<TestApi> {
  const server = createServer();
  const address = await listen(server, 'http', { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${address.port}`;
  const signIns = new Map([
    ['ana', new TestSignIn(person('ana', ['developers']))],
    ['audrey', new TestSignIn(person('audrey', ['auditors']))],
    ['dora', new TestSignIn(person('dora', ['dba']))],
    ['dan', new TestSignIn(person('dan', ['dba']))],
    ['nia', new TestSignIn(person('nia', []))],
  ]);
  const recordQueries: RecordQuery[] = [];
  const policy = shopOnly();
  const policyDrafts = new DraftThread();
  test.after(() => policyDrafts.close());
  const records: ActionRecord[] = [];
  const events: AuditEvent[] = [];
  const surface = serveApi(
    server,
    {
      hello: {
        product: 'sluice',
        version: '0.0.0',
        contract: 1,
        issuer: `${url}/oidc`,
        clientId: 'sluice',
        builtInIdentity: true,
      },
      authentication: {
        authenticate: async (token) => {
          const [name = '', page] = token.split('.');
          const principal = signIns.get(name);
          if (principal === undefined) return null;
          const credential = { login: 'ana-1', password: new Secret('swordfish'), expiresAt: new Date(0) };
          return {
            principal,
            reach: page === undefined ? 'everything' : 'requests',
            signIn: principal,
            mint: async () => credential,
          };
        },
      },
      targets: new Map([SHOP, HIDDEN].map((name) => [name, targetOf(name, script, onSession)])),
      hosts: new Map(),
      ssh: null,
      policy: { current: () => policy, onChange: () => () => undefined },
      approvals: approvalsInMemory(),
      policyDrafts,
      records: {
        list: async (query) => {
          recordQueries.push(query);
          return { records, next: null };
        },
        texts: async (query) => {
          recordQueries.push(query);
          return { texts: records.map((record) => JSON.stringify(record)), next: null };
        },
      },
      events: listed(events),
      audit: noAudit(),
      sessions: new Sessions(),
      recordings: { find: async () => null },
      deadLetters: async () => [],
      pageScript: null,
      adminGroups: ['admins'],
      wire: { host: '127.0.0.1', port: 5433, caCertificate: 'PEM' },
      auditorGroups: ['auditors'],
      maxRequestBytes: 100_000,
      maxChannelsPerPerson: 2,
      terminalKeepMs: 60_000,
      now: () => new Date(),
      fault: () => undefined,
      ...limits,
    },
    { path: '/oidc', serve: async (_request, response) => void response.end('sign in') },
    knownHostNames('127.0.0.1', []),
  );
  test.after(() => {
    surface.close();
    server.closeAllConnections();
    return closeHttp(server);
  });
  return {
    url,
    signIns,
    recordQueries,
    records,
    events,
    get: async (path, token, init = {}) => {
      const headers = {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...init.headers,
      };
      const response = await fetch(url + path, { ...init, headers });
      const text = await response.text();
      return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
    },
    channel: (token, name = SHOP) =>
      socketTo(`${url}${QUERY_CHANNEL_PATH}?target=${name}`, QUERY_CHANNEL_SUBPROTOCOL, token),
    requestChannel: (token) => socketTo(url + REQUEST_CHANNEL_PATH, REQUEST_CHANNEL_SUBPROTOCOL, token),
  };
}

function socketTo(url: string, subprotocol: string, token: string): WebSocket {
  const headers = { authorization: `Bearer ${token}` };
  return new WebSocket(url.replace('http', 'ws'), subprotocol, { headers });
}

/** A target whose sessions run what the test writes. */
export function targetOf(
  name: TargetName,
  script: ScriptedSession['script'] = async () => ({ status: 'done', transaction: 'idle' }),
  onSession: (session: ScriptedSession) => void = () => undefined,
): GovernedTarget {
  return {
    target: { name, kind: 'postgres', labels: {} },
    verdicts: async () => [],
    draftOf: async () => NOTHING_TO_ASK,
    draftInstead: async () => NOTHING_TO_ASK,
    impactOf: async () => null,
    catalogue: async () => ({ version: 'v1', schemas: [] }),
    openQuerySession: async () => {
      const session = new ScriptedSession(script);
      onSession(session);
      return session;
    },
  };
}

/** A real policy that rules nothing, but for who may use what. */
export function shopOnly(): Policy {
  const compiled = compilePolicy([]);
  if (compiled.kind === 'invalid') throw new Error('the empty policy did not compile');
  const { policy } = compiled;
  return {
    version: policy.version,
    decide: (question) => policy.decide(question),
    masksOn: () => [],
    reviewedFunctions: () => new Set(),
    recordingFor: (target) => policy.recordingFor(target),
    onTrial: () => policy,
    groups: () => [],
    accessOf: (target, place, subject) => policy.accessOf(target, place, subject),
    rulesFor: () => [],
    reachOf: () => ({ masks: new Map(), doing: new Set() }),
    rulesKeepingNothing: () => [],
    groupsToApprove: ({ groups }) => groups,
    mayUse: (_principal, { name }) => name === SHOP,
  };
}

const NOTHING_TO_ASK = { kind: 'free', statement: '' } as const;
