/** What goes into the VSIX, and how large it may be. Needs a build. */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { NODE_FLAGS } from '../../gateway/contract/node-flags.ts';
import { packagedFiles } from '../../scripts/package/package-extension.ts';
import { root } from '../../scripts/setup/root.ts';

const MAX_EXTENSION_HOST_BYTES = 1024 * 1024;

const files = await packagedFiles();
const bytesOf = (file: string) => statSync(join(root, file)).size;

test('the package holds what runs and nothing else', () => {
  const expected =
    /^(package(\.nls)?\.json|README\.md|CHANGELOG\.md|LICENSE|media\/.+\.(svg|png|md)|docs\/images\/.+\.png|dist\/(extension|gateway|webview)\/.+)$/;
  assert.deepEqual(
    files.filter((file) => !expected.test(file)),
    [],
  );
  assert.deepEqual(
    files.filter((file) => /\.(map|ts|tsx)$|test|secret|\.env|\.sluice/.test(file)),
    [],
  );
});

test('everything that package.json and the code load is in the package', () => {
  const needed = [
    'dist/extension/extension.cjs',
    'dist/extension/oauth.cjs',
    'dist/extension/policy-language.cjs',
    'dist/extension/policy.schema.json',
    'dist/extension/expectations.schema.json',
    'dist/extension/sql-outline.cjs',
    'dist/gateway/sluice.mjs',
    'dist/gateway/exports-worker.mjs',
    'dist/gateway/store-worker.mjs',
    'dist/gateway/policy-drafts.mjs',
    'dist/gateway/sql-worker.cjs',
    'dist/gateway/target-commands.cjs',
    'dist/gateway/libpg-query.wasm',
    'dist/gateway/web-tree-sitter.wasm',
    'dist/gateway/tree-sitter-bash.wasm',
    'dist/gateway/approval-page.js',
    'dist/webview/results.js',
    'dist/webview/results.css',
  ];
  assert.deepEqual(
    needed.filter((file) => !files.includes(file)),
    [],
  );
});

test('a shell starts the gateway as the extension does', () => {
  const [first] = readFileSync(join(root, 'dist/gateway/sluice.mjs'), 'utf8').split('\n', 1);
  assert.equal(first, `#!/usr/bin/env -S node ${NODE_FLAGS.join(' ')}`);
});

test('the extension host’s part is under 1 MB', () => {
  const sum = files
    .filter((file) => file.startsWith('dist/extension/'))
    .reduce((total, file) => total + bytesOf(file), 0);
  assert.ok(sum < MAX_EXTENSION_HOST_BYTES, `${sum} bytes`);
});

test('the bundles name no machine’s paths', () => {
  const bundles = files.filter((file) => /^dist\/.*\.(cjs|mjs|js)$/.test(file));
  assert.deepEqual(
    bundles.filter((file) => readFileSync(join(root, file), 'utf8').includes(root)),
    [],
  );
});
