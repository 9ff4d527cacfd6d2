import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { configDocument } from './config-docs.ts';

test('docs/CONFIG.md is what the schema says, and no setting lacks a meaning', () => {
  const kept = readFileSync(new URL('../../docs/CONFIG.md', import.meta.url), 'utf8');
  assert.equal(kept, configDocument(), 'run: node gateway/src/config-docs.ts');
  assert.doesNotMatch(kept, /\| +\|$/m);
});
