import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TestClock } from '../../../core/approvals/approvals.fixture.ts';
import { aRecord } from '../a-record.fixture.ts';
import { openDatabase } from '../database.ts';
import { openStore } from '../store.ts';
import { AuditDesk } from './audit-desk.ts';
import { Checkpoints } from './checkpoints.ts';
import { DONE } from './log.fixture.ts';
import { keepRetention } from './retention.ts';
import { TreeLog } from './tree-log.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAYS = 30;
/** When the series of `aRecord` was written, by its ids. */
const WRITTEN_MS = 0x0189_0000_0000;

test('contents go a minute after the start and from then on day by day, as soon as they are old enough', async (context) => {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-retention-'));
  context.after(() => rmSync(dir, { recursive: true, force: true }));
  const store = await openStore({ dir });
  for (const seq of [1, 2]) await store.recorder.keep(aRecord(seq, { outcome: DONE }));
  await store.audit.checkpoint();
  await store.close();

  const { raw, kysely } = await openDatabase(dir);
  context.after(() => kysely.destroy());
  const log = new TreeLog(raw);
  // At the first look they are a minute too young, at the second they are old enough.
  const startMs = WRITTEN_MS + DAYS * DAY_MS - 2 * MINUTE_MS;
  const clock = new TestClock(new Date(startMs).toISOString());
  const nowMs = () => clock.now().getTime();
  const checkpoints = new Checkpoints({ raw, dir, log, nowMs, onSigned: () => undefined });
  const desk = new AuditDesk({ raw, dir, log, checkpoints });
  const purges: Array<{ atMs: number; beforeMs: number; gone: Promise<number> }> = [];
  keepRetention({
    days: DAYS,
    clock,
    purge: (order) => {
      const gone = desk.purge(order);
      purges.push({ atMs: nowMs() - startMs, beforeMs: order.beforeMs, gone });
      return gone;
    },
    onFailure: (error) => assert.fail(String(error)),
  });
  clock.pass(MINUTE_MS - 1);
  assert.deepEqual(purges, []);
  clock.pass(1);
  clock.pass(DAY_MS);
  clock.pass(DAY_MS);
  assert.deepEqual(
    purges.map(({ atMs }) => atMs),
    [MINUTE_MS, MINUTE_MS + DAY_MS, MINUTE_MS + 2 * DAY_MS],
  );
  for (const { atMs, beforeMs } of purges) assert.equal(beforeMs, startMs + atMs - DAYS * DAY_MS);
  assert.deepEqual(await Promise.all(purges.map(({ gone }) => gone)), [0, 2, 0]);
});

test('a purge that fails is told, and the next day is another try', async () => {
  const clock = new TestClock();
  const told: unknown[] = [];
  const full = new Error('the disk is full');
  keepRetention({
    days: 1,
    clock,
    purge: () => Promise.reject(full),
    onFailure: (error) => told.push(error),
  });
  for (const ms of [MINUTE_MS, DAY_MS]) {
    clock.pass(ms);
    await new Promise((turn) => setImmediate(turn));
  }
  assert.deepEqual(told, [full, full]);
});
