import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const RULES = 3000;

/** `policy check` of a policy with a problem in each rule: half a megabyte and more is said of it. */
async function wordy(context: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-written-'));
  context.after(() => rm(dir, { recursive: true, force: true }));
  const rule = (n: number) =>
    `  - { id: r${n}, owner: o, who: everyone, on: { nothing: ${'x'.repeat(100)} }, doing: anything, then: allow, because: b }\n`;
  await writeFile(
    join(dir, 'p.yaml'),
    `version: 1\nrules:\n${Array.from({ length: RULES }, (_, n) => rule(n)).join('')}`,
  );
  const program = fileURLToPath(new URL('./sluice.ts', import.meta.url));
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, 'policy', 'check', dir]);
}

test('whoever reads slowly reads all that a command says before it ends', async (context) => {
  const child = await wordy(context);
  const [out, said] = [text(child.stdout), once(child.stderr, 'readable')];
  await said;
  const all = `${await text(child.stderr)}${await out}`;
  assert.equal(all.match(/nothing/g)?.length ?? 0, RULES);
});

test('whoever has read enough ends a command without a word', async (context) => {
  const child = await wordy(context);
  child.stdout.destroy();
  child.stderr.destroy();
  const [code] = await once(child, 'exit');
  assert.equal(code, 141);
});
