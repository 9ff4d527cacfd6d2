import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { policyFiles } from '../core/policy/files/load.ts';
import { plannedRestore, restore } from './restore-files.ts';

test('a folder gets the files of a version and loses others, but for tests', async (context) => {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-restore-'));
  context.after(() => rm(dir, { recursive: true, force: true }));
  await writeFile(join(dir, 'same.yaml'), 'same');
  await writeFile(join(dir, 'later.yaml'), 'later');
  await writeFile(join(dir, 'a.test.yaml'), 'tests');
  const files = [
    { file: 'same.yaml', text: 'same' },
    { file: 'teams/sales.yaml', text: 'sales' },
  ];
  const plan = await plannedRestore(dir, files, await policyFiles(dir));
  assert.deepEqual(
    plan.map(({ act, file }) => [act, file]),
    [
      ['remove', join(dir, 'later.yaml')],
      ['write', join(dir, 'teams/sales.yaml')],
    ],
  );
  await restore(plan);
  assert.deepEqual(await plannedRestore(dir, files, await policyFiles(dir)), []);
  assert.equal(await readFile(join(dir, 'teams/sales.yaml'), 'utf8'), 'sales');
  assert.equal(await readFile(join(dir, 'a.test.yaml'), 'utf8'), 'tests');
  for (const file of ['../out.yaml', '/etc/out.yaml', 'a/../../out.yaml']) {
    await assert.rejects(plannedRestore(dir, [{ file, text: '' }], []), /is not below/);
  }
});

test('a policy of one file is replaced by a version of one file, whatever its name was', async (context) => {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-restore-'));
  context.after(() => rm(dir, { recursive: true, force: true }));
  const path = join(dir, 'policy.yaml');
  await writeFile(path, 'new');
  await restore(await plannedRestore(path, [{ file: 'old-name.yaml', text: 'old' }], [path]));
  assert.equal(await readFile(path, 'utf8'), 'old');
  const two = [1, 2].map((n) => ({ file: `${n}.yaml`, text: '' }));
  await assert.rejects(plannedRestore(path, two, [path]), /has 2 files/);
});
