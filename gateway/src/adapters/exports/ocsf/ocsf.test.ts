import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditFact } from '../../../../contract/audit-event.ts';
import type { Facts } from '../../../../contract/facts.ts';
import type { HostUse } from '../../../../contract/host-facts.ts';
import {
  PolicyVersion,
  PrincipalId,
  RecordId,
  RequestId,
  SessionId,
  TargetName,
} from '../../../../contract/ids.ts';
import type { RecordOutcome } from '../../../../contract/record.ts';
import { aRecord } from '../../store/a-record.fixture.ts';
import { ocsfAction } from './action.ts';
import { ocsfEvent } from './audit-event.ts';

const telling = { productVersion: '1', includeStatement: true };
const done: RecordOutcome = { status: 'done', sqlState: null, rows: 1, bytes: 1, durationMs: 1.6 };

/** Attributes that the schema's 1.7.0 requires of every event, and of each class besides. */
const ALWAYS = ['activity_id', 'category_uid', 'class_uid', 'metadata', 'severity_id', 'time', 'type_uid'];
const REQUIRED: Record<number, string[]> = {
  1001: ['actor', 'device', 'file'],
  1007: ['actor', 'device', 'process'],
  3002: ['user', 'service'],
  3004: ['entity'],
  4007: ['dst_endpoint'],
  6002: ['app'],
  6003: ['actor', 'api', 'src_endpoint'],
  6005: ['actor', 'src_endpoint', 'database'],
};

/** Classes that have no such attributes; the schema's own check refuses what it doesn't know. */
const NO_ENDPOINTS = [1001, 1007, 6002];

function checked(value: unknown): Record<string, unknown> & { class_uid: number; activity_id: number } {
  const event = JSON.parse(JSON.stringify(value));
  for (const name of [...ALWAYS, ...(REQUIRED[event.class_uid] ?? ['no such class'])]) {
    assert.ok(event[name] !== undefined, `${event.class_uid} needs ${name}`);
  }
  const endpoints = ['src_endpoint', 'dst_endpoint'].filter((name) => name in event);
  assert.ok(
    endpoints.length === 0 || !NO_ENDPOINTS.includes(event.class_uid),
    `${event.class_uid}: ${endpoints}`,
  );
  assert.equal(event.type_uid, event.class_uid * 100 + event.activity_id);
  assert.equal(event.category_uid, Math.floor(event.class_uid / 1000));
  assert.ok(event.metadata.product.name !== undefined && event.metadata.version !== undefined);
  return event;
}

const sql = (kind: 'select' | 'update' | 'grant'): Facts => ({
  protocol: 'sql',
  kind,
  node: 'Stmt',
  readOnly: kind === 'select',
  hasWhere: null,
  reads: [{ schema: 'public', relation: 'customers' }],
  writes: [],
  disclosed: [],
  conditions: [],
  functions: [],
  settings: [],
  unknowns: [],
});
const host = (...uses: HostUse[]): Facts => ({
  protocol: 'ssh',
  account: 'deploy',
  uses,
  readOnly: false,
  unknowns: [],
});

test('each kind of action is an event of its class, with all that the class requires', () => {
  const expected: [Facts | null, number, number][] = [
    [sql('select'), 6005, 4],
    [sql('update'), 6005, 2],
    [sql('grant'), 6005, 99],
    [null, 6005, 99],
    [host({ kind: 'readFile', path: '/etc/hosts' }), 1001, 2],
    [host({ kind: 'listFiles', path: '/' }), 1001, 8],
    [host({ kind: 'forward', host: 'db', port: 5432 }), 4007, 1],
    [host({ kind: 'terminal' }), 4007, 1],
    [host(), 1007, 1],
  ];
  for (const [facts, classUid, activity] of expected) {
    const event = checked(ocsfAction(1, aRecord(1, { facts, outcome: done }), telling));
    assert.deepEqual([event.class_uid, event.activity_id], [classUid, activity]);
  }
});

test('what was decided is the profile of a security control', () => {
  const record = aRecord(1, { outcome: { ...done, status: 'refused' } });
  const { decision } = record;
  const refused = checked(ocsfAction(7, { ...record, decision: { ...decision, outcome: 'block' } }, telling));
  assert.deepEqual(
    [refused.action_id, refused.disposition_id, refused.status_id, refused.severity_id],
    [2, 2, 2, 3],
  );
  assert.deepEqual(refused.authorizations, [
    {
      decision: 'allow',
      policy: { uid: 'developers-read', name: 'developers-read', group: { name: 'dba' }, desc: 'they may' },
    },
  ]);
  const by = [{ id: PrincipalId.parse('person:dora@shop.example'), name: 'Dora' }];
  const approval = { request: RequestId.parse('r'), by, maxRows: null, brokenGlass: false };
  const approved = checked(
    ocsfAction(
      7,
      { ...record, decision: { ...decision, outcome: 'approve', approval }, outcome: done },
      telling,
    ),
  );
  assert.deepEqual([approved.action_id, approved.disposition_id, approved.status_id], [1, 8, 1]);
});

test('a statement that is very long is shortened and says so, and one that is not wanted is left out', () => {
  const record = aRecord(1, { statement: `select '${'x'.repeat(100_000)}'`, outcome: done });
  const text = JSON.stringify(ocsfAction(1, record, telling));
  assert.ok(text.length < 40_000 && text.includes('(100009 characters)'));
  assert.ok(!JSON.stringify(ocsfAction(1, record, { ...telling, includeStatement: false })).includes('xxx'));
});

test('each kind of event is one of its class', () => {
  const session = SessionId.parse('s');
  const target = TargetName.parse('shop');
  const opened = { kind: 'sessionOpened', session, target, network: '::1' } as const;
  const expected: [AuditFact, number, number][] = [
    [{ kind: 'gatewayStarted', version: '1' }, 6002, 3],
    [{ kind: 'gatewayStopped' }, 6002, 4],
    [{ kind: 'signIn', accepted: false, why: 'no such key', network: '10.0.0.1' }, 3002, 1],
    [{ ...opened, surface: 'postgres', account: null }, 6005, 3],
    [{ ...opened, surface: 'ssh', account: 'deploy' }, 4007, 1],
    [{ kind: 'sessionClosed', session, why: '' }, 6003, 99],
    [
      { kind: 'policy', version: PolicyVersion.parse('00'), before: null, documents: {}, reason: '' },
      3004,
      3,
    ],
    [{ kind: 'adminAct', act: 'exported records', reason: 'x' }, 6003, 99],
  ];
  for (const [fact, classUid, activity] of expected) {
    const id = RecordId.parse('e');
    const event = checked(ocsfEvent(1, { id, at: '2026-01-01T00:00:00.000Z', by: null, fact }, telling));
    assert.deepEqual([event.class_uid, event.activity_id], [classUid, activity], fact.kind);
  }
});
