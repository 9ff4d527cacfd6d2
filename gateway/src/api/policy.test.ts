import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoverageReport } from '../../contract/coverage.ts';
import { SluiceError } from '../../contract/error.ts';
import { PolicyVersion } from '../../contract/ids.ts';
import { WhatReport, WhoReport } from '../../contract/policy-access.ts';
import { ReplayReply, ReplayStep } from '../../contract/policy-endpoints.ts';
import { aRecord } from '../adapters/store/a-record.fixture.ts';
import { person, policyOf, question } from '../core/policy/a-question.fixture.ts';
import { DraftThread } from '../policy-drafts/drafts.ts';
import { type TestApi, testApi } from './api.fixture.ts';

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

function asSteps(text: unknown): ReplayStep[] {
  assert.ok(typeof text === 'string' || typeof text === 'object');
  const lines = typeof text === 'string' ? text.trimEnd().split('\n') : [JSON.stringify(text)];
  return lines.map((line) => ReplayStep.parse(JSON.parse(line)));
}

async function stepsOf(api: TestApi, body: unknown): Promise<ReplayStep[]> {
  const headers = { authorization: 'Bearer audrey', 'content-type': 'application/json' };
  const url = `${api.url}/v1/policy/replay/steps`;
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.equal(response.headers.get('content-type'), 'application/jsonl');
  return asSteps(await response.text());
}

const documents = [{ file: 'new.yaml', text: NEW }];

test('a candidate that takes longer to be read than may be is refused', async (context) => {
  const policyDrafts = new DraftThread({ maxAnswerMs: 1, idleMs: 1000 });
  context.after(() => policyDrafts.close());
  const api = await testApi(context, undefined, undefined, { policyDrafts });
  assert.equal((await api.get('/v1/policy/replay', 'audrey', posted({ documents }))).status, 400);
});

test('a replay tells how far it is, and every action that changes, as many as are asked for', async (context) => {
  const policy = policyOf(OLD);
  const api = await testApi(context, undefined, undefined, {
    policy: { current: () => policy, onChange: () => () => undefined },
  });
  api.records.push(...[1, 2, 3, 4, 5].map(deleting));
  const [first, last, ...more] = await stepsOf(api, { documents, examples: 4, targets: ['shop', 'hidden'] });
  assert.deepEqual(first, { kind: 'asking', read: 5, changed: 5, backTo: '2026-01-01T00:00:00.000Z' });
  assert.ok(last?.kind === 'replayed' && more.length === 0);
  assert.deepEqual(last.report.groups[0]?.examples.length, 4);
  const none = (await stepsOf(api, { documents, targets: ['hidden'] })).at(-1);
  assert.ok(none?.kind === 'replayed' && none.report.read === 0);
  assert.equal(api.recordQueries.at(-1)?.target, 'hidden');
  assert.equal((await stepsOf(api, { documents: [{ file: 'a.yaml', text: '1' }] }))[0]?.kind, 'invalid');
  assert.equal((await api.get('/v1/policy/replay/steps', 'ana', posted({ documents }))).status, 403);
});

test('a replay that nobody reads ends, also while it waits, and lets the next one have its turn', async (context) => {
  const policy = policyOf(OLD);
  let [pages, isEndless, nowMs] = [0, true, 0];
  const api = await testApi(context, undefined, undefined, {
    policy: { current: () => policy, onChange: () => () => undefined },
    now: () => {
      nowMs += 1_000;
      return new Date(nowMs);
    },
    records: {
      list: () => assert.fail('texts are read'),
      texts: async () => {
        pages += 1;
        return { texts: [JSON.stringify(deleting(pages))], next: isEndless ? 'more' : null };
      },
    },
  });
  const giveUp = new AbortController();
  const headers = { authorization: 'Bearer audrey', 'content-type': 'application/json' };
  const ask = (path: string, signal?: AbortSignal) =>
    fetch(`${api.url}/v1/policy/replay${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ documents, limit: 1_000_000 }),
      ...(signal === undefined ? {} : { signal }),
    });
  const running = await ask('/steps', giveUp.signal);
  const reader = running.body?.getReader();
  await reader?.read();
  const waiting = await ask('/steps', giveUp.signal);
  const word = await waiting.body?.getReader().read();
  assert.deepEqual(JSON.parse(Buffer.from(word?.value ?? []).toString()), { kind: 'waiting' });
  const plain = ask('', giveUp.signal).catch(() => null);
  giveUp.abort();
  await plain;
  isEndless = false;
  const next = asSteps(await (await ask('/steps')).text());
  assert.equal(next.at(-1)?.kind, 'replayed');
  const read = pages;
  assert.equal(asSteps(await (await ask('/steps')).text()).at(-1)?.kind, 'replayed');
  assert.equal(pages, read + 1);
});

test('what breaks a replay is told as its last line', async (context) => {
  const why = new SluiceError('record.unavailable', 'The records are away.', 'Wait.');
  const api = await testApi(context, undefined, undefined, {
    records: { list: () => Promise.reject(why), texts: () => Promise.reject(why) },
  });
  assert.deepEqual(await stepsOf(api, { documents }), [{ kind: 'failed', error: why.toBody() }]);
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
