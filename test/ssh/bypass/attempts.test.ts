import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { attempts } from './attempts.ts';
import { Canary } from './canary.ts';

/** An attempt counts when it does its harm where nobody looks at it. */
test('each attempt makes the canary in a plain bash', async () => {
  const canary = new Canary(mkdtempSync(join(tmpdir(), 'sluice-canary-')));
  const harmless: string[] = [];
  for (const attempt of Object.values(attempts).flat())
    if (!(await canary.madeBy(attempt))) harmless.push(canary.linesOf(attempt).join(' ⏎ ').slice(0, 200));
  assert.deepEqual(harmless, []);
});
