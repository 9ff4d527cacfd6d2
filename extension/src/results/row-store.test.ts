import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { batchOf } from './row-batch.fixture.ts';
import { RowStore } from './row-store.ts';
import { openSpillFolder } from './spill-folder.ts';

let base = '';
let folder = '';
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'sluice-rows-'));
  folder = await openSpillFolder(base);
});
after(() => rm(base, { recursive: true, force: true }));

const cell = fc.option(fc.string({ unit: 'grapheme', maxLength: 40 }), { nil: null });
const rowsOf = (columns: number) =>
  fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 60 });

test('rows come back as they were sent, whatever the batches and ranges', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 5 }).chain((columns) => fc.array(rowsOf(columns), { maxLength: 5 })),
      fc.nat(200),
      fc.nat(200),
      async (batches, from, length) => {
        const store = await RowStore.create(folder);
        for (const rows of batches) await store.append(batchOf(rows), rows.length);
        const all = batches.flat();
        assert.deepEqual(await store.range(from, from + length), all.slice(from, from + length));
        const scanned: unknown[] = [];
        for await (const row of store.scan()) scanned.push(row);
        assert.deepEqual(scanned, all);
        if (all.length > 0) assert.deepEqual(await store.row(all.length - 1), all.at(-1));
        await store.close();
      },
    ),
    { numRuns: 60 },
  );
});

test('a batch that is not as long as it says is refused and changes nothing', async () => {
  const store = await RowStore.create(folder);
  const batch = batchOf([['a'], ['b']]);
  await assert.rejects(store.append(batch, 3), /malformed/);
  await assert.rejects(store.append(batch.subarray(0, batch.length - 1), 2), /malformed/);
  assert.equal(store.rowCount, 0);
  await store.close();
});

test('nothing stays behind, and what a killed process left is removed', async () => {
  const store = await RowStore.create(folder);
  await store.append(batchOf([['secret']]), 1);
  assert.deepEqual(await readdir(folder), []);
  await store.close();
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  await openSpillFolder(base, 2 ** 30);
  await openSpillFolder(base);
  assert.deepEqual(await readdir(base), [String(process.pid)]);
});

test('a million rows grow the process by far less than 100 MB', async () => {
  const store = await RowStore.create(folder);
  const rows = Array.from({ length: 1000 }, (_, i) => [`${i}`, `name ${i}`, `user${i}@shop.example`, null]);
  const batch = batchOf(rows);
  const before = process.memoryUsage().rss;
  for (let sent = 0; sent < 1000; sent++) await store.append(batch, rows.length);
  const grownMiB = (process.memoryUsage().rss - before) / 2 ** 20;
  assert.equal(store.rowCount, 1_000_000);
  assert.ok(grownMiB < 60, `grew by ${grownMiB.toFixed(0)} MiB`);
  assert.deepEqual(await store.row(999_999), rows[999]);
  await store.close();
});
