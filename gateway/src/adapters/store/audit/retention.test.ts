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
import { PurgeRefused } from './purge.ts';
import { keepRetention } from './retention.ts';
import { RetentionClock } from './retention-clock.ts';
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
    trusted: new RetentionClock({ raw, days: DAYS, newestMs: null }),
    tell: assert.fail,
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
    trusted: { wrongWith: () => null },
    tell: assert.fail,
    purge: () => Promise.reject(full),
    onFailure: (error) => told.push(error),
  });
  for (const ms of [MINUTE_MS, DAY_MS]) {
    clock.pass(ms);
    await new Promise((turn) => setImmediate(turn));
  }
  assert.deepEqual(told, [full, full]);
});

test('a purge that a hold stands against is told, and ends nothing', async () => {
  const clock = new TestClock();
  const told: string[] = [];
  keepRetention({
    days: 1,
    clock,
    trusted: { wrongWith: () => null },
    purge: () => Promise.reject(new PurgeRefused('case-1', null)),
    tell: (line) => told.push(line),
    onFailure: assert.fail,
  });
  clock.pass(MINUTE_MS);
  await new Promise((turn) => setImmediate(turn));
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /legal hold case-1/);
});

test('nothing goes while the clock is far ahead of all before, over starts too, until it is right or somebody purges by hand', async (context) => {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-retention-'));
  context.after(() => rmSync(dir, { recursive: true, force: true }));
  const { raw, close } = await openDatabase(dir);
  context.after(close);
  const clock = new TestClock('2026-01-05T09:00:00.000Z');
  const startMs = clock.now().getTime();
  /** A start, whose log has entries up to a moment; says what is told and purged within a day. */
  const started = async (newestMs: number) => {
    const told: string[] = [];
    const purged: number[] = [];
    const trusted = new RetentionClock({ raw, days: DAYS, newestMs });
    keepRetention({
      days: DAYS,
      clock,
      trusted,
      purge: async ({ beforeMs }) => purged.push(beforeMs),
      tell: (line) => told.push(line),
      onFailure: assert.fail,
    });
    clock.pass(MINUTE_MS);
    await new Promise((turn) => setImmediate(turn));
    return { told, purged, trusted };
  };
  // The gateway stood still for weeks, which happens.
  assert.equal((await started(startMs - 50 * DAY_MS)).purged.length, 1);
  clock.pass(3650 * DAY_MS);
  const nowMs = clock.now().getTime();
  // The second start finds entries that the first one has made with the wrong clock.
  for (const newestMs of [startMs, nowMs]) {
    const { told, purged } = await started(newestMs);
    assert.deepEqual(purged, []);
    assert.match(
      told[0] ?? '',
      /clock says 2036-01-03, 3650 days after .* \(2026-01-05\).*--before 2035-12-04/,
    );
  }
  clock.pass(-3650 * DAY_MS);
  assert.equal((await started(nowMs)).purged.length, 1);
  clock.pass(3650 * DAY_MS);
  const { trusted } = await started(nowMs);
  trusted.purgedByHand(startMs - DAYS * DAY_MS, clock.now().getTime());
  assert.deepEqual((await started(nowMs)).purged, []);
  trusted.purgedByHand(clock.now().getTime() - (DAYS + 1) * DAY_MS, clock.now().getTime());
  assert.equal((await started(nowMs)).purged.length, 1);
});
