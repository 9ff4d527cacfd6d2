import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { releaseGuarded, spawnGuarded } from './guarded.ts';

test('letting go of the leash ends the program by its signal, and waits for its last words', async () => {
  const child = spawnGuarded([
    'sh',
    '-c',
    'trap "echo ended; exit 7" TERM; echo started; while :; do sleep 0.05; done',
  ]);
  assert.ok(child.stdout);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  assert.equal((await lines.next()).value, 'started');
  releaseGuarded(child);
  assert.equal((await lines.next()).value, 'ended');
});

test('output ends with the program, and not with the patience that its guard has', {
  timeout: 10_000,
}, async () => {
  const child = spawnGuarded(['sh', '-c', 'trap "exit 0" TERM; echo started; while :; do sleep 0.05; done']);
  child.stdout?.once('data', () => releaseGuarded(child));
  await once(child, 'close');
});

test('a program that ends by itself hands on its exit code', async () => {
  const [code] = await once(spawnGuarded(['sh', '-c', 'exit 5']), 'close');
  assert.equal(code, 5);
});

test('the program does not outlive a parent that is killed outright', async () => {
  const module = join(import.meta.dirname, 'guarded.ts');
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { spawnGuarded } from ${JSON.stringify(module)};
       const child = spawnGuarded(['sh', '-c', 'echo $$; exec sleep 600']);
       child.stdout.pipe(process.stdout);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
  const pid = Number((await lines.next()).value);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await gone(pid);
});

/** Waits until no process has this id. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((turn) => setTimeout(turn, 20));
  }
}
