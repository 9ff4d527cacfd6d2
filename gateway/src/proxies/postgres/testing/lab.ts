import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { Client } from 'pg';
import { bootSample, type RunningSample } from '../../../../../sample/boot-sample.ts';
import { createServerCertificate } from '../../../../../sample/postgres/certificate.ts';
import type { AuditEvent } from '../../../../contract/audit-event.ts';
import { PrincipalId, TargetName } from '../../../../contract/ids.ts';
import type { Principal } from '../../../../contract/principal.ts';
import type { ActionRecord, RecordOutcome } from '../../../../contract/record.ts';
import type { LoginDirectory, PrincipalHandle } from '../../../core/access/principals.ts';
import { Secret } from '../../../core/access/secret.ts';
import { approvalsInMemory } from '../../../core/approvals/approvals.fixture.ts';
import type { Approvals } from '../../../core/approvals/approvals.ts';
import { LookupLimit } from '../../../core/flow/lookup-limit.ts';
import { compilePolicy } from '../../../core/policy/compile/compile-policy.ts';
import { readDocument } from '../../../core/policy/language/read.ts';
import type { Policy, PolicyInForce } from '../../../core/policy/policy.ts';
import type { Opening, OpeningRecord, Recorder } from '../../../core/recording/recorder.ts';
import { Sessions } from '../../../core/sessions/sessions.ts';
import type { SqlEngine } from '../../../sql/engine.ts';
import { createPostgresEngine } from '../../../sql/postgres/engine.ts';
import { scramVerifier } from '../../../wire/postgres/scram/scram-keys.ts';
import { PostgresProxy } from '../proxy.ts';
import { PostgresSettings } from '../settings.ts';
import { PostgresTarget } from '../target.ts';

/** A recorder that keeps everything in memory, in order; `fail` makes it refuse from then on. */
export class MemoryRecorder implements Recorder {
  readonly records: ActionRecord[] = [];
  readonly events: AuditEvent[] = [];
  fail: Error | null = null;
  readonly #open = new Map<string, ActionRecord>();

  open(record: OpeningRecord): Opening {
    const opened = this.#keepOpening(record);
    opened.catch(() => undefined);
    return { durable: () => opened };
  }

  async #keepOpening(record: OpeningRecord): Promise<void> {
    await this.#onDisk();
    const kept: ActionRecord = { ...record, outcome: null };
    this.#open.set(record.id, kept);
    this.records.push(kept);
  }

  async close(id: ActionRecord['id'], outcome: RecordOutcome): Promise<void> {
    await this.#onDisk();
    const record = this.#open.get(id);
    if (record !== undefined) record.outcome = outcome;
    this.#open.delete(id);
  }

  async keep(record: ActionRecord): Promise<void> {
    await this.#onDisk();
    this.records.push(record);
  }

  async note(event: AuditEvent): Promise<void> {
    await this.#onDisk();
    this.events.push(event);
  }

  last(): ActionRecord | undefined {
    return this.records.at(-1);
  }

  async #onDisk(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.fail !== null) throw this.fail;
  }
}

/** A person or service whose access can be ended. */
export class TestPrincipal implements PrincipalHandle {
  readonly #listeners = new Set<() => void>();
  readonly #whole: Principal;
  #principal: Principal | null;

  constructor(name: string, groups: string[], claims: Principal['claims'] = {}) {
    this.#whole = {
      id: PrincipalId.parse(`person:${name}`),
      kind: 'person',
      name,
      groups,
      claims,
      epoch: 1,
    };
    this.#principal = this.#whole;
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

  restore(): void {
    this.#principal = this.#whole;
  }

  /** Groups or claims were read again. */
  become(principal: Principal): void {
    this.#principal = principal;
  }
}

export class TestPolicy implements PolicyInForce {
  yaml: string;
  #policy: Policy;
  readonly #listeners = new Set<(policy: Policy) => void>();

  constructor(yaml: string) {
    this.yaml = yaml;
    this.#policy = compiled(yaml);
  }

  current(): Policy {
    return this.#policy;
  }

  onChange(listener: (policy: Policy) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  activate(yaml: string): void {
    this.yaml = yaml;
    this.#policy = compiled(yaml);
    for (const listener of this.#listeners) listener(this.#policy);
  }
}

function compiled(yaml: string): Policy {
  const read = readDocument('policy.yaml', yaml);
  if (read.kind === 'invalid') throw new Error(JSON.stringify(read.problems));
  const compilation = compilePolicy([read.read]);
  if (compilation.kind === 'invalid') throw new Error(JSON.stringify(compilation.problems));
  return compilation.policy;
}

export const POLICY = `
version: 1
tags:
  shop.public.*.email: [pii]
rules:
  - id: pii-email
    owner: data-protection@shop.example
    who: everyone
    except: { groups: [dba] }
    on: { tags: [pii] }
    then: { mask: { method: partial, keep: domain } }
    because: Addresses are personal.
  - id: developers-read
    owner: dba@shop.example
    who: { groups: [developers] }
    on: { targets: [shop], schemas: [public, pg_catalog, information_schema] }
    doing: [select, copyTo]
    then: allow
    because: Developers help customers.
  - id: developers-session
    owner: dba@shop.example
    who: { groups: [developers] }
    on: { targets: [shop] }
    doing: [transaction, set, show, prepare, execute, deallocate, declareCursor, fetch, closeCursor, listen, notify, explain, empty]
    then: allow
    because: Every client needs these.
  - id: no-products-deleted
    owner: dba@shop.example
    who: { groups: [developers] }
    on: { targets: [shop], tables: [products] }
    doing: [delete]
    then: block
    because: Products are never deleted.
  - id: dba-everything
    owner: dba@shop.example
    who: { groups: [dba] }
    on: { targets: [shop, scratch] }
    doing: anything
    then: allow
    because: Administrators run the database.
`;

export const PASSWORD = 'correct horse battery staple';

export type Lab = {
  sample: RunningSample;
  host: string;
  port: number;
  recorder: MemoryRecorder;
  openSessions: Sessions;
  approvals: Approvals;
  policy: TestPolicy;
  people: { ana: TestPrincipal; dora: TestPrincipal };
  target: PostgresTarget;
  faults: Error[];
  /** PEM of the gateway's certificate, and the file it stands in. */
  certificate: string;
  certificateFile: string;
  url(user: 'ana' | 'dora', database?: string): string;
  /** A node-postgres client through the gateway, connected. */
  client(user?: 'ana' | 'dora', database?: string): Promise<Client>;
  direct(database?: 'shop' | 'scratch'): Promise<Client>;
  close(): Promise<void>;
};

/** A gateway's Postgres surface over a real server with a small shop. `ana` is a developer, `dora` a DBA. */
export async function openLab(
  overrides: Partial<PostgresSettings> = {},
  engine: SqlEngine = createPostgresEngine(),
  approvals: Approvals = approvalsInMemory(),
): Promise<Lab> {
  const sample = await bootSample({ customers: 1000 });
  const settings = PostgresSettings.parse(overrides);
  const recorder = new MemoryRecorder();
  const openSessions = new Sessions();
  const policy = new TestPolicy(POLICY);
  const people = {
    ana: new TestPrincipal('ana', ['developers'], { region: 'EU', level: 3 }),
    dora: new TestPrincipal('dora', ['dba']),
  };
  const faults: Error[] = [];
  const onFault = (error: Error) => {
    console.error(error);
    faults.push(error);
  };
  const targetOf = (name: 'shop' | 'scratch') =>
    new PostgresTarget({
      target: { name: TargetName.parse(name), kind: 'postgres', labels: {} },
      upstream: {
        host: sample.postgres.host,
        port: sample.postgres.port,
        user: 'sluice_gateway',
        password: new Secret(sample.gatewayPassword),
        database: name,
        tls: 'verify-full',
        ca: sample.postgres.caCertificate,
      },
      services: {
        approvals,
        policy,
        recorder,
        lookups: new LookupLimit(settings.lookupsPerMinute),
        now: () => new Date(),
      },
      openSessions,
      engine,
      tokenKey: randomBytes(32),
      settings,
      onFault,
    });
  const target = targetOf('shop');
  const scratch = targetOf('scratch');
  const verifier = await scramVerifier(PASSWORD, randomBytes(16));
  const directory: LoginDirectory = {
    lookup: (login) => (login === 'ana' || login === 'dora' ? { verifier, principal: people[login] } : null),
  };
  const { certificatePem, keyPem } = await createServerCertificate(new Date());
  const certificateFile = join(sample.postgres.dataDir, 'gateway.crt');
  writeFileSync(certificateFile, certificatePem);
  const secureContext = createSecureContext({ cert: certificatePem, key: keyPem });
  const proxy = new PostgresProxy({
    targets: new Map([
      ['shop', target],
      ['scratch', scratch],
    ]),
    directory,
    secureContext: () => secureContext,
    settings,
    onFault,
  });
  const server = createServer((socket) => void proxy.serve(socket));
  const port = await listening(server);
  const url = (user: string, database = 'shop') =>
    `postgres://${user}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`;
  return {
    sample,
    host: '127.0.0.1',
    port,
    recorder,
    openSessions,
    approvals,
    policy,
    people,
    target,
    faults,
    certificate: readFileSync(certificateFile, 'utf8'),
    certificateFile,
    url,
    client: async (user = 'ana', database = 'shop') => {
      const client = new Client({ connectionString: url(user, database), ssl: { ca: certificatePem } });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    direct: async (database = 'shop') => {
      const client = new Client({ connectionString: sample.gatewayUrl(database) });
      await client.connect();
      return client;
    },
    close: async () => {
      server.close();
      await target.close();
      await scratch.close();
      proxy.close();
      await engine.close();
      await sample.stop();
    },
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
      else reject(new Error('no port'));
    });
  });
}
