import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gitOrigin } from './policy-origin.ts';

test('a policy that stands in a repository as it was committed is known by its commit', async (context) => {
  const root = mkdtempSync(join(tmpdir(), 'sluice-origin-'));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, 'policy');
  mkdirSync(join(folder, 'teams'), { recursive: true });
  const names = ['rules.yaml', 'teams/sales.yaml'];
  for (const name of names) writeFileSync(join(folder, name), `# ${name}\n`);
  const files = () => names.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
  assert.deepEqual(await gitOrigin(folder, files()), { by: null, reason: '' });
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'ignore' });
  git('init');
  git('add', '.');
  git('-c', 'user.name=Ana', '-c', 'user.email=ana@x', 'commit', '-m', 'Hide cards\n\nMore.');
  const committed = { by: 'Ana <ana@x>', reason: 'Hide cards' };
  assert.deepEqual(await gitOrigin(folder, files()), committed);
  const one = join(folder, 'rules.yaml');
  assert.deepEqual(await gitOrigin(one, [{ file: 'rules.yaml', text: '# rules.yaml\n' }]), committed);
  writeFileSync(one, '# changed\n');
  assert.deepEqual(await gitOrigin(folder, files()), { by: null, reason: '' });
});
