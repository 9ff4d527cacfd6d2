import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ActionRecord } from '../../../contract/record.ts';
import { seeded } from './seeded.fixture.ts';
import { openStore, type Store } from './store.ts';

const FIXTURE = fileURLToPath(new URL('./crash.fixture.ts', import.meta.url));
const ROUNDS = Number(process.env.SLUICE_CRASH_ROUNDS ?? 20);
const SEED = Number(process.env.SLUICE_CRASH_SEED ?? 20260101);

type Acknowledged = { opened: Set<string>; put: Set<string>; closed: Set<string>; refused: Set<string> };
const nothing = (): Acknowledged => ({
  opened: new Set(),
  put: new Set(),
  closed: new Set(),
  refused: new Set(),
});

test(`what was acknowledged is there after SIGKILL (${ROUNDS} rounds, seed ${SEED})`, async (context) => {
  const dir = await newDir(context);
  const random = seeded(SEED);
  const acknowledged = nothing();
  for (let round = 0; round < ROUNDS; round++) {
    const child = spawn(process.execPath, [FIXTURE, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    await readUntil(child, acknowledged, 1 + Math.floor(random() * 400));
  }
  await assertAllThere(dir, acknowledged);
});

test('a disk with no room left refuses, and keeps what it acknowledged', async (context) => {
  const dir = await newDir(context);
  const acknowledged = nothing();
  // A limit on the size of files stands in for the disk: writes fail in the same way. It leaves room for every lane, also
  // where a slow machine commits each by itself.
  const child = spawn('sh', ['-c', 'ulimit -f 2400; exec "$0" "$@"', process.execPath, FIXTURE, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await readUntil(child, acknowledged, Number.POSITIVE_INFINITY);
  assert.deepEqual([...acknowledged.refused], ['record.unavailable']);
  assert.ok(acknowledged.closed.size > 10);
  await assertAllThere(dir, acknowledged);
});

async function newDir(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-crash-'));
  context.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Collects acknowledgements; kills the child in the middle of its work after so many of them. */
async function readUntil(child: ChildProcess, acknowledged: Acknowledged, lines: number): Promise<void> {
  assert.ok(child.stdout);
  const exited = once(child, 'exit');
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [what = '', id = ''] = line.split(' ');
    assert.ok(what === 'opened' || what === 'put' || what === 'closed' || what === 'refused', line);
    acknowledged[what].add(id);
    if (++seen === lines) child.kill('SIGKILL');
  }
  await exited;
}

async function assertAllThere(dir: string, acknowledged: Acknowledged): Promise<void> {
  const store = await openStore({ dir });
  const kept = new Map(
    (await everyRecord(store)).map((record) => [String(record.id), record.outcome?.status]),
  );
  for (const id of acknowledged.opened) assert.ok(kept.has(id), `lost the opening of ${id}`);
  for (const id of acknowledged.closed) assert.equal(kept.get(id), 'done', `lost the closing of ${id}`);
  for (const [id, status] of kept) assert.ok(status === 'done' || status === 'lost', `${id} is ${status}`);
  const documents = new Set((await store.documents.list('crash')).map(({ key }) => key));
  for (const id of acknowledged.put) assert.ok(documents.has(id), `lost the document ${id}`);
  await store.close();
}

async function everyRecord(store: Store): Promise<ActionRecord[]> {
  const all: ActionRecord[] = [];
  let before: string | null = null;
  do {
    const page = await store.records.list({ principal: null, target: null, before, limit: 500 });
    all.push(...page.records);
    before = page.next;
  } while (before !== null);
  return all;
}
