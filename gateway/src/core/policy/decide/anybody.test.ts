import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyOf, relation, shop } from '../a-question.fixture.ts';

const POLICY = policyOf(`
version: 1
tags:
  shop.public.*.email: [pii]
rules:
  - { id: read, owner: o, who: { groups: [a] }, on: { schemas: [public] }, doing: [select], then: allow, because: b }
  - { id: write, owner: o, who: { groups: [b] }, on: { columns: [orders.note] }, doing: [update], when: 'false', then: { approve: { by: [c] } }, because: b }
  - { id: never, owner: o, who: everyone, on: everything, doing: [delete], then: block, because: b }
  - { id: domain, owner: o, who: { groups: [a] }, on: { tags: [pii] }, then: { mask: { method: partial, keep: domain } }, because: b }
  - { id: token, owner: o, who: { groups: [b] }, on: { columns: [email] }, when: 'now < now', then: { mask: { method: token } }, because: b }
  - { id: elsewhere, owner: o, who: everyone, on: { targets: [other] }, then: { mask: { method: redact } }, because: b }
`);

test('what anybody may do is allowed or approved by some rule, whatever its condition', () => {
  const doing = (name: string, columns: string[]) => [...POLICY.reachOf(shop, relation(name), columns).doing];
  assert.deepEqual(doing('orders', ['id', 'note']), ['select', 'update']);
  assert.deepEqual(doing('orders', ['id']), ['select']);
  assert.deepEqual(doing('hr.orders', ['id', 'note']), ['update']);
  assert.deepEqual(doing('hr.people', ['id']), []);
});

test('a column may come masked by the method of every rule that is about it', () => {
  const { masks } = POLICY.reachOf(shop, relation('customers'), ['id', 'email']);
  assert.deepEqual([...masks], [['email', [{ method: 'partial', keep: 'domain' }, { method: 'token' }]]]);
});

test('a rule that names what a target does not have keeps nothing in', () => {
  const policy = policyOf(`
version: 1
tags: { shop.public.*.email: [pii], shop.public.*.mail: [slip] }
rules:
  - { id: all, owner: o, who: everyone, on: everything, doing: [delete], then: block, because: b }
  - { id: allowing, owner: o, who: everyone, on: { tables: [slips] }, doing: [select], then: allow, because: b }
  - { id: asking, owner: o, who: everyone, on: { tables: [Orders] }, doing: [select], then: { approve: { by: [c] } }, because: b }
  - { id: blocking, owner: o, who: everyone, on: { schemas: [hr] }, doing: [select], then: block, because: b }
  - { id: catalogue, owner: o, who: everyone, on: { tables: [pg_catalog.pg_class] }, doing: [select], then: block, because: b }
  - { id: elsewhere, owner: o, who: everyone, on: { targets: [other], tables: [slips] }, then: { mask: { method: redact } }, because: b }
  - { id: mask, owner: o, who: everyone, on: { columns: [Email] }, then: { mask: { method: redact } }, because: b }
  - { id: right, owner: o, who: everyone, on: { tags: [pii] }, then: { mask: { method: redact } }, because: b }
  - { id: rows, owner: o, who: everyone, on: { tables: [customer] }, then: { rows: 'id = 1' }, because: b }
  - { id: tagged, owner: o, who: everyone, on: { tags: [slip] }, then: { mask: { method: redact } }, because: b }
`);
  const columns = [
    { schema: 'public', relation: 'customers', column: 'email' },
    { schema: 'public', relation: 'orders', column: 'id' },
    { schema: 'pg_catalog', relation: 'pg_class', column: 'oid' },
  ];
  assert.deepEqual(policy.rulesKeepingNothing(shop, columns), [
    'asking',
    'blocking',
    'mask',
    'rows',
    'tagged',
  ]);
});
