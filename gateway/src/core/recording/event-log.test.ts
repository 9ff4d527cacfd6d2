import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEvent } from '../../../contract/audit-event.ts';
import { PrincipalId } from '../../../contract/ids.ts';
import { EventLog } from './event-log.ts';
import type { Recorder } from './recorder.ts';

function bench() {
  const events: AuditEvent[] = [];
  const recorder: Recorder = {
    open: () => ({ durable: async () => undefined }),
    close: async () => undefined,
    keep: async () => undefined,
    note: async (event) => void events.push(event),
  };
  const clock = { now: new Date('2026-03-04T10:00:00Z') };
  return { events, clock, log: new EventLog(recorder, () => clock.now) };
}

test('an event has an id, a time and who did it', async () => {
  const { events, log } = bench();
  await log.note(null, { kind: 'gatewayStarted', version: '1.0.0' });
  const [event] = events;
  assert.equal(event?.at, '2026-03-04T10:00:00.000Z');
  assert.equal(event?.by, null);
  assert.match(event?.id ?? '', /^[\da-f-]{36}$/);
});

test('refused sign-ins fill no disk, and none is forgotten', () => {
  const { events, clock, log } = bench();
  for (let tries = 0; tries < 1000; tries += 1) log.refusedSignIn('wrong password', '192.0.2.1');
  assert.equal(events.length, 60);
  clock.now = new Date('2026-03-04T10:01:00Z');
  log.refusedSignIn('wrong password', '192.0.2.1');
  const last = events.at(-1)?.fact;
  assert.ok(last?.kind === 'signIn');
  assert.equal(last.why, 'wrong password (and 940 refusals before it that have no entry)');
});

test('who reads again and again has an entry a minute', async () => {
  const { events, clock, log } = bench();
  const audrey = { id: PrincipalId.parse('person:audrey'), name: 'Audrey' };
  const read = (act: string) => log.reading(audrey, act);
  for (let times = 0; times < 3; times += 1) await read('read records of everybody');
  await read('read records of everybody (target shop)');
  await log.reading({ ...audrey, id: PrincipalId.parse('person:dan') }, 'read records of everybody');
  assert.equal(events.length, 3);
  clock.now = new Date('2026-03-04T10:01:00Z');
  await read('read records of everybody');
  assert.equal(events.length, 4);
  assert.deepEqual(events.at(-1)?.fact, { kind: 'adminAct', act: 'read records of everybody', reason: '' });
});
