import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoverageReport } from '../../contract/coverage.ts';
import { PolicyVersion } from '../../contract/ids.ts';
import { WhatReport, WhoReport } from '../../contract/policy-access.ts';
import { ReplayReply } from '../../contract/policy-endpoints.ts';
import { aRecord } from '../adapters/store/a-record.fixture.ts';
import { person, policyOf, question } from '../core/policy/a-question.fixture.ts';
import { testApi } from './api.fixture.ts';

const OLD = `version: 1
rules:
  - { id: read, owner: dba, who: everyone, on: everything, doing: anything, then: allow, because: They may. }
`;
const NEW = `${OLD}  - { id: no-deletes, owner: dba, who: everyone, on: everything, doing: [delete], then: block, because: Gone is gone. }\n`;

function deleting(n: number) {
  const ana = person(['dev']);
  const put = question(ana, { kind: 'delete', writes: { orders: 'delete' } });
  const { facts, network, columns, through, target } = put;
  const asked = { principal: ana, labels: target.labels, network, columns, through };
  return aRecord(n, { facts, decision: policyOf(OLD).decide(put).decision, question: asked });
}

function posted(body: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

test('auditors replay what was recorded against a policy that nobody has activated', async (context) => {
  const policy = policyOf(OLD);
  const inForce = { current: () => policy, onChange: () => () => undefined };
  const api = await testApi(context, undefined, undefined, { policy: inForce });
  api.records.push(deleting(1), deleting(2));
  for (const against of ['inForce', 'recorded']) {
    const documents = [
      { file: 'new.yaml', text: NEW },
      { file: 'new.test.yaml', text: 'no policy' },
    ];
    const { status, body } = await api.get('/v1/policy/replay', 'audrey', posted({ documents, against }));
    assert.equal(status, 200);
    const reply = ReplayReply.parse(body);
    assert.ok(reply.kind === 'replayed');
    assert.deepEqual(reply.report.changes, { nowBlocked: 2 });
    assert.equal(reply.report.base, against === 'inForce' ? policy.version : null);
  }
});

test('a candidate that does not compile is answered with its problems, and others may not ask', async (context) => {
  const api = await testApi(context);
  const documents = [{ file: 'new.yaml', text: 'version: 2\n' }];
  const { body } = await api.get('/v1/policy/replay', 'audrey', posted({ documents }));
  assert.deepEqual(body, {
    kind: 'invalid',
    problems: [{ file: 'new.yaml', line: 1, column: 10, what: 'write "version: 1"' }],
  });
  assert.equal((await api.get('/v1/policy/replay', 'ana', posted({ documents }))).status, 403);
});

test('auditors ask who may do something, and what somebody may do; nobody else does', async (context) => {
  const policy = policyOf(OLD);
  const inForce = { current: () => policy, onChange: () => () => undefined };
  const api = await testApi(context, undefined, undefined, { policy: inForce });
  api.records.push(deleting(1));
  const who = await api.get('/v1/policy/who?target=shop&table=customers&column=ssn', 'audrey');
  const told = WhoReport.parse(who.body);
  assert.deepEqual(
    told.subjects.map(({ subject, access }) => [subject.kind, access.outcome]),
    [
      ['others', 'clear'],
      ['person', 'clear'],
    ],
  );
  const what = await api.get('/v1/policy/what?target=shop&person=Ana%20Ruiz', 'audrey');
  assert.deepEqual(
    WhatReport.parse(what.body).rules.map(({ id }) => id),
    ['read'],
  );
  assert.equal((await api.get('/v1/policy/what?target=shop&person=nobody', 'audrey')).status, 400);
  assert.equal((await api.get('/v1/policy/who?target=shop&table=a.b', 'audrey')).status, 400);
  assert.equal((await api.get('/v1/policy/who?target=shop&table=a&column=b', 'ana')).status, 403);
});

test('auditors read which policies were in force, and the files of one', async (context) => {
  const version = PolicyVersion.parse('ab'.repeat(32));
  const activation = {
    version,
    at: '2026-01-01T00:00:00.000Z',
    before: null,
    by: null,
    reason: '',
    changed: ['a.yaml'],
    files: { 'a.yaml': 'hash' },
  };
  const files = [{ file: 'a.yaml', text: OLD }];
  const find = async (part: string) => (version.startsWith(part) ? { activation, files } : null);
  const policyHistory = { list: async () => [activation], find };
  const api = await testApi(context, undefined, undefined, { policyHistory });
  assert.deepEqual((await api.get('/v1/policy/versions', 'audrey')).body, { activations: [activation] });
  assert.deepEqual((await api.get('/v1/policy/versions/ababab', 'audrey')).body, { activation, files });
  assert.equal((await api.get('/v1/policy/versions/cccccc', 'audrey')).status, 400);
  assert.equal((await api.get('/v1/policy/versions', 'ana')).status, 403);
});

test('auditors read what could not be looked into', async (context) => {
  const api = await testApi(context);
  api.records.push(deleting(1), aRecord(2));
  const { body } = await api.get('/v1/coverage', 'audrey');
  const { read, targets } = CoverageReport.parse(body);
  assert.deepEqual([read, targets.map(({ inspectedShare }) => inspectedShare)], [2, [0.5]]);
  assert.equal((await api.get('/v1/coverage', 'ana')).status, 403);
});
