import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { SluiceError } from '../../../contract/error.ts';
import { RecordId, TargetName } from '../../../contract/ids.ts';
import { aRecord } from './a-record.fixture.ts';
import { openStore } from './store.ts';

const dirs: string[] = [];
async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-store-'));
  dirs.push(dir);
  return dir;
}
after(() => Promise.all(dirs.map((dir) => rm(dir, { recursive: true, force: true }))));

const everything = { principal: null, target: null, before: null, limit: 100 };
const done = { status: 'done', sqlState: null, rows: 3, bytes: 90, durationMs: 1.5 } as const;

test('a record is read back as it was kept, with its end', async () => {
  const store = await openStore({ dir: await newDir() });
  const refused = aRecord(1, { outcome: { ...done, status: 'refused' } });
  const { outcome, ...running } = aRecord(2);
  assert.equal(outcome, null);
  await store.recorder.keep(refused);
  await store.recorder.open(running).durable();
  assert.deepEqual((await store.records.list(everything)).records, [{ ...running, outcome: null }, refused]);
  await store.recorder.close(running.id, done);
  assert.deepEqual((await store.records.list(everything)).records, [{ ...running, outcome: done }, refused]);
  await store.close();
});

test('records are read as texts, too: without their ends, page by page', async () => {
  const store = await openStore({ dir: await newDir() });
  const kept = [aRecord(1, { outcome: done }), aRecord(2, { outcome: done }), aRecord(3, { outcome: done })];
  for (const { outcome: _, ...running } of kept.slice(0, 2)) await store.recorder.open(running).durable();
  await store.recorder.keep(aRecord(3, { outcome: done }));
  const first = await store.records.texts({ ...everything, limit: 2 });
  const second = await store.records.texts({ ...everything, limit: 2, before: first.next });
  const read = [...first.texts, ...second.texts].map((text) => ({ ...JSON.parse(text), outcome: done }));
  assert.deepEqual([read, second.next], [kept.toReversed(), null]);
  await store.close();
});

test('pages go from the newest to the oldest, by principal and target', async () => {
  const store = await openStore({ dir: await newDir() });
  const records = Array.from({ length: 25 }, (_, n) =>
    aRecord(n, { outcome: done, ...(n % 5 === 0 ? { target: TargetName.parse('other') } : {}) }),
  );
  await Promise.all(records.map((record) => store.recorder.keep(record)));
  const seen: RecordId[] = [];
  let before: string | null = null;
  do {
    const page = await store.records.list({
      principal: records[0]?.principal ?? '',
      target: 'shop',
      before,
      limit: 7,
    });
    seen.push(...page.records.map(({ id }) => id));
    before = page.next;
  } while (before !== null);
  const expected = records.filter(({ target }) => target === 'shop').map(({ id }) => id);
  assert.deepEqual(seen, expected.toReversed());
  assert.deepEqual(await store.records.list({ ...everything, principal: 'person:nobody' }), {
    records: [],
    next: null,
  });
  await store.close();
});

test('what ran when the gateway died is closed as lost at the next start', async () => {
  const dir = await newDir();
  const { outcome: _, ...running } = aRecord(1);
  const first = await openStore({ dir });
  await first.recorder.open(running).durable();
  await first.close();
  const second = await openStore({ dir });
  const [record] = (await second.records.list(everything)).records;
  assert.equal(record?.outcome?.status, 'lost');
  await second.close();
});

test('an event is kept in its order among records, and is no record', async () => {
  const dir = await newDir();
  const store = await openStore({ dir });
  await store.recorder.keep(aRecord(1, { outcome: done }));
  await store.recorder.note({
    id: RecordId.parse('01890000-0000-7000-8000-000000000002'),
    at: '2026-01-01T00:00:00.000Z',
    by: null,
    fact: { kind: 'gatewayStarted', version: '1' },
  });
  await store.recorder.keep(aRecord(3, { outcome: done }));
  assert.equal((await store.records.list(everything)).records.length, 2);
  await store.close();
  const database = new DatabaseSync(join(dir, 'sluice.db'), { readOnly: true });
  const kinds = database.prepare("select kind from log where body not like '%auditKey%' order by seq").all();
  assert.deepEqual(
    kinds.map(({ kind }) => kind),
    ['kept', 'event', 'kept'],
  );
  database.close();
});

test('a second gateway in the same folder is told so', async () => {
  const dir = await newDir();
  const store = await openStore({ dir });
  await assert.rejects(openStore({ dir }), (error) => {
    assert.ok(error instanceof SluiceError);
    assert.equal(error.code, 'record.unavailable');
    assert.match(error.message, /Another gateway already uses/);
    return true;
  });
  await store.close();
  await (await openStore({ dir })).close();
});

test('nobody else on the machine can read the records', async () => {
  const dir = await newDir();
  const store = await openStore({ dir });
  await store.recorder.keep(aRecord(1, { outcome: done }));
  for (const name of (await readdir(dir)).filter((file) => file.startsWith('sluice.db'))) {
    assert.equal((await stat(join(dir, name))).mode & 0o077, 0, name);
  }
  await store.close();
});

test('a damaged database is told, not overwritten', async () => {
  const dir = await newDir();
  await writeFile(join(dir, 'sluice.db'), 'this is no database at all'.repeat(100));
  await assert.rejects(openStore({ dir }), { code: 'store.corrupt' });
});

test('after something could not be kept everything is refused, and it is told once', async () => {
  const failures: SluiceError[] = [];
  const store = await openStore({ dir: await newDir(), onFailure: (why) => failures.push(why) });
  const record = aRecord(1, { outcome: done });
  await Promise.all([store.recorder.keep(record), store.recorder.keep(record)]);
  await assert.rejects(store.records.list(everything), { code: 'record.unavailable' });
  await assert.rejects(store.recorder.keep(aRecord(3, { outcome: done })), { code: 'record.unavailable' });
  await assert.rejects(store.documents.put('any', 'key', 1), { code: 'record.unavailable' });
  assert.equal(failures.length, 1);
  await store.close();
});

test('what waits is written before the store closes', async () => {
  const dir = await newDir();
  const store = await openStore({ dir });
  const kept = Array.from({ length: 50 }, (_, n) => store.recorder.keep(aRecord(n, { outcome: done })));
  await Promise.all([store.close(), ...kept]);
  const next = await openStore({ dir });
  assert.equal((await next.records.list(everything)).records.length, 50);
  await next.close();
});

test('documents live until they expire, and are taken once', async () => {
  const dir = await newDir();
  let now = new Date('2026-01-01T00:00:00Z');
  const store = await openStore({ dir, now: () => now });
  const { documents } = store;
  await documents.put('tokens', 'a', { scope: ['read'] }, new Date('2026-01-01T00:10:00Z'));
  await documents.put('tokens', 'ab', 1);
  await documents.put('tokens', 'b', null);
  await documents.put('other', 'a', 'x');
  assert.deepEqual(await documents.get('tokens', 'a'), { scope: ['read'] });
  assert.deepEqual(await documents.list('tokens', 'a'), [
    { key: 'a', value: { scope: ['read'] } },
    { key: 'ab', value: 1 },
  ]);
  now = new Date('2026-01-01T00:10:00Z');
  assert.equal(await documents.get('tokens', 'a'), undefined);
  assert.equal(await documents.take('tokens', 'a'), undefined);
  assert.deepEqual(await Promise.all([documents.take('tokens', 'ab'), documents.take('tokens', 'ab')]), [
    1,
    undefined,
  ]);
  await documents.put('tokens', 'b', 'changed');
  await documents.delete('other', 'a');
  await store.close();
  const reopened = await openStore({ dir, now: () => now });
  assert.equal(await reopened.documents.get('tokens', 'b'), 'changed');
  assert.equal(await reopened.documents.get('other', 'a'), undefined);
  await reopened.close();
});
