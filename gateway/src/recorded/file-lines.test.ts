import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileLines } from './file-lines.ts';

test('records come a line each, or out of an exported log without what is no action', async (context) => {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-lines-'));
  context.after(() => rm(dir, { recursive: true, force: true }));
  const file = join(dir, 'records.jsonl');
  const leaf = (seq: number, kind: string, body: string | null) =>
    JSON.stringify({ seq, kind, record: 'r', body, salt: null, commitment: '' });
  // Longer than a chunk is read at once.
  const long = JSON.stringify({ id: 'a', statement: 'é'.repeat(1_500_000) });
  const lines = [
    long,
    '',
    leaf(1, 'opened', '{"id":"b"}'),
    leaf(2, 'closed', '{}'),
    leaf(3, 'event', '{}'),
    leaf(4, 'kept', null),
    leaf(5, 'kept', '{"id":"c"}'),
  ];
  await writeFile(file, lines.join('\n'));
  const read: string[] = [];
  for await (const batch of fileLines(file)) read.push(...batch);
  assert.deepEqual(read, [long, '{"id":"b"}', '{"id":"c"}']);
});
