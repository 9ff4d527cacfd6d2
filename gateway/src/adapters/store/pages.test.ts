import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { aRecord } from './a-record.fixture.ts';
import { Checkpoints } from './audit/checkpoints.ts';
import { PurgeRun } from './audit/purge.ts';
import { TreeLog } from './audit/tree-log.ts';
import { openDatabase } from './database.ts';
import { databaseFile } from './database-file.ts';
import { LogFile } from './log-file.ts';
import { PAGE_BYTES } from './pages.ts';
import { SearchIndex } from './search/search-index.ts';
import { openStore } from './store.ts';

const dir = mkdtempSync(join(tmpdir(), 'sluice-pages-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const done = { status: 'refused', sqlState: null, rows: 0, bytes: 0, durationMs: 0 } as const;
/** A page takes five of these: each character is six of JSON. */
const LONG = 256 * 1024;
/** More than a page by itself. */
const LONGEST = 2 * 1024 * 1024;
const records = Array.from({ length: 21 }, (_, n) =>
  aRecord(n, { outcome: done, statement: '\x01'.repeat(n === 7 ? LONGEST : LONG) }),
);
const ids = records.map(({ id }) => String(id));
const newestFirst = ids.toReversed();
const everything = { principal: null, target: null, limit: 100 };

before(async () => {
  const store = await openStore({ dir });
  for (const record of records) await store.recorder.keep(record);
  await store.close();
});

/** Each text of a page is that of one record. */
function mustFit(page: readonly string[]): void {
  const bytes = page.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  assert.ok(page.length === 1 || bytes <= PAGE_BYTES, `${page.length} records have ${bytes} bytes`);
}

test('long records come in pages that hold fewer of them, and none is left out', async (context) => {
  const store = await openStore({ dir });
  context.after(() => store.close());
  const listed: string[] = [];
  const read: string[] = [];
  for (let at: string | null = null, isMore = true; isMore; isMore = at !== null) {
    const page = await store.records.list({ ...everything, before: at });
    const { texts, next } = await store.records.texts({ ...everything, before: at });
    mustFit(page.records.map((record) => JSON.stringify(record)));
    mustFit(texts);
    listed.push(...page.records.map(({ id }) => String(id)));
    read.push(...texts.map((text) => String(JSON.parse(text).id)));
    assert.equal(page.next, next);
    at = next;
  }
  assert.deepEqual([listed, read], [newestFirst, newestFirst]);
});

test('of many pages that are asked for at once each is whole', async (context) => {
  const store = await openStore({ dir });
  context.after(() => store.close());
  const pages = await Promise.all(
    newestFirst.slice(0, 5).map((id) => store.records.list({ ...everything, before: id, limit: 2 })),
  );
  for (const [n, page] of pages.entries()) {
    assert.deepEqual(
      page.records.map(({ id }) => String(id)),
      newestFirst.slice(n + 1, n + 3),
    );
  }
});

test('exports read long records in pages that hold fewer of them, and none is left out', async (context) => {
  const raw = new DatabaseSync(databaseFile(dir), { readOnly: true });
  context.after(() => raw.close());
  const log = new LogFile(raw);
  const read: string[] = [];
  for (let reached = -1, page = await log.after(0, 100); page.reached !== reached; ) {
    const actions = page.entries.flatMap((entry) => (entry.kind === 'action' ? [entry.record] : []));
    mustFit(actions.map((record) => JSON.stringify(record)));
    read.push(...actions.map(({ id }) => String(id)));
    reached = page.reached;
    page = await log.after(reached, 100);
  }
  assert.deepEqual(read, ids);
});

test('the index of a search takes long records in a few at a time', async (context) => {
  const database = await openDatabase(dir);
  context.after(() => database.close());
  const { raw } = database;
  raw.exec(`delete from searched; insert into searched_words (searched_words) values ('delete-all');
    update searched_up_to set seq = 0`);
  const exec = context.mock.method(raw, 'exec');
  new SearchIndex(raw).build();
  const transactions = exec.mock.calls.filter(({ arguments: [sql] }) => sql === 'commit');
  assert.ok(transactions.length >= 5, `${transactions.length} transactions`);
  assert.equal(raw.prepare('select count(*) as count from searched').get()?.count, records.length);
});

test('a purge takes long contents out a few at a time', async (context) => {
  const database = await openDatabase(dir);
  context.after(() => database.close());
  const { raw } = database;
  const log = new TreeLog(raw);
  const checkpoints = new Checkpoints({ raw, dir, log, nowMs: Date.now, onSigned: () => undefined });
  const order = { beforeMs: Date.now(), reason: 'a test', by: null };
  const run = new PurgeRun({ raw, dir, log, checkpoints }, order);
  const taken = [0];
  for (let isMore = true; isMore; taken.push(run.count)) isMore = run.next();
  const most = Math.max(...taken.slice(1).map((count, step) => count - (taken[step] ?? 0)));
  assert.equal(most, Math.floor(PAGE_BYTES / (LONG * 6)));
  assert.equal(run.count, records.length);
});
