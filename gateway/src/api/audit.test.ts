import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PrincipalId } from '../../contract/ids.ts';
import { aRecord } from '../adapters/store/a-record.fixture.ts';
import { openStore } from '../adapters/store/store.ts';
import { parseCheckpoint } from '../core/audit/checkpoint.ts';
import { Holds } from '../core/audit/holds.ts';
import { EventLog } from '../core/recording/event-log.ts';
import { testApi } from './api.fixture.ts';

/** Dora administrates, Audrey audits, Ana does neither. */
async function bench(context: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-api-audit-'));
  const store = await openStore({ dir });
  context.after(async () => {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const events = new EventLog(store.recorder, () => new Date());
  const holds = new Holds(store.documents, events, () => new Date());
  const audit = { control: store.audit, holds };
  const api = await testApi(context, undefined, undefined, { events, audit, adminGroups: ['dba'] });
  const post = (path: string, token: string, body: object) =>
    api.get(path, token, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return { api, post };
}

const hold = { name: 'case-7', of: { kind: 'principal', value: 'person:ana' }, reason: 'a lawsuit' };

test('administrators place and lift holds, purge and change keys; auditors look; nobody else does', async (context) => {
  const { api, post } = await bench(context);
  const before = '2026-01-01T00:00:00Z';
  for (const token of ['ana', 'audrey']) {
    assert.equal((await post('/v1/audit/holds', token, hold)).status, 403);
    assert.equal((await post('/v1/audit/purges', token, { before, reason: 'old' })).status, 403);
    assert.equal((await post('/v1/audit/key', token, { reason: 'yearly' })).status, 403);
  }
  const toCome = await post('/v1/audit/purges', 'dora', { before: '2999-01-01T00:00:00Z', reason: 'old' });
  assert.equal(toCome.status, 400);
  assert.equal((await api.get('/v1/audit/holds', 'ana')).status, 403);
  assert.equal((await api.get('/v1/audit/checkpoint', 'ana')).status, 403);

  assert.equal((await post('/v1/audit/holds', 'dora', hold)).status, 200);
  assert.equal((await post('/v1/audit/holds', 'dora', hold)).status, 400);
  const { body } = await api.get('/v1/audit/holds', 'audrey');
  assert.match(JSON.stringify(body), /"name":"case-7".*"reason":"a lawsuit","by":\{"id":"person:dora"/);
  assert.equal((await post('/v1/audit/holds/case-7/lift', 'dora', { reason: 'over' })).status, 200);
  assert.equal((await post('/v1/audit/holds/case-7/lift', 'dora', { reason: 'over' })).status, 404);

  assert.deepEqual((await post('/v1/audit/purges', 'dora', { before, reason: 'old' })).body, { count: 0 });
  assert.match(
    JSON.stringify((await post('/v1/audit/key', 'dora', { reason: 'yearly' })).body),
    /"key":"sluice\//,
  );
  const reply = JSON.stringify((await api.get('/v1/audit/checkpoint', 'audrey')).body);
  const { checkpoint }: { checkpoint: string } = JSON.parse(reply);
  assert.ok((parseCheckpoint(checkpoint)?.checkpoint.size ?? 0) >= 5);
});

test('whoever places a hold reads whether the log has anything that it keeps', async (context) => {
  const { api, post } = await bench(context);
  const known = async (name: string, kind: string, value: string) => {
    const { body } = await post('/v1/audit/holds', 'dora', {
      name,
      of: { kind, value },
      reason: 'a lawsuit',
    });
    return Object(body).isKnown;
  };
  assert.equal(await known('a', 'principal', 'person:ana'), false);
  api.records.push(aRecord(1, { principal: PrincipalId.parse('person:ana') }));
  assert.equal(await known('b', 'principal', 'ana'), true);
  assert.equal(await known('c', 'session', 'session-1'), true);
  // As `sluice sessions` shortens it.
  assert.equal(await known('d', 'session', 'sion-1'), false);
  assert.equal(await known('e', 'target', 'Not a target’s name'), false);
});
