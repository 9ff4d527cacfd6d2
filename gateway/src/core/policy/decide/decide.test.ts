import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decision } from '../../../../contract/decision.ts';
import type { ThroughColumns } from '../../../../contract/facts.ts';
import { column, person, policyOf, question, relation, type Statement, shop } from '../a-question.fixture.ts';
import type { Policy, SqlQuestion } from '../policy.ts';

const rule = (id: string, lines: string) => `
  - { id: ${id}, owner: dba@shop.example, because: "the reason of ${id}", ${lines} }`;
const policyWith = (...rules: string[]) =>
  policyOf(`version: 1
tags:
  shop.public.*.email: [pii, email]
  shop.public.*.salary: [salary]
rules:${rules.join('')}`);

const everyone = 'who: everyone';
const readAll = rule('read', `${everyone}, on: everything, doing: [select], then: allow`);
const ana = person(['developers']);

function decide(policy: Policy, statement: Statement, changes: Partial<SqlQuestion> = {}): Decision {
  return policy.decide(question(ana, statement, changes)).decision;
}

function outcome(policy: Policy, statement: Statement, changes: Partial<SqlQuestion> = {}): string {
  return decide(policy, statement, changes).outcome;
}

test('what no rule allows is blocked, and the sentence says which rule it would need', () => {
  const policy = policyWith(readAll);
  const decision = decide(policy, { kind: 'delete', reads: ['orders'], writes: { orders: 'delete' } });
  assert.equal(decision.outcome, 'block');
  assert.equal(decision.sentence, 'Blocked: no rule lets you delete from public.orders on shop.');
  assert.match(
    decision.next,
    /for one of your groups \(developers\) that allows doing \[delete\], on tables \[public\.orders\]/,
  );
});

test('who has no rule on a target is told that they have no access', () => {
  const policy = policyWith(
    rule('read', 'who: { groups: [auditors] }, on: everything, doing: [select], then: allow'),
  );
  const decision = decide(policy, { kind: 'transaction' });
  assert.equal(decision.sentence, 'Blocked: no rule of the policy lets Ana Ruiz use shop.');
  assert.equal(policy.mayUse(ana, shop), false);
  assert.equal(policy.mayUse(person(['auditors']), shop), true);
});

test('a rule that blocks or asks holds behind views and keys too; one that opens a view opens the way', () => {
  const open = rule('open', `${everyone}, on: { tables: [directory] }, doing: [select, delete], then: allow`);
  const keep = rule('keep', `${everyone}, on: { tables: [customers] }, doing: [delete], then: block`);
  const ask = rule(
    'ask',
    `${everyone}, on: { tables: [orders] }, doing: [delete], then: { approve: { by: [dba] } }`,
  );
  const read = {
    reads: ['directory'],
    through: { customers: { by: 'select', named: 'directory' } },
  } as const;
  const remove = {
    kind: 'delete',
    writes: { directory: 'delete' },
    through: {
      customers: { by: 'delete', named: 'directory' },
      orders: { by: 'delete', named: 'directory' },
    },
  } as const;
  assert.equal(outcome(policyWith(open, keep, ask), { ...read, reads: ['directory'] }), 'allow');
  const blocked = decide(policyWith(open, keep, ask), remove);
  assert.equal(blocked.outcome, 'block');
  assert.equal(
    blocked.sentence,
    'Blocked by rule keep of dba@shop.example: the reason of keep. It is not named, but what it does with public.directory would delete from public.customers.',
  );
  const asked = decide(policyWith(open, ask), remove);
  assert.equal(asked.outcome, 'approve');
  assert.match(asked.sentence, /would delete from public\.orders\.$/);
  // Nothing is opened by what only leads somewhere.
  const elsewhere = rule(
    'elsewhere',
    `${everyone}, on: { tables: [customers, orders] }, doing: [delete], then: allow`,
  );
  assert.equal(outcome(policyWith(elsewhere), remove), 'block');
});

/** `as`: `directory.who`. */
const shownAs = (name: string, as: string, ...path: string[]): ThroughColumns => {
  const { column: shown, ...by } = column(as);
  return { by, path: path.map(relation), columns: [{ column: name, as: shown }] };
};
const lookedAt = (name: string, by: string, ...path: string[]): ThroughColumns => ({
  by: relation(by),
  path: path.map(relation),
  columns: [{ column: name, as: null }],
});

test('a rule about columns that blocks or asks holds for what is used behind a view, and tells the way', () => {
  const keep = rule('keep', `${everyone}, on: { columns: [customers.ssn] }, doing: [select], then: block`);
  const ask = rule(
    'ask',
    `${everyone}, on: { tags: [email] }, doing: [select], then: { approve: { by: [dba] } }`,
  );
  const policy = policyWith(readAll, keep, ask);
  const over = (...columns: ThroughColumns[]): Statement => ({
    reads: ['directory'],
    through: { customers: { by: 'select', named: 'directory', columns } },
  });
  assert.equal(outcome(policy, over()), 'allow');
  assert.equal(outcome(policy, over(shownAs('name', 'directory.who'))), 'allow');
  const ways = (...columns: ThroughColumns[]) => decide(policy, over(...columns)).sentence;
  assert.match(
    ways(shownAs('id', 'directory.id'), shownAs('ssn', 'directory.who')),
    /^Blocked by rule keep of .* It is not named, but public\.directory\.who comes from public\.customers\.ssn\.$/,
  );
  assert.match(
    ways(lookedAt('ssn', 'inner', 'outer', 'directory')),
    /but public\.inner looks at public\.customers\.ssn, through public\.outer and public\.directory\.$/,
  );
  assert.match(
    ways(shownAs('email', 'directory.mail', 'inner')),
    /^Needs approval by dba, as .* but public\.directory\.mail comes from public\.customers\.email, through public\.inner\.$/,
  );
  // A rule that is about what is named as well needs no way.
  assert.doesNotMatch(
    decide(policy, {
      ...over(shownAs('ssn', 'directory.who')),
      disclosed: ['customers.ssn'],
      reads: ['customers'],
    }).sentence,
    /not named/,
  );
});

test('where it is not known which columns are used behind a view, every one counts', () => {
  const keep = rule('keep', `${everyone}, on: { columns: [customers.ssn] }, doing: [select], then: block`);
  const statement: Statement = {
    reads: ['directory'],
    through: { customers: { by: 'select', named: 'directory' } },
  };
  const columns = [column('customers.id'), column('customers.ssn')];
  assert.equal(outcome(policyWith(readAll, keep), statement, { columns }), 'block');
  assert.equal(outcome(policyWith(readAll, keep), statement, { columns: columns.slice(0, 1) }), 'allow');
});

test('what is copied to the client is copied behind a view as well, for the columns that are', () => {
  const copy = rule('copy', `${everyone}, on: { tables: [directory] }, doing: [select, copyTo], then: allow`);
  const keep = rule('keep', `${everyone}, on: { columns: [customers.ssn] }, doing: [copyTo], then: block`);
  const table = rule('table', `${everyone}, on: { tables: [customers] }, doing: [copyTo], then: block`);
  const statement = (kind: 'select' | 'copyTo', shown: string): Statement => ({
    kind,
    reads: ['directory'],
    through: {
      customers: { by: 'select', named: 'directory', columns: [shownAs(shown, 'directory.who')] },
    },
  });
  assert.equal(outcome(policyWith(copy, keep), statement('copyTo', 'ssn')), 'block');
  assert.equal(outcome(policyWith(copy, keep), statement('copyTo', 'name')), 'allow');
  assert.equal(outcome(policyWith(copy, keep), statement('select', 'ssn')), 'allow');
  assert.equal(outcome(policyWith(copy, table), statement('copyTo', 'name')), 'block');
  assert.equal(outcome(policyWith(copy, table), statement('select', 'name')), 'allow');
});

test('an allow for a column of a view opens it and nothing of the table, and the other way round', () => {
  const through: Statement['through'] = {
    customers: { by: 'select', named: 'directory', columns: [shownAs('email', 'directory.who')] },
  };
  const view: Statement = { reads: ['directory'], disclosed: ['directory.who'], through };
  const both: Statement = {
    ...view,
    reads: ['directory', 'customers'],
    disclosed: ['directory.who', 'customers.email'],
  };
  const onView = policyWith(
    rule('v', `${everyone}, on: { columns: [directory.who] }, doing: [select], then: allow`),
  );
  assert.equal(outcome(onView, view), 'allow');
  assert.equal(outcome(onView, { reads: ['customers'], disclosed: ['customers.email'] }), 'block');
  assert.equal(outcome(onView, both), 'block');
  const onTable = policyWith(
    rule('t', `${everyone}, on: { columns: [customers.email] }, doing: [select], then: allow`),
  );
  assert.equal(outcome(onTable, view), 'block');
});

test('every part of a statement must be allowed', () => {
  const policy = policyWith(
    rule('read-orders', `${everyone}, on: { tables: [orders] }, doing: [select], then: allow`),
    rule('fill-archive', `${everyone}, on: { tables: [archive.*] }, doing: [insert], then: allow`),
  );
  const insert = (reads: string[]) =>
    ({ kind: 'insert', reads, writes: { 'archive.orders': 'insert' } }) as const;
  assert.equal(outcome(policy, insert(['orders'])), 'allow');
  assert.equal(outcome(policy, insert(['orders', 'customers'])), 'block');
  assert.match(decide(policy, insert(['customers'])).sentence, /lets you read public\.customers/);
});

test('a delete inside another statement is a delete', () => {
  const policy = policyWith(
    readAll,
    rule('insert', `${everyone}, on: everything, doing: [insert], then: allow`),
    rule('no-delete', `${everyone}, on: { tables: [customers] }, doing: [delete], then: block`),
  );
  const statement = { kind: 'insert', writes: { archive: 'insert', customers: 'delete' } } as const;
  assert.equal(outcome(policy, { kind: 'insert', writes: { archive: 'insert' } }), 'allow');
  assert.match(decide(policy, statement).sentence, /Blocked by rule no-delete of dba@shop\.example/);
  assert.equal(outcome(policy, { kind: 'explain', writes: { customers: 'delete' } }), 'block');
  assert.equal(outcome(policy, { kind: 'select', writes: { archive: 'delete' } }), 'block');
});

test('update and delete without WHERE are kinds of their own', () => {
  const policy = policyWith(
    readAll,
    rule('write', `${everyone}, on: everything, doing: [update, delete], then: allow`),
    rule('where', `${everyone}, on: everything, doing: [update without where], then: block`),
  );
  const update = { kind: 'update', writes: { orders: 'update' } } as const;
  assert.equal(outcome(policy, update), 'allow');
  assert.equal(outcome(policy, { ...update, everyRow: true }), 'block');
  assert.equal(outcome(policy, { kind: 'delete', writes: { orders: 'delete' }, everyRow: true }), 'allow');
});

test('approval opens what it is about and nothing else', () => {
  const policy = policyWith(
    readAll,
    rule(
      'ask',
      `${everyone}, on: { tables: [orders] }, doing: [delete], then: { approve: { by: [dba, leads] } }`,
    ),
  );
  const decision = decide(policy, { kind: 'delete', reads: ['orders'], writes: { orders: 'delete' } });
  assert.equal(decision.outcome, 'approve');
  assert.deepEqual(
    decision.asks.map(({ groups }) => groups),
    [['dba', 'leads']],
  );
  assert.equal(
    decision.sentence,
    'Needs approval by dba or leads, as rule ask of dba@shop.example asks: the reason of ask.',
  );
  assert.equal(
    outcome(policy, { kind: 'delete', writes: { orders: 'delete', payments: 'delete' } }),
    'block',
  );
});

test('when two rules ask, both asks must be met', () => {
  const ask = (id: string, by: string) =>
    rule(id, `${everyone}, on: everything, doing: [ddl], then: { approve: { by: [${by}] } }`);
  const statement = { kind: 'drop' } as const;
  const decision = decide(policyWith(ask('a', 'dba'), ask('b', 'leads')), statement);
  assert.deepEqual([decision.outcome, decision.asks.map(({ rule }) => rule)], ['approve', ['a', 'b']]);
  assert.match(decision.sentence, /Needs approval by dba, and leads, as rules a and b ask/);
});

test('masks list every masked column of what is touched, and the sentence those that are seen', () => {
  const policy = policyWith(
    readAll,
    rule(
      'emails',
      `${everyone}, except: { groups: [dba] }, on: { tags: [email] }, then: { mask: { method: partial, keep: domain } }`,
    ),
  );
  const statement = { reads: ['customers'], disclosed: ['customers.id'], conditions: ['customers.email'] };
  const decision = decide(policy, statement);
  assert.equal(decision.outcome, 'mask');
  assert.deepEqual(
    decision.masks.map(({ column }) => column.column),
    ['email'],
  );
  assert.equal(decision.sentence, 'Allowed; none of the columns it shows is masked.');
  const shown = decide(policy, { reads: ['customers'], disclosed: ['customers.id', 'customers.email'] });
  assert.equal(
    shown.sentence,
    'Allowed, with 1 column masked by rule emails of dba@shop.example: customers.email.',
  );
  const dba = policy.decide(question(person(['developers', 'dba']), statement)).decision;
  assert.equal(dba.outcome, 'allow');
});

test('a mask does not allow, and of two masks the stricter holds', () => {
  const mask = (id: string, method: string) =>
    rule(id, `${everyone}, on: { columns: [email] }, then: { mask: { ${method} } }`);
  const statement = { reads: ['customers'], disclosed: ['customers.email'] };
  assert.equal(outcome(policyWith(mask('m', 'method: redact')), statement), 'block');
  const policy = policyWith(readAll, mask('a', 'method: partial, keep: domain'), mask('b', 'method: token'));
  assert.deepEqual(
    decide(policy, statement).masks.map(({ rule: id }) => String(id)),
    ['b'],
  );
});

test('badges are what a decision would mask', () => {
  const policy = policyWith(
    readAll,
    rule('salaries', `${everyone}, on: { tags: [salary] }, then: { mask: { method: null } }`),
  );
  const badges = policy.masksOn(ana, shop, relation('employees'), ['id', 'salary'], new Date(0));
  assert.deepEqual(
    badges.map(({ mask, rule: counted }) => [mask.column.column, mask.mask.method, String(counted.id)]),
    [['salary', 'null', 'salaries']],
  );
});

test('rules about columns open and block those columns alone', () => {
  const some = policyWith(
    rule(
      'some',
      `${everyone}, on: { columns: [customers.id, customers.name] }, doing: [select], then: allow`,
    ),
  );
  const read = (...disclosed: string[]) => ({ reads: ['customers'], disclosed });
  assert.equal(outcome(some, read('customers.id')), 'allow');
  assert.equal(outcome(some, read('customers.id', 'customers.email')), 'block');
  assert.match(
    decide(some, read('customers.id', 'customers.email')).sentence,
    /read public\.customers\.email/,
  );
  const blocked = policyWith(
    readAll,
    rule('no-salary', `${everyone}, on: { tags: [salary] }, doing: anything, then: block`),
  );
  assert.equal(outcome(blocked, read('customers.id')), 'allow');
  const filtered = { reads: ['employees'], disclosed: ['employees.id'], conditions: ['employees.salary'] };
  assert.equal(outcome(blocked, filtered), 'block');
});

test('counting rows needs a rule about some column of the relation', () => {
  const policy = policyWith(
    rule('some', `${everyone}, on: { columns: [customers.id] }, doing: [select], then: allow`),
  );
  const columns = [{ ...relation('customers'), column: 'id' }];
  assert.equal(outcome(policy, { reads: ['customers'] }, { columns }), 'allow');
  assert.equal(
    outcome(policy, { reads: ['orders'] }, { columns: [{ ...relation('orders'), column: 'id' }] }),
    'block',
  );
});

test('session statements, expressions and the catalogue are open to whoever may use the target', () => {
  const policy = policyWith(
    rule('read', `${everyone}, on: { tables: [orders] }, doing: [select], then: allow`),
    rule('no-show', `${everyone}, on: everything, doing: [show], then: block`),
    rule(
      'ask',
      `${everyone}, on: { schemas: ['*'], tables: ['*'] }, doing: [select], then: { approve: { by: [dba] } }`,
    ),
  );
  for (const kind of ['transaction', 'set', 'deallocate', 'empty', 'select'] as const) {
    assert.equal(outcome(policy, { kind }), 'allow', kind);
  }
  assert.equal(outcome(policy, { reads: ['pg_catalog.pg_class', 'information_schema.tables'] }), 'allow');
  assert.equal(outcome(policy, { kind: 'show' }), 'block');
  assert.equal(outcome(policy, { kind: 'delete', writes: { 'pg_catalog.pg_class': 'delete' } }), 'block');
  const named = policyWith(
    readAll,
    rule('hide', `${everyone}, on: { schemas: [pg_catalog] }, doing: anything, then: block`),
  );
  assert.equal(outcome(named, { reads: ['pg_catalog.pg_class'] }), 'block');
});

test('what opens one table does not open what has no table', () => {
  const policy = policyWith(
    rule('one', `${everyone}, on: { tables: [orders] }, doing: anything, then: allow`),
  );
  assert.equal(outcome(policy, { kind: 'create' }), 'block');
  assert.equal(outcome(policy, { kind: 'do' }), 'block');
  assert.equal(outcome(policy, { kind: 'lock', reads: [], writes: { orders: 'lock' } }), 'allow');
  const careful = policyWith(
    rule('all', `${everyone}, on: everything, doing: anything, then: allow`),
    rule('hr', `${everyone}, on: { schemas: [hr] }, doing: [drop], then: block`),
  );
  assert.equal(outcome(careful, { kind: 'drop' }), 'block');
});

test('what could not be determined blocks, and is told', () => {
  const decision = decide(policyWith(readAll), { unknowns: ['function public.f is not reviewed.'] });
  assert.equal(
    decision.sentence,
    'Blocked, because not all of it is understood: function public.f is not reviewed.',
  );
  assert.match(decision.next, /ask an admin of the policy to review it/);
});

test('a condition that can not be evaluated blocks, whatever its rule would do', () => {
  for (const then of ['then: allow', 'then: block', 'then: { approve: { by: [dba] } }']) {
    const policy = policyWith(
      readAll,
      rule('odd', `${everyone}, on: everything, doing: [select], when: "claims.level > 3", ${then}`),
    );
    const decision = decide(policy, { reads: ['orders'] });
    assert.equal(decision.outcome, 'block');
    assert.match(decision.sentence, /the condition of rule odd \(.*\) could not be evaluated/);
  }
  const mask = policyWith(
    readAll,
    rule('odd', `${everyone}, on: { columns: [email] }, when: "network", then: { mask: { method: redact } }`),
  );
  assert.match(decide(mask, { reads: ['c'], disclosed: ['c.email'] }).sentence, /neither true nor false/);
});

test('conditions read claims, the network, the target, the statement and the clock', () => {
  const holds = (when: string, changes: Partial<SqlQuestion> = {}) => {
    const policy = policyWith(
      rule('base', `${everyone}, on: everything, doing: [set], then: allow`),
      rule('if', `${everyone}, on: everything, doing: [delete], when: '${when}', then: allow`),
    );
    const put = question(person(['developers'], { claims: { level: 3, teams: ['a'], of: { x: null } } }), {
      kind: 'delete',
      reads: [],
      writes: { orders: 'delete' },
    });
    const { decision, cacheable } = policy.decide({ ...put, ...changes });
    return { allowed: decision.outcome === 'allow', cacheable };
  };
  const yes = { allowed: true, cacheable: true };
  const no = { allowed: false, cacheable: true };
  assert.deepEqual(holds('claims.level >= 3 && "a" in claims.teams && claims.of.x == null'), yes);
  assert.deepEqual(holds('network.within("10.0.0.0/8")'), yes);
  assert.deepEqual(holds('network.within("10.0.0.0/8")', { network: 'editor' }), no);
  assert.deepEqual(holds('network.within("fd00::/8")', { network: 'fd12::1' }), yes);
  assert.deepEqual(holds('target.labels.env == "production" && target.name == "shop"'), yes);
  assert.deepEqual(
    holds('statement.kind == "delete" && statement.hasWhere && "public.orders" in statement.writes'),
    yes,
  );
  assert.deepEqual(holds('principal.kind == "person" && "developers" in groups'), yes);
  assert.deepEqual(holds('now.getHours("Europe/Madrid") == 11'), { allowed: true, cacheable: false });
  assert.deepEqual(holds('now > timestamp("2027-01-01T00:00:00Z")'), { allowed: false, cacheable: false });
});

test('who: users, kinds, claims, lists of mappings, and exceptions', () => {
  const allowed = (who: string, principal = ana) =>
    policyWith(rule('r', `${who}, on: everything, doing: [select], then: allow`)).mayUse(principal, shop);
  const service = person([], { id: 'service:ana@shop.example' as typeof ana.id, kind: 'service' });
  assert.equal(allowed('who: { users: [ana@shop.example] }'), true);
  assert.equal(allowed('who: { users: [ana@shop.example] }', service), false);
  assert.equal(allowed('who: { users: ["service:*"] }', service), true);
  assert.equal(allowed('who: { kinds: [person] }', service), false);
  assert.equal(allowed('who: { claims: { team: [a, b] } }'), false);
  assert.equal(
    allowed('who: { claims: { team: [a, b] } }', person([], { claims: { team: ['b', 'c'] } })),
    true,
  );
  assert.equal(allowed('who: { claims: { toString: a } }'), false);
  assert.equal(allowed('who: [{ users: [bob@shop.example] }, { groups: [developers] }]'), true);
  assert.equal(allowed('who: { groups: [developers], kinds: [service] }'), false);
  assert.equal(allowed('who: everyone, except: [{ users: [x] }, { groups: [developers] }]'), false);
});

test('on: names, globs and labels of targets', () => {
  const allowed = (on: string) =>
    policyWith(rule('r', `${everyone}, on: { ${on} }, doing: [select], then: allow`)).mayUse(ana, shop);
  assert.equal(allowed('targets: [shop]'), true);
  assert.equal(allowed('targets: ["sh*"]'), true);
  assert.equal(allowed('targets: [sho]'), false);
  assert.equal(allowed('labels: { env: production }'), true);
  assert.equal(allowed('labels: { env: [staging, "prod*"] }'), true);
  assert.equal(allowed('labels: { team: "*" }'), false);
  assert.equal(allowed('targets: [shop], labels: { env: staging }'), false);
});
