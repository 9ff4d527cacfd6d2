import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ErrorCode } from '../contract/error.ts';

test('docs/ERRORS.md has one heading for each error code, and no other', () => {
  const text = readFileSync(new URL('../../docs/ERRORS.md', import.meta.url), 'utf8');
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, code]) => code);
  assert.deepEqual(headings.toSorted(), ErrorCode.options.toSorted());
});
