import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordId, SessionId } from '../../../../contract/ids.ts';
import type { Principal } from '../../../../contract/principal.ts';
import type { ActionRecord } from '../../../../contract/record.ts';
import { person, policyOf, question, type Statement, shop } from '../a-question.fixture.ts';
import type { Policy } from '../policy.ts';
import { type ReplayOptions, replay } from './replay.ts';

const rule = (id: string, rest: string) =>
  `  - { id: ${id}, owner: dba, who: everyone, because: why, ${rest} }\n`;
const ALL = rule('all', 'on: everything, doing: anything, then: allow');
const MAILS = rule('mails', 'on: { columns: [email] }, then: { mask: { method: redact } }');
const policy = (...rules: string[]): Policy => policyOf(`version: 1\nrules:\n${rules.join('')}`);
const old = policy(ALL, MAILS);

let made = 0;
function record(
  principal: Principal,
  statement: Statement,
  changes: Partial<ActionRecord> = {},
  by: Policy = old,
): ActionRecord {
  const put = question(principal, statement);
  made += 1;
  return {
    id: RecordId.parse(`r${made}`),
    at: put.at.toISOString(),
    sessionId: SessionId.parse('s'),
    surface: 'postgres',
    principal: principal.id,
    principalName: principal.name,
    target: shop.name,
    statement: `statement ${made}, "facts":`,
    facts: put.facts,
    decision: by.decide(put).decision,
    question: {
      labels: shop.labels,
      network: put.network,
      principal,
      columns: put.columns,
      through: put.through,
    },
    outcome: null,
    ...changes,
  };
}

async function* batchOf(...records: Array<ActionRecord | string>) {
  yield records.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
}

const ana = person(['dev']);
const reads: Statement = { reads: ['customers'], disclosed: ['customers.email', 'customers.id'] };
const deletes: Statement = { kind: 'delete', writes: { orders: 'delete' }, conditions: ['orders.id'] };
const run = (candidate: Policy, records: Array<ActionRecord | string>, options: ReplayOptions = {}) =>
  replay(batchOf(...records), candidate, options);

test('the same policy changes nothing', async () => {
  const report = await run(old, [record(ana, reads), record(ana, deletes)]);
  assert.deepEqual([report.read, report.replayed, report.changed, report.groups], [2, 2, 0, []]);
});

test('what is newly blocked, held, unmasked or masked otherwise is counted by kind, rule and shape', async () => {
  const candidate = policy(
    ALL,
    rule('mails', 'on: { columns: [email] }, then: { mask: { method: token } }'),
    rule('deletes-ask', 'on: { tables: [orders] }, doing: [delete], then: { approve: { by: [dba] } }'),
    rule('no-drop', 'on: everything, doing: [drop], then: block'),
  );
  const bea = person(['dev'], { ...ana, name: 'Bea', id: `${ana.id}2` as Principal['id'] });
  const records = [
    record(ana, reads),
    record(ana, reads),
    record(bea, reads),
    record(ana, deletes),
    record(ana, { kind: 'drop', writes: { orders: 'drop' } }),
    record(ana, { reads: ['orders'], disclosed: ['orders.id'] }),
  ];
  const report = await run(candidate, records);
  assert.deepEqual(report.changes, { maskChanged: 3, nowHeld: 1, nowBlocked: 1 });
  assert.deepEqual(
    report.rules.map(({ id, count }) => [id, count]),
    [
      ['mails', 3],
      ['deletes-ask', 1],
      ['no-drop', 1],
    ],
  );
  const [largest] = report.groups;
  assert.ok(largest);
  assert.deepEqual(
    [largest.kind, largest.count, largest.people, largest.shape, largest.detail, largest.examples.length],
    ['maskChanged', 3, 2, 'select public.customers (email, id)', 'public.customers.email: redact → token', 3],
  );
  assert.deepEqual(largest.examples[2], {
    record: records[2]?.id,
    session: records[2]?.sessionId,
    at: records[2]?.at,
    who: 'Bea',
    statement: records[2]?.statement,
    isCut: false,
    difference: 1,
    before: 'Allowed, with 1 column masked by rule mails of dba: customers.email.',
    after: 'Allowed, with 1 column masked by rule mails of dba: customers.email.',
  });
});

test('what is opened or unmasked names the rule that no longer counts', async () => {
  const strict = policy(ALL, MAILS, rule('stop', 'on: everything, doing: [delete], then: block'));
  const report = await run(policy(ALL), [record(ana, reads, {}, strict), record(ana, deletes, {}, strict)]);
  assert.deepEqual(
    report.groups
      .map(({ kind, before, after, rules }) => [kind, before, after, rules.map(({ id }) => id)])
      .sort(),
    [
      ['maskRemoved', 'mask', 'allow', ['mails']],
      ['nowRuns', 'block', 'allow', ['stop']],
    ],
  );
});

test('it says what lets more through, and keeps these groups before all others', async () => {
  const mask = (id: string, rest: string) => rule(id, `on: { columns: [${id}] }, then: { mask: ${rest} }`);
  const before = policy(
    ALL,
    mask('email', '{ method: redact }'),
    mask('ssn', '{ method: token }'),
    mask('phone', '{ method: redact }'),
    rule('no-delete', 'on: everything, doing: [delete], then: block'),
  );
  const after = policy(
    ALL,
    mask('email', '{ method: token }'),
    mask('ssn', '{ method: redact }'),
    rule('ask', 'on: everything, doing: [delete], then: { approve: { by: [dba] } }'),
    rule('ask-too', 'on: everything, doing: [drop], then: { approve: { by: [dba] } }'),
  );
  const columns = ['email', 'ssn', 'phone'].map((column) => `customers.${column}`);
  const sees: Statement = { reads: ['customers'], disclosed: columns };
  const drops: Statement = { kind: 'drop', writes: { orders: 'drop' } };
  const all = [
    record(ana, sees, {}, before),
    ...[deletes, drops, drops].map((one) => record(ana, one, {}, before)),
  ];
  const report = await run(after, all);
  assert.deepEqual(
    report.ways.map(({ kind, direction, count }) => `${count} ${kind} ${direction}`).toSorted(),
    [
      '1 maskChanged looser',
      '1 maskChanged stricter',
      '1 maskRemoved looser',
      '1 nowHeld looser',
      '2 nowHeld stricter',
    ],
  );
  assert.equal(report.looser, 2);
  const few = await run(after, all, { maxGroups: 3 });
  assert.deepEqual(
    [few.groups.map(({ direction }) => direction), few.groupsLeftOut],
    [['looser', 'looser', 'looser'], 2],
  );
  const seen = report.groups.find(({ kind }) => kind === 'maskRemoved')?.examples[0];
  assert.deepEqual(
    report.differences[seen?.difference ?? -1]?.changes.map(({ kind, detail }) => `${kind} ${detail}`),
    [
      'maskChanged public.customers.email: redact → token',
      'maskChanged public.customers.ssn: token → redact',
      'maskRemoved public.customers.phone: redact → clear',
    ],
  );
});

test('each action is told with its own decisions, and a long statement by its begin', async () => {
  const also = rule('also', 'on: everything, doing: anything, then: allow').replace(
    'everyone',
    '{ groups: [ops] }',
  );
  const before = policy(ALL, MAILS, also);
  const ops = person(['ops'], { id: `${ana.id}2` as Principal['id'] });
  const long = record(ops, reads, { statement: 'x'.repeat(10_000) }, before);
  const report = await run(policy(ALL, also), [record(ana, reads, {}, before), long], { examples: 1_000 });
  assert.equal(report.groups.length, 1);
  const told = report.groups[0]?.examples.map(({ difference, isCut, statement }) => [
    report.differences[difference]?.after.rules.map(({ id }) => id).toSorted(),
    isCut,
    statement.length < 5_000,
  ]);
  assert.deepEqual(told, [
    [['all'], false, true],
    [['all', 'also'], true, true],
  ]);
  assert.deepEqual((await run(policy(ALL), [long], { examples: 0 })).differences, []);
});

test('what depends on the clock is asked again for each record, as of then', async () => {
  const candidate = policy(
    rule('days', `on: everything, doing: anything, when: 'now.getHours() < 12', then: allow`),
    MAILS,
  );
  const morning = record(ana, reads);
  const evening = { ...morning, at: '2026-03-04T20:00:00.000Z' };
  const report = await run(candidate, [morning, evening, morning]);
  assert.deepEqual([report.changes, report.replayed], [{ nowBlocked: 1 }, 3]);
  assert.equal(report.groups[0]?.examples[0]?.at, evening.at);
});

test('records without what they were asked with, not understood or unreadable are counted apart', async () => {
  const { question: _, ...without } = record(ana, reads);
  const report = await run(policy(ALL), [without, record(ana, reads, { facts: null }), '{"half":', '{}']);
  assert.deepEqual(report.cannotReplay, { withoutQuestion: 1, notUnderstood: 1, unreadable: 2 });
  assert.deepEqual([report.read, report.replayed], [4, 0]);
});

test('who was refused for another reason is compared by what the policy said', async () => {
  const asked = policy(
    ALL,
    MAILS,
    rule('ask', 'on: everything, doing: [delete], then: { approve: { by: [dba] } }'),
  );
  const held = record(ana, deletes, {}, asked);
  const denied = { ...held, decision: { ...held.decision, outcome: 'block', sentence: 'Denied.' } } as const;
  const report = await run(asked, [denied]);
  assert.deepEqual([report.changed, report.refusedOtherwise], [0, 1]);
});

test('a claim that looks like an outcome, and keys in another order, change nothing', async () => {
  const odd = person(['dev'], { claims: { x: { a: 1, outcome: { status: 'done' } } } });
  const whole = record(odd, reads);
  const { outcome, ...open } = whole;
  const turned = JSON.stringify(Object.fromEntries(Object.entries(whole).toReversed()));
  const done = { status: 'done', sqlState: null, rows: 1, bytes: 2, durationMs: 3 } as const;
  const lines = [JSON.stringify(open), turned, JSON.stringify({ ...whole, outcome: done })];
  for (const line of lines) {
    const { groups, replayed } = await run(policy(ALL), [line, line]);
    assert.deepEqual([groups.map(({ kind, count }) => [kind, count]), replayed], [[['maskRemoved', 2]], 2]);
  }
  assert.equal(outcome, null);
});

test('two policies are compared with each other, since a moment', async () => {
  const early = record(ana, reads, { at: '2026-01-01T00:00:00.000Z' });
  const late = record(ana, reads, { at: '2026-06-01T00:00:00.000Z' });
  const options = { base: policy(ALL), since: new Date('2026-05-01') };
  const report = await run(old, [early, late], options);
  assert.deepEqual([report.read, report.changes, report.from], [1, { maskAdded: 1 }, late.at]);
  assert.equal(report.base, options.base.version);
});
