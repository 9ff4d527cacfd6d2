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
