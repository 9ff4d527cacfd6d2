import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PrincipalId } from '../../../contract/ids.ts';
import { newRecordId } from '../../core/flow/record-id.ts';
import { aRecord } from './a-record.fixture.ts';
import { DONE } from './audit/log.fixture.ts';
import { openDatabase } from './database.ts';
import { newestIdMs } from './newest-id.ts';
import { openStore } from './store.ts';

const by = { id: PrincipalId.parse('person:ada@shop.example'), name: 'Ada' };
const DAY_MS = 86_400_000;

test('ids go on behind those of an earlier run, in both threads, though the clock was put back since', async (context) => {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-newest-id-'));
  context.after(() => rmSync(dir, { recursive: true, force: true }));
  const aheadMs = Date.now() + 90 * DAY_MS;
  const time = aheadMs.toString(16).padStart(12, '0');
  // The last of its millisecond.
  const ahead = `${time.slice(0, 8)}-${time.slice(8)}-7fff-bfff-ffffffffffff`;
  const before = await openStore({ dir });
  await before.recorder.keep({ ...aRecord(1), id: ahead, outcome: DONE } as ReturnType<typeof aRecord>);
  await before.close();
  assert.ok(newRecordId(new Date()) < ahead);

  const store = await openStore({ dir });
  await store.recorder.keep(aRecord(2, { id: newRecordId(new Date()), outcome: DONE }));
  assert.ok(newRecordId(new Date()) > ahead);
  await store.audit.rotateKey(by);
  await store.close();
  const { raw, close } = await openDatabase(dir);
  context.after(close);
  const behind = raw.prepare('select kind from log where record > ? order by kind').all(ahead);
  assert.deepEqual(
    behind.map(({ kind }) => kind),
    ['event', 'kept'],
  );
  assert.equal(Math.floor(((newestIdMs(raw) ?? 0) - aheadMs) / 1000), 0);
});
