import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ReplayReport } from '../../contract/policy-replay.ts';
import type { ActionRecord } from '../../contract/record.ts';
import { aRecord } from '../adapters/store/a-record.fixture.ts';
import { openStore } from '../adapters/store/store.ts';
import { person, policyOf, question } from '../core/policy/a-question.fixture.ts';
import { run } from './run.ts';

const OLD = `version: 1
rules:
  - { id: read, owner: dba, who: everyone, on: everything, doing: anything, then: allow, because: They may. }
`;
const NEW = `${OLD}  - { id: no-deletes, owner: dba, who: everyone, on: everything, doing: [delete], then: block, because: Gone is gone. }\n`;
const done = { status: 'done', sqlState: null, rows: 3, bytes: 90, durationMs: 1.5 } as const;

function deleting(n: number): ActionRecord {
  const ana = person(['dev']);
  const put = question(ana, { kind: 'delete', writes: { orders: 'delete' } });
  const { decision } = policyOf(OLD).decide(put);
  const { labels } = put.target;
  const { facts, network, columns, through } = put;
  return aRecord(n, {
    facts,
    decision,
    statement: `delete from orders where id = ${n}`,
    question: { principal: ana, labels, network, columns, through },
  });
}

async function sluice(...args: string[]): Promise<{ exit: number; out: string; said: string }> {
  const told = { out: [] as string[], said: [] as string[] };
  const exit = await run(args, {
    environment: {},
    out: (text) => void told.out.push(text),
    say: (text) => void told.said.push(text),
    stopped: new Promise(() => undefined),
  });
  return { exit, out: told.out.join('\n'), said: told.said.join('\n') };
}

async function newDir(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-policy-replay-'));
  context.after(() => rm(dir, { recursive: true, force: true }));
  await writeFile(join(dir, 'new.yaml'), NEW);
  return dir;
}

test("a gateway's data folder is asked again, whatever was kept in one write or in two", async (context) => {
  const dir = await newDir(context);
  const store = await openStore({ dir });
  const { outcome: _, ...running } = deleting(1);
  await store.recorder.open(running).durable();
  await store.recorder.close(running.id, done);
  await store.recorder.keep({ ...deleting(2), outcome: done });
  await store.recorder.keep(aRecord(3));
  await store.records.list({ principal: null, target: null, before: null, limit: 1 });
  await store.close();
  const { exit, out, said } = await sluice(
    'policy',
    'replay',
    join(dir, 'new.yaml'),
    '--data-dir',
    dir,
    '--json',
  );
  const report = ReplayReport.parse(JSON.parse(out));
  assert.deepEqual([exit, report.read, report.changes], [0, 3, { nowBlocked: 2 }]);
  assert.equal(report.cannotReplay.notUnderstood, 1);
  assert.equal(said, '2 actions were asked again; 2 would be decided otherwise.');
});

test('a file of records is told in words', async (context) => {
  const dir = await newDir(context);
  const file = join(dir, 'records.jsonl');
  await writeFile(file, [deleting(1), deleting(2)].map((one) => JSON.stringify(one)).join('\n'));
  const { exit, out } = await sluice('policy', 'replay', join(dir, 'new.yaml'), '--from', file);
  assert.equal(exit, 0);
  assert.deepEqual(out.split('\n').slice(1), [
    '2 would be decided otherwise:',
    '          0  of them let do or see more',
    '          2  newly blocked',
    '          2  because of no-deletes of dba',
    '',
    '2 newly blocked (allow → block) on shop, one person  by no-deletes',
    '  delete public.orders',
    '    Ana Ruiz, 2026-01-01T00:00:00.000Z: delete from orders where id = 1',
    '    Blocked by rule no-deletes of dba: Gone is gone.',
  ]);
});

test('records come from one place, and must be there', async (context) => {
  const dir = await newDir(context);
  const candidate = join(dir, 'new.yaml');
  const both = await sluice('policy', 'replay', candidate, '--data-dir', dir, '--from', 'x');
  assert.match(both.said, /either --from RECORDS.jsonl or --data-dir DIR/);
  const { exit, said } = await sluice('policy', 'replay', candidate, '--data-dir', dir);
  assert.equal(exit, 1);
  assert.match(said, /is no data folder with records/);
});

test('what holds no records is told so, rather than that nothing would be otherwise', async (context) => {
  const dir = await newDir(context);
  const candidate = join(dir, 'new.yaml');
  const rubbish = join(dir, 'rubbish');
  await writeFile(rubbish, 'no record\n{"number":1,"size":2}\n');
  for (const [from, why] of [
    [rubbish, /No line of .*rubbish is a record/],
    [join(dir, 'none'), /none can't be read \(ENOENT\)/],
    [dir, /can't be read \(EISDIR\)/],
  ] as const) {
    const { exit, out, said } = await sluice('policy', 'replay', candidate, '--from', from);
    assert.equal(exit, 2);
    assert.equal(out, '');
    assert.match(said, why);
    assert.match(said, /--from takes a file/);
  }
});
