import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aRecord } from '../adapters/store/a-record.fixture.ts';
import { filledLog } from '../adapters/store/audit/log.fixture.ts';
import { run } from './run.ts';

const root = mkdtempSync(join(tmpdir(), 'sluice-audit-'));
after(() => rmSync(root, { recursive: true, force: true }));
const dir = join(root, 'data');
const exported = join(root, 'export');
const RECORD = String(aRecord(110).id);

async function sluice(...args: string[]) {
  let [out, said] = ['', ''];
  const exit = await run(['audit', ...args], {
    environment: {},
    out: (text) => (out += `${text}\n`),
    say: (text) => (said += `${text}\n`),
    stopped: new Promise(() => undefined),
  });
  return { exit, out, said };
}

before(() => filledLog(dir, 300));

test('a log is verified in its folder and in an export, and a changed export is found out', async () => {
  const own = await sluice('verify', dir);
  assert.equal(own.exit, 0, own.said);
  assert.match(own.said, /The log is sound/);
  assert.equal((await sluice('export', dir, '--out', exported)).exit, 0);
  assert.equal((await sluice('export', dir, '--out', exported)).exit, 2);
  const { out } = await sluice('verify', exported, '--json');
  const { keys, problems } = JSON.parse(out);
  assert.deepEqual(problems, []);
  assert.equal((await sluice('verify', exported, '--key', keys[0])).exit, 0);
  assert.equal((await sluice('verify', dir, '--witness', join(dir, 'audit', 'checkpoint'))).exit, 0);
  const file = join(exported, 'leaves.jsonl');
  const kept = readFileSync(file, 'utf8');
  writeFileSync(file, kept.replace('where id = 200', 'where id = 201'));
  const changed = await sluice('verify', exported);
  assert.equal(changed.exit, 1);
  assert.match(changed.said, new RegExp(`WRONG: record ${aRecord(200).id} `));
  writeFileSync(file, kept);
});

for (const from of [dir, exported]) {
  test(`a record is proved from ${from === dir ? 'the folder' : 'an export'} and checked by itself`, async () => {
    const { exit, out } = await sluice('prove', RECORD, from);
    assert.equal(exit, 0);
    const file = join(root, 'proof.json');
    writeFileSync(file, out);
    const checked = await sluice('check', file);
    assert.equal(checked.exit, 0, checked.said);
    assert.match(checked.said, new RegExp(`Record ${RECORD} stands in the log`));
    const key: string = JSON.parse(out).key;
    assert.equal((await sluice('check', file, '--key', key)).exit, 0);
    assert.equal((await sluice('check', file, '--key', key.replace('sluice/', 'sluice/x'))).exit, 1);
    for (const [part, other] of [
      ['"seq": ', '"seq": 1'],
      ['where id = 110', 'where id = 111'],
      [RECORD, String(aRecord(111).id)],
    ] as const) {
      writeFileSync(file, out.replaceAll(part, other));
      assert.equal((await sluice('check', file)).exit, 1, part);
    }
  });
}

test('what is no log, no record and no act is told so', async () => {
  assert.match((await sluice('verify', root)).said, /neither the data folder of a gateway nor an export/);
  assert.match((await sluice('prove', 'nobody', dir)).said, /There is no signed record nobody/);
  assert.match((await sluice('check', join(dir, 'audit', 'checkpoint'))).said, /proves nothing/);
  assert.equal((await sluice('burn')).exit, 2);
  assert.match(
    (await sluice('hold', 'case-1', '--reason', 'x')).said,
    /one of --principal, --target and --session/,
  );
  assert.match((await sluice('purge', '--before', 'soon', '--reason', 'x')).said, /is no moment/);
});

test("a witness's disk has folders of its own", async () => {
  const witness = join(root, 'witness');
  mkdirSync(join(witness, 'lost+found'), { recursive: true });
  copyFileSync(join(dir, 'audit', 'checkpoint'), join(witness, 'newest'));
  const { exit, said } = await sluice('verify', dir, '--witness', witness);
  assert.equal(exit, 0, said);
});

test('nobody is told to start a gateway over a database that is damaged', async () => {
  const damaged = join(root, 'damaged');
  mkdirSync(join(damaged, 'audit'), { recursive: true });
  writeFileSync(join(damaged, 'sluice.db'), '');
  copyFileSync(join(dir, 'audit', 'checkpoint'), join(damaged, 'audit', 'checkpoint'));
  const { said } = await sluice('verify', damaged);
  assert.doesNotMatch(said, /starts there once/);
});
