import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TargetName } from '../../../contract/ids.ts';
import type { Principal } from '../../../contract/principal.ts';
import { person, question, relation, type Statement, shop, tryPolicy } from './a-question.fixture.ts';
import { loadPolicy } from './files/load.ts';

const root = new URL('../../../../', import.meta.url);
const policy = await loadPolicy(fileURLToPath(new URL('examples/policy', root)));

const developer = person(['developers']);
const dba = person(['dba']);
const auditor = person(['auditors']);
const agent = person(['developers'], { kind: 'agent' });

const everyCustomerColumn =
  'id name email national_id card_number phone region birth_date tags notes created_at'.split(' ');

function outcome(principal: Principal, statement: Statement, target = shop): string {
  return policy.decide(question(principal, statement, { target })).decision.outcome;
}

function masks(principal: Principal, table: string, columns: string[]): Record<string, string> {
  const found = policy.masksOn(principal, shop, relation(table), columns, new Date());
  return Object.fromEntries(
    found.map(({ mask }) => [mask.column.column, 'keep' in mask.mask ? mask.mask.keep : mask.mask.method]),
  );
}

const read = { reads: ['customers'], disclosed: everyCustomerColumn.map((name) => `customers.${name}`) };
const write = (by: 'insert' | 'update' | 'delete', table: string, everyRow = false) =>
  ({ kind: by, writes: { [table]: by }, everyRow }) as const;

test('developers read everything, with personal data masked', () => {
  assert.equal(outcome(developer, read), 'mask');
  assert.deepEqual(masks(developer, 'customers', everyCustomerColumn), {
    email: 'domain',
    national_id: 'redact',
    card_number: 'last4',
    phone: 'token',
    birth_date: 'redact',
    notes: 'redact',
  });
  assert.deepEqual(masks(developer, 'employees', ['name', 'email', 'salary']), {
    email: 'domain',
    salary: 'null',
  });
  assert.deepEqual(masks(developer, 'payments_2025_07', ['amount', 'card_number']), { card_number: 'last4' });
  assert.deepEqual(masks(developer, 'rich_orders', ['customer', 'email']), { email: 'domain' });
  assert.equal(
    outcome(developer, { reads: ['monthly_sales'], disclosed: ['monthly_sales.revenue'] }),
    'allow',
  );
});

test('developers change single records, ask for deletes and for changes of the schema', () => {
  assert.equal(outcome(developer, write('update', 'customers')), 'allow');
  assert.equal(outcome(developer, write('update', 'customers', true)), 'block');
  assert.equal(outcome(developer, write('insert', 'orders')), 'allow');
  assert.equal(outcome(developer, write('insert', 'employees')), 'block');
  assert.equal(outcome(developer, write('delete', 'orders')), 'approve');
  assert.equal(outcome(developer, write('delete', 'orders', true)), 'block');
  assert.equal(outcome(developer, { kind: 'drop', writes: { page_views: 'drop' } }), 'approve');
  assert.equal(outcome(developer, { kind: 'create' }), 'approve');
  assert.equal(outcome(developer, { kind: 'grant' }), 'block');
  assert.equal(outcome(developer, { kind: 'do' }), 'block');
  const { decision } = policy.decide(question(developer, write('delete', 'orders')));
  assert.deepEqual(decision.asks[0]?.groups, ['dba']);
});

test('database administrators see all but card numbers, and forget no WHERE', () => {
  assert.deepEqual(masks(dba, 'customers', everyCustomerColumn), { card_number: 'last4' });
  assert.equal(outcome(dba, { kind: 'drop', writes: { page_views: 'drop' } }), 'allow');
  assert.equal(outcome(dba, write('update', 'customers', true)), 'block');
});

test('auditors and admins touch no data, agents only read', () => {
  assert.equal(policy.mayUse(auditor, shop), false);
  assert.equal(outcome(auditor, read), 'block');
  assert.equal(outcome(person(['admins']), { kind: 'select' }), 'block');
  assert.equal(outcome(agent, read), 'mask');
  assert.equal(outcome(agent, write('update', 'customers')), 'block');
});

test('the scratch database is free, and unmasked', () => {
  const scratch = { ...shop, name: TargetName.parse('scratch'), labels: {} };
  assert.equal(outcome(developer, write('delete', 'pgbench_history', true), scratch), 'allow');
  assert.deepEqual(policy.masksOn(developer, scratch, relation('t'), ['email'], new Date()), []);
});

test('the reviewed functions leave out the one that reads a card', () => {
  assert.deepEqual([...policy.reviewedFunctions(shop)], ['public.order_total', 'public.touch_updated_at']);
});

test('every example of docs/POLICY.md compiles', async () => {
  const text = await readFile(new URL('docs/POLICY.md', root), 'utf8');
  const examples = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, example = '']) => example);
  assert.ok(examples.length > 5);
  const tags = 'tags:\n  shop.public.customers.email: [pii, email]\n';
  for (const example of examples) {
    const indented = example.replaceAll(/^/gm, '  ');
    const whole = example.startsWith('version:') ? example : `version: 1\n${tags}rules:\n${indented}`;
    const result = tryPolicy(whole);
    assert.ok(!Array.isArray(result), `${Array.isArray(result) ? result.join('\n') : ''}\n${example}`);
  }
});
