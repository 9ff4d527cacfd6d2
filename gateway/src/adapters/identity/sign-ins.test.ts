import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PrincipalId } from '../../../contract/ids.ts';
import { People, type Person } from './people.ts';
import { SignIns } from './sign-ins.ts';

const ana: Person = {
  id: PrincipalId.parse('person:ana@shop.example'),
  kind: 'person',
  name: 'Ana',
  groups: ['developers'],
  claims: {},
};

function room() {
  const people = new People();
  people.put(ana);
  const clock = { nowMs: 1_000 };
  const signIns = new SignIns(people, () => clock.nowMs);
  signIns.seen({ grant: 'g', person: ana.id, renewedUntilMs: 2_000, endsAtMs: 10_000 });
  return { people, clock, signIns };
}

test('groups are read for each use, and a change grows the epoch', () => {
  const { people, signIns } = room();
  const handle = signIns.handle('g', 'renewal');
  const before = handle.current();
  people.put({ ...ana, groups: [] });
  assert.deepEqual(before?.groups, ['developers']);
  assert.deepEqual(handle.current()?.groups, []);
  assert.ok((handle.current()?.epoch ?? 0) > (before?.epoch ?? 0));
});

test('reading the same again keeps the epoch', () => {
  const { people, signIns } = room();
  const epoch = signIns.handle('g', 'renewal').current()?.epoch;
  people.put({ ...ana, groups: ['developers'] });
  assert.equal(signIns.handle('g', 'renewal').current()?.epoch, epoch);
});

test('a revoked sign-in ends every session once', () => {
  const { signIns } = room();
  const handle = signIns.handle('g', 'signIn');
  let calls = 0;
  handle.onRevoked(() => {
    calls += 1;
  });
  signIns.end('g');
  signIns.end('g');
  assert.equal(calls, 1);
  assert.equal(handle.current(), null);
});

test('a session that hangs on renewal ends when the token runs out; one that hangs on the sign-in stays', () => {
  const { signIns, clock } = room();
  const ended: string[] = [];
  signIns.handle('g', 'renewal').onRevoked(() => ended.push('renewal'));
  signIns.handle('g', 'signIn').onRevoked(() => ended.push('signIn'));
  clock.nowMs = 2_000;
  assert.equal(signIns.handle('g', 'renewal').current(), null);
  signIns.sweep();
  assert.deepEqual(ended, ['renewal']);
  clock.nowMs = 10_000;
  signIns.sweep();
  assert.deepEqual(ended, ['renewal', 'signIn']);
});

test('a renewal in time keeps the session', () => {
  const { signIns, clock } = room();
  let ended = false;
  signIns.handle('g', 'renewal').onRevoked(() => {
    ended = true;
  });
  signIns.seen({ grant: 'g', person: ana.id, renewedUntilMs: 3_000, endsAtMs: 10_000 });
  clock.nowMs = 2_500;
  signIns.sweep();
  assert.equal(ended, false);
});

test('a person who is gone is signed out everywhere', () => {
  const { signIns, people } = room();
  let ended = false;
  signIns.handle('g', 'signIn').onRevoked(() => {
    ended = true;
  });
  people.remove(ana.id);
  assert.equal(signIns.handle('g', 'signIn').current(), null);
  signIns.sweep();
  assert.equal(ended, true);
});

test('watching a sign-in that has ended already calls back', async () => {
  const { signIns } = room();
  await new Promise<void>((called) => signIns.handle('unknown', 'signIn').onRevoked(called));
});
