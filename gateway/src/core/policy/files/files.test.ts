import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { PolicyVersion } from '../../../../contract/ids.ts';
import { formatProblem } from '../language/problem.ts';
import { checkPolicy, loadPolicy } from './load.ts';
import { watchPolicy } from './watch.ts';

async function newDir(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-policy-'));
  context.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const rule = (id: string) =>
  `version: 1\nrules:\n  - { id: ${id}, owner: o, who: everyone, on: everything, doing: anything, then: allow, because: b }\n`;
const BROKEN = 'version: 1\nrules: [{ id: half';

test('a folder is read whole, sub-folders too, and other files are left alone', async (context) => {
  const dir = await newDir(context);
  await mkdir(join(dir, 'teams'));
  await writeFile(join(dir, 'a.yaml'), rule('a'));
  await writeFile(join(dir, 'teams', 'b.yml'), rule('a'));
  await writeFile(join(dir, 'README.md'), '# not a policy');
  const result = await checkPolicy(dir);
  assert.ok(result.kind === 'invalid');
  assert.deepEqual(result.problems.map(formatProblem), [
    `${join(dir, 'teams', 'b.yml')}:3:11: the id "a" is taken by a rule in ${join(dir, 'a.yaml')}; choose another`,
  ]);
});

test('a policy that is not there, or is empty, is told in words', async (context) => {
  const dir = await newDir(context);
  await assert.rejects(loadPolicy(join(dir, 'none.yaml')), {
    code: 'policy.invalid',
    message: /none\.yaml:1:1: it can't be read \(ENOENT/,
  });
  await assert.rejects(loadPolicy(dir), { code: 'policy.invalid', message: /holds no \.yaml or \.yml file/ });
});

test('a bad policy at the start is an error with positions', async (context) => {
  const file = join(await newDir(context), 'policy.yaml');
  await writeFile(file, BROKEN);
  await assert.rejects(watchPolicy(file), { code: 'policy.invalid', message: /policy\.yaml:\d+:\d+: / });
});

for (const watched of ['folder', 'file'] as const) {
  test(`a change of a ${watched} is activated by itself`, async (context) => {
    const dir = await newDir(context);
    const file = join(dir, 'policy.yaml');
    await writeFile(file, rule('one'));
    const policy = await watchPolicy(watched === 'folder' ? dir : file, { pollMs: 200 });
    context.after(() => policy.close());
    const before = policy.current().version;
    const changed = new Promise<PolicyVersion>((resolve) => {
      policy.onChange((next) => resolve(next.version));
    });
    await writeFile(join(dir, 'new.tmp'), rule('two'));
    await rename(join(dir, 'new.tmp'), file);
    assert.notEqual(await changed, before);
    assert.equal(policy.current().version, await changed);
  });
}

test('a candidate that does not compile is told once and never activated', async (context) => {
  const file = join(await newDir(context), 'policy.yaml');
  const told: string[] = [];
  await writeFile(file, rule('one'));
  const policy = await watchPolicy(file, {
    pollMs: 3_600_000,
    onRejected: (problems) => told.push(...problems.map(formatProblem)),
    onActivated: ({ version }) => told.push(version),
  });
  context.after(() => policy.close());
  const good = policy.current();
  await writeFile(file, BROKEN);
  await policy.reload();
  await policy.reload();
  assert.equal(policy.current(), good);
  assert.equal(new Set(told).size, told.length);
  assert.ok(told.length > 0 && told.every((line) => line.startsWith(file)));
  await rm(file);
  await policy.reload();
  assert.equal(policy.current(), good);
  await writeFile(file, rule('two'));
  await policy.reload();
  assert.notEqual(policy.current().version, good.version);
  assert.equal(told.at(-1), policy.current().version);
});
