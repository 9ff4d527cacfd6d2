import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './root.ts';

const { dependenciesInstalled } = await import(join(root, 'scripts/setup/dependencies.mjs'));

function clone(lock: object, installed: object | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-clone-'));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  if (installed) {
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/.bin/node'), '');
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify(installed));
  }
  return folder;
}

const lock = {
  packages: {
    '': {},
    'node_modules/zod': { version: '4.0.0' },
    'node_modules/mac-only': { version: '1.0.0', optional: true },
  },
};
const cases = [
  { name: 'a fresh clone', installed: null, expected: false },
  {
    name: 'an older version',
    installed: { packages: { 'node_modules/zod': { version: '3.9.0' } } },
    expected: false,
  },
  { name: 'a missing package', installed: { packages: {} }, expected: false },
  {
    name: 'all but other platforms',
    installed: { packages: { 'node_modules/zod': { version: '4.0.0' } } },
    expected: true,
  },
];

for (const { name, installed, expected } of cases) {
  test(`${name} ${expected ? 'needs nothing' : 'needs npm ci'}`, () => {
    const folder = clone(lock, installed);
    try {
      assert.equal(dependenciesInstalled(folder), expected);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
