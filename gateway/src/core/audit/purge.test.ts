import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHeld } from './purge.ts';

const record = (principal: unknown) =>
  JSON.stringify({
    sessionId: 's-1',
    target: 'shop',
    statement: 'select "ana@shop.example"',
    ...Object(principal),
  });
const BUILT_IN = record({ principal: 'person:ana@shop.example' });
const OIDC = record({
  principal: 'person:corp/00u1',
  question: { principal: { id: 'person:corp/00u1', email: 'ana@shop.example' } },
});

test('a hold on a person finds them by their id, with or without what it begins with, and by their verified address', () => {
  const held = (value: string, body: string) => isHeld(body, [{ kind: 'principal', value }]);
  for (const value of ['person:ana@shop.example', 'ana@shop.example']) {
    assert.equal(held(value, BUILT_IN), true, value);
    assert.equal(held(value, OIDC), true, value);
  }
  for (const value of ['person:corp/00u1', 'corp/00u1']) assert.equal(held(value, OIDC), true, value);
  for (const value of ['00u1', 'ana', 'service:ana@shop.example', 'shop', 's-1']) {
    assert.equal(held(value, BUILT_IN) || held(value, OIDC), false, value);
  }
});

test('a hold on a target or a session is on what says so there, and not on its name elsewhere', () => {
  assert.equal(isHeld(OIDC, [{ kind: 'target', value: 'shop' }]), true);
  assert.equal(isHeld(OIDC, [{ kind: 'session', value: 's-1' }]), true);
  assert.equal(isHeld(OIDC, [{ kind: 'session', value: 'shop' }]), false);
  assert.equal(
    isHeld(record({ principal: 'person:eve', rule: 'shop', target: 'hr' }), [
      { kind: 'target', value: 'shop' },
    ]),
    false,
  );
});
