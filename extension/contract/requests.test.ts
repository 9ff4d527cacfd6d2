import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anAsk, aRequest, aVote, shown } from './request.fixture.ts';
import { awaited, byUrgency, progressOf, shortName, timeLeft, waitsForMe, wish } from './requests.ts';

const wishOf = (statement: string) =>
  wish(aRequest({ wanted: { kind: 'statement', statement, parameters: [] } }));

test('a wish says in few words what is asked for', () => {
  const wishes: [string, string][] = [
    ['update customers set a = 1', 'update customers'],
    ['UPDATE ONLY public."Cust omers" SET a = 1', 'update public."Cust omers"'],
    ['-- now\n/* and\nhere */ delete from orders where id = 1', 'delete from orders'],
    ['insert into a.b values (1)', 'insert into a.b'],
    ['truncate table orders', 'empty orders'],
    ['alter table if exists orders add x int', 'alter orders'],
    ['with x as (select 1) update a set b = 1', 'run a with'],
    ['explain select 1', 'run an explain'],
    ['', 'run a statement'],
    ['touch restarted', 'run touch'],
    ['/usr/bin/systemctl restart nginx', 'run systemctl'],
    ['sftp read /etc/hosts', 'read /etc/hosts'],
  ];
  for (const [statement, words] of wishes) assert.equal(wishOf(statement), words, statement);
});

test('columns that are to be seen are named', () => {
  const columns = [
    { schema: 'public', relation: 'customers', column: 'email' },
    { schema: 'public', relation: 'customers', column: 'phone' },
  ];
  assert.equal(
    wish(aRequest({ wanted: { kind: 'unmask', columns, forSeconds: 60 } })),
    'see customers.email, customers.phone',
  );
});

test('what ran without approval comes first, then what lapses soonest', () => {
  const list = [
    shown({ id: 'late', lapsesAt: '2026-03-02T10:15:00.000Z' }),
    shown({ id: 'soon', lapsesAt: '2026-03-02T10:05:00.000Z' }),
    shown({ id: 'glass', status: 'brokenGlass', lapsesAt: '2026-03-02T11:00:00.000Z' }),
  ].sort(byUrgency);
  assert.deepEqual(
    list.map(({ request }) => request.id as string),
    ['glass', 'soon', 'late'],
  );
});

test('who has agreed, and how many are missing', () => {
  const asks = [anAsk({ quorum: 2 }), anAsk({ rule: 'each', groups: ['dba', 'security'], of: 'each' })];
  const request = aRequest({ asks, votes: [aVote('Dana', 'approve'), aVote('Eve', 'deny')] });
  assert.deepEqual(
    progressOf(request).map(({ agreed, missing }) => ({ agreed, missing })),
    [
      { agreed: ['Dana'], missing: 1 },
      { agreed: ['Dana'], missing: 1 },
    ],
  );
  assert.equal(awaited(request), '1 more of dba, and 1 more of dba and security');
});

test('only what asks this person for something waits for them', () => {
  assert.equal(waitsForMe(shown({}, ['approve', 'deny'])), true);
  assert.equal(waitsForMe(shown({}, ['review'])), true);
  assert.equal(waitsForMe(shown({}, ['deny', 'remark', 'withdraw'])), false);
});

test('time that is left, in words', () => {
  const at = (seconds: number) => timeLeft(new Date(seconds * 1000).toISOString(), 0);
  assert.deepEqual([-1, 0, 1, 59, 60, 61, 3599, 3600, 7500].map(at), [
    'no time',
    'no time',
    '1 s',
    '59 s',
    '1 min',
    '1 min',
    '1 h 00 min',
    '1 h 00 min',
    '2 h 05 min',
  ]);
});

test('a short name', () => {
  assert.equal(shortName({ name: 'Ana Ruiz (developer)' }), 'Ana');
  assert.equal(shortName({ name: 'ci-migrations' }), 'ci-migrations');
});
