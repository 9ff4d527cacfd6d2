import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { privateKeyText } from '../../../core/audit/note.ts';
import { aRecord } from '../a-record.fixture.ts';
import { openStore } from '../store.ts';
import { examine } from './examine.ts';
import { readFolder } from './kept-folder.ts';
import { ADA, DONE } from './log.fixture.ts';

const root = mkdtempSync(join(tmpdir(), 'sluice-keys-'));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newDir = () => join(root, String(folders++));

function verified(dir: string, key: string | null = null) {
  const log = readFolder(dir);
  const { problems, verdict } = examine(log, key);
  log.close();
  return { problems, keys: verdict?.keys ?? [] };
}

test('a log whose key was changed is followed from the first key on, and vouched for by any of them', async () => {
  const dir = newDir();
  const store = await openStore({ dir });
  await store.recorder.keep(aRecord(1, { outcome: DONE }));
  const second = await store.audit.rotateKey(ADA);
  await store.recorder.keep(aRecord(2, { outcome: DONE }));
  await store.close();
  const { problems, keys } = verified(dir);
  assert.deepEqual(problems, []);
  assert.equal(keys[1], second);
  for (const key of keys) assert.deepEqual(verified(dir, key).problems, []);
  const stranger = privateKeyText('sluice/other', Buffer.alloc(32, 1)).replace('PRIVATE+KEY+', '');
  assert.match(verified(dir, stranger).problems[0]?.what ?? '', /is not signed by/);
  assert.equal(statSync(join(dir, 'audit', 'key')).mode & 0o077, 0);
});

test('whenever a change of the key was cut off, the next start has the key that the log names', async () => {
  const dir = newDir();
  const first = await openStore({ dir });
  await first.close();
  const [key, next] = [join(dir, 'audit', 'key'), join(dir, 'audit', 'key.next')];
  // Before the log told of it: a new key lies there that nobody knows.
  writeFileSync(next, privateKeyText('sluice/x', Buffer.alloc(32, 7)));
  await (await openStore({ dir })).close();
  assert.ok(!existsSync(next));
  // After the log told of it: the new key has not taken its place.
  const old = join(root, 'old-key');
  copyFileSync(key, old);
  const store = await openStore({ dir });
  await store.audit.rotateKey(ADA);
  await store.close();
  renameSync(key, next);
  copyFileSync(old, key);
  const again = await openStore({ dir });
  await again.recorder.keep(aRecord(1, { outcome: DONE }));
  await again.close();
  assert.deepEqual(verified(dir).problems, []);
});

test('a gateway signs with no other key than the one that the log names, and on top of no changed log', async () => {
  const dir = newDir();
  await (await openStore({ dir })).close();
  const key = join(dir, 'audit', 'key');
  const kept = readFileSync(key);
  writeFileSync(key, privateKeyText('sluice/x', Buffer.alloc(32, 7)));
  await assert.rejects(openStore({ dir }), { code: 'store.corrupt', message: /does not hold the key/ });
  writeFileSync(key, kept);
  await (await openStore({ dir })).close();
});
