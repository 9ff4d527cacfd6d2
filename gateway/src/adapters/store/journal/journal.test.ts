import assert from 'node:assert/strict';
import { pbkdf2 } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { SluiceError } from '../../../../contract/error.ts';
import { aRecord } from '../a-record.fixture.ts';
import { entriesOf } from '../entries.ts';
import { openStore, type Store, type StoreOptions } from '../store.ts';
import { journalFile, makeJournalFiles, type Position } from './files.ts';
import { decodeFrame, frameBytes } from './frame.ts';
import { IMPORT_EVERY_MS, Journal, type JournalOptions } from './journal.ts';
import { SyncedFile } from './synced-file.ts';

const pbkdf2Async = promisify(pbkdf2);
const SEGMENT_BYTES = 16 * 1024;
const done = { status: 'done', sqlState: null, rows: 1, bytes: 9, durationMs: 1 } as const;
const root = await mkdtemp(join(tmpdir(), 'sluice-journal-'));
after(() => rm(root, { recursive: true, force: true }));

let folders = 0;
const open_ = async (dir: string, options: Partial<StoreOptions> = {}) =>
  openStore({ dir, segmentBytes: SEGMENT_BYTES, ...options });

function newDir(): string {
  folders += 1;
  return join(root, String(folders));
}

/** What a gateway that died now would have left: the folder as it is, without a goodbye. */
async function crashed(dir: string): Promise<string> {
  const left = newDir();
  await mkdir(left, { recursive: true });
  await mkdir(join(left, 'audit'));
  for (const file of ['audit/key', 'sluice.db', 'sluice.db-wal', 'journal-0', 'journal-1']) {
    await copyFile(join(dir, file), join(left, file)).catch(() => undefined);
  }
  return left;
}

async function idsOf(store: Store): Promise<string[]> {
  const query = { principal: null, target: null, before: null, limit: 10_000 };
  return (await store.records.list(query)).records.map(({ id }) => String(id)).toReversed();
}

async function keep(store: Store, from: number, to: number): Promise<string[]> {
  const records = Array.from({ length: to - from }, (_, n) => aRecord(from + n, { outcome: done }));
  for (const record of records) await store.recorder.keep(record);
  return records.map(({ id }) => String(id));
}

for (const maxPauseMs of [0, Number.POSITIVE_INFINITY]) {
  const where = maxPauseMs === 0 ? 'in another thread' : 'in this thread';

  test(`written ${where}: over many turns of the two files nothing is lost, and the files stay small`, async () => {
    const dir = newDir();
    const store = await open_(dir, { maxPauseMs });
    const kept: string[] = [];
    for (let from = 0; from < 400; from += 20) {
      kept.push(...(await keep(store, from, from + 20)));
      // Reading puts what was written into the database, so that the files may turn.
      assert.deepEqual(await idsOf(store), kept);
    }
    const left = await open_(await crashed(dir));
    assert.deepEqual(await idsOf(left), kept);
    await left.close();
    await store.close();
    for (const file of ['journal-0', 'journal-1']) {
      const { size, mode } = await stat(join(dir, file));
      assert.ok(size < 4 * SEGMENT_BYTES, `${file} has ${size} bytes`);
      assert.equal(mode & 0o077, 0, `${file} is for nobody else to read`);
    }
  });

  test(`written ${where}: what waits at one moment shares a write`, async () => {
    const dir = newDir();
    const store = await open_(dir, { maxPauseMs });
    const records = Array.from({ length: 50 }, (_, n) => aRecord(n, { outcome: done }));
    await Promise.all(records.map((record) => store.recorder.keep(record)));
    const journal = await readFile(join(dir, 'journal-1'));
    const lengths: number[] = [];
    for (let at = 0; ; at += lengths.at(-1) ?? 0) {
      const bytes = frameBytes(journal.subarray(at), 1);
      if (bytes === null) break;
      lengths.push(bytes);
    }
    assert.equal(lengths.length, 1);
    await store.close();
  });
}

test('a write that was cut off anywhere is the end, and all that was acknowledged before it is there', async () => {
  const dir = newDir();
  const store = await open_(dir);
  const before = await keep(store, 0, 3);
  const base = await crashed(dir);
  await keep(store, 3, 4);
  const journal = await readFile(join(dir, 'journal-1'));
  await store.close();
  const start = (await readFile(join(base, 'journal-1'))).findLastIndex((byte) => byte !== 0) + 1;
  const end = journal.findLastIndex((byte) => byte !== 0) + 1;
  for (const cut of [start + 1, start + 11, start + 12, start + 300, end - 1]) {
    const left = await crashed(base);
    const file = await open(join(left, 'journal-1'), 'r+');
    await file.write(journal, start, cut - start, start);
    await file.close();
    const next = await open_(left);
    assert.deepEqual(await idsOf(next), before, `cut at ${cut - start} of ${end - start}`);
    const more = await keep(next, 10, 12);
    const later = await open_(await crashed(left));
    assert.deepEqual(await idsOf(later), [...before, ...more]);
    await later.close();
    await next.close();
  }
});

test('a journal that was changed while no gateway ran is told, and nothing of it is left out in silence', async () => {
  const dir = newDir();
  const store = await open_(dir);
  await keep(store, 0, 3);
  const base = await crashed(dir);
  await store.close();
  const lengthAt = 0;
  for (const at of [lengthAt, 5, 9, 40]) {
    const left = await crashed(base);
    const file = await open(join(left, 'journal-1'), 'r+');
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
    await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, at);
    await file.close();
    await assert.rejects(open_(left), { code: 'store.corrupt', message: /stand behind some/ }, `byte ${at}`);
  }
});

test('a reader sees what was acknowledged just before, and what a dead gateway had running is lost', async () => {
  const dir = newDir();
  const store = await open_(dir);
  const { outcome: _, ...running } = aRecord(1);
  await store.recorder.open(running).durable();
  assert.deepEqual(await idsOf(store), [String(running.id)]);
  const left = await open_(await crashed(dir));
  const [record] = (await left.records.list({ principal: null, target: null, before: null, limit: 1 }))
    .records;
  assert.equal(record?.outcome?.status, 'lost');
  await left.close();
  await store.close();
});

test('a journal that was changed under the gateway is told, and nothing more is kept', async () => {
  const dir = newDir();
  const failures: string[] = [];
  const store = await open_(dir, { onFailure: ({ code }) => failures.push(code) });
  const first = store.recorder.keep(aRecord(0, { outcome: done }));
  await first;
  const file = await open(join(dir, 'journal-1'), 'r+');
  await file.write(Buffer.from('!'), 0, 1, 40);
  await file.close();
  const failed = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (failures.length === 0) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
  await failed;
  assert.deepEqual(failures, ['store.corrupt']);
  await assert.rejects(store.recorder.keep(aRecord(1, { outcome: done })), { code: 'store.corrupt' });
  await store.close();
});

/** A journal by itself, of which nothing is taken over. */
async function aJournal(dir: string, options: Partial<JournalOptions> = {}): Promise<Journal> {
  await mkdir(dir, { recursive: true });
  makeJournalFiles(dir, SEGMENT_BYTES);
  const importUpTo = async ({ segment }: Position) => segment;
  const { fail } = assert;
  return new Journal({ dir, segment: 1, segmentBytes: SEGMENT_BYTES, importUpTo, fail, ...options });
}

/** What stands in it: for each frame its entries. */
async function framesOf(dir: string): Promise<string[][]> {
  const bytes = await readFile(journalFile(dir, 1));
  const frames: string[][] = [];
  for (let at = 0; ; ) {
    const length = frameBytes(bytes.subarray(at), 1);
    const text = length === null ? null : decodeFrame(bytes.subarray(at, at + length));
    if (length === null || text === null) return frames;
    frames.push(entriesOf(text).map(({ type, record }) => `${type} ${record}`));
    at += length;
  }
}

test('an action that ends before anybody waits for its beginning is one entry, whatever is written meanwhile', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const dir = newDir();
  const journal = await aJournal(dir);
  journal.open({ type: 'opened', record: 'a', body: '{}' });
  const awaited = journal.open({ type: 'opened', record: 'b', body: '{}' });
  await journal.append({ type: 'event', record: 'c', body: '{}' });
  await awaited.durable();
  assert.deepEqual(await framesOf(dir), [['event c'], ['opened b']]);
  await Promise.all(['a', 'b'].map((record) => journal.append({ type: 'closed', record, body: '{}' })));
  await awaited.durable();
  assert.deepEqual((await framesOf(dir)).slice(2), [['kept a', 'closed b']]);
  await journal.close();
});

test('an opening that nobody waits for is written all the same: soon, or when the journal closes', async () => {
  const dir = newDir();
  const journal = await aJournal(dir);
  const opening = journal.open({ type: 'opened', record: 'a', body: '{}' });
  assert.ok(journal.lag.unwrittenCharacters > 0);
  while (journal.lag.unwrittenCharacters > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  journal.open({ type: 'opened', record: 'b', body: '{}' });
  await journal.close();
  assert.deepEqual(await framesOf(dir), [['opened a'], ['opened b']]);
  await opening.durable();
});

test('after a failure nothing is durable that was not before', async () => {
  const journal = await aJournal(newDir());
  const before = journal.open({ type: 'opened', record: 'a', body: '{}' });
  await before.durable();
  const opening = journal.open({ type: 'opened', record: 'b', body: '{}' });
  journal.fail(new SluiceError('record.unavailable', 'The disk is gone.', ''));
  await before.durable();
  await assert.rejects(opening.durable(), { code: 'record.unavailable' });
  await assert.rejects(journal.open({ type: 'opened', record: 'c', body: '{}' }).durable(), {
    code: 'record.unavailable',
  });
  await journal.close();
});

test('a write that waits for a thread when all fails is over before its file is closed', async (context) => {
  const dir = newDir();
  // Every write but the first happens in another thread.
  const journal = await aJournal(dir, { maxPauseMs: -1 });
  await journal.append({ type: 'event', record: 'a', body: '{}' });
  const begun = Promise.withResolvers<void>();
  const { write } = SyncedFile.prototype;
  context.mock.method(SyncedFile.prototype, 'write', function (this: SyncedFile, bytes: Buffer, at: number) {
    begun.resolve();
    return write.call(this, bytes, at);
  });
  // More than there are threads.
  const others = Array.from({ length: 8 }, () => pbkdf2Async('', '', 200_000, 32, 'sha512'));
  const refused = assert.rejects(journal.append({ type: 'event', record: 'b', body: '{}' }));
  await begun.promise;
  journal.fail(new SluiceError('record.unavailable', 'The disk is gone.', ''));
  await refused;
  await journal.close();
  assert.deepEqual(await framesOf(dir), [['event a'], ['event b']]);
  await Promise.all(others);
});

test('a segment whose first write is still under way is not asked for', async () => {
  const dir = newDir();
  await mkdir(dir, { recursive: true });
  makeJournalFiles(dir, SEGMENT_BYTES);
  const asked: Position[] = [];
  const begun = Promise.withResolvers<void>();
  const first = Promise.withResolvers<number>();
  const journal = new Journal({
    dir,
    segment: 1,
    segmentBytes: SEGMENT_BYTES,
    // Every write but the first happens in another thread.
    maxPauseMs: -1,
    importUpTo: (position) => {
      asked.push(position);
      begun.resolve();
      return asked.length === 1 ? first.promise : Promise.resolve(position.segment);
    },
    fail: assert.fail,
  });
  const append = (record: string, characters: number) => {
    const body = JSON.stringify('x'.repeat(characters));
    return journal.append({ type: 'event', record, body });
  };
  // The journal's own timer keeps no process alive.
  const alive = setInterval(() => undefined, 1000);
  await append('a', 1);
  await begun.promise;
  clearInterval(alive);
  await append('b', SEGMENT_BYTES);
  // The segment is full, so that the next one begins; the first import ends while its first write is under way.
  const third = append('c', 1);
  setImmediate(() => first.resolve(1));
  await third;
  await journal.close();
  assert.equal(asked.length, 2);
  for (const { segment, offset } of asked) assert.ok(offset > 0, `asked for the beginning of ${segment}`);
});

test('what was written while an import was under way is imported too, when its time came meanwhile', async () => {
  const dir = newDir();
  await mkdir(dir, { recursive: true });
  makeJournalFiles(dir, SEGMENT_BYTES);
  const asked: Position[] = [];
  const [begun, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const first = Promise.withResolvers<number>();
  const journal = new Journal({
    dir,
    segment: 1,
    segmentBytes: SEGMENT_BYTES,
    importUpTo: (position) => {
      asked.push(position);
      (asked.length === 1 ? begun : second).resolve();
      return asked.length === 1 ? first.promise : Promise.resolve(position.segment);
    },
    fail: assert.fail,
  });
  const append = (record: string) => journal.append({ type: 'event', record, body: '{}' });
  // The journal's own timer keeps no process alive.
  const alive = setInterval(() => undefined, 1000);
  await append('a');
  await begun.promise;
  await append('b');
  // Timers of one length fire in the order they were set: the journal's has come to nothing by then.
  await new Promise((resolve) => setTimeout(resolve, IMPORT_EVERY_MS));
  first.resolve(1);
  await second.promise;
  clearInterval(alive);
  await journal.close();
  assert.equal(asked.length, 2);
});
