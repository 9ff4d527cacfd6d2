import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/setup/root.ts';
import { houseFiles, isTest, sourceFiles, textOf } from './sources.ts';

const MAX_TRACKED_BYTES = 1024 * 1024;
const MAX_README_LINES = 15;

/** `file:line: text` of every line of `files` that matches. */
function lines(files: readonly string[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    textOf(file)
      .split('\n')
      .flatMap((text, index) => (pattern.test(text) ? [`${file}:${index + 1}: ${text.trim()}`] : [])),
  );
}

const thisFile = 'test/house/rules.test.ts';
const sources = sourceFiles().filter((file) => file !== thisFile);

test('a grant is minted in the one flow and nowhere else', () => {
  const minted = lines(sources, /\bGrant\s*\.\s*mint\b/).filter(
    (hit) => !hit.startsWith('gateway/src/core/flow/govern.ts:'),
  );
  assert.deepEqual(
    minted.filter((hit) => !isTest(hit.split(':')[0] ?? '')),
    [],
  );
});

const isComment = (hit: string) => /:\d+: (\*|\/\*|\/\/)/.test(hit);

test('types are never given up', () => {
  assert.deepEqual(
    lines(
      sources,
      /(:\s*any\b|\bas any\b|<any>|as unknown as [A-Z{]|@ts-ignore|@ts-expect-error|@ts-nocheck)/,
    ).filter((hit) => !isComment(hit)),
    [],
  );
});

test('no test is switched off or narrowed', () => {
  assert.deepEqual(lines(sources, /\b(test|it|describe|suite)\.(only|skip|todo)\(/), []);
});

test('no file names a path of one machine', () => {
  const files = houseFiles().filter((file) => file !== thisFile && !/\.(png|wasm|svg)$/.test(file));
  assert.deepEqual(lines(files, /(^|[^a-z.$}])\/(work|farm|root)\//), []);
});

test('no lock file names a registry', () => {
  assert.deepEqual(lines(['package-lock.json'], /"resolved"|registry/), []);
});

test('no tracked file is larger than 1 MB', () => {
  const large = houseFiles()
    .filter((file) => file !== 'package-lock.json')
    .filter((file) => (statSync(join(root, file), { throwIfNoEntry: false })?.size ?? 0) > MAX_TRACKED_BYTES);
  assert.deepEqual(large, []);
});

/** Folders that are rooms of their own. */
const roomFolders = [
  'gateway/contract',
  'gateway/src/core',
  'gateway/src/shell',
  'gateway/src/sql',
  'gateway/src/terminal',
  'gateway/src/wire/postgres',
  'gateway/src/wire/ssh',
  'gateway/src/proxies/postgres',
  'gateway/src/api',
  'gateway/src/cli',
  'gateway/src/adapters/store',
  'gateway/src/adapters/identity',
  'gateway/src/adapters/certificates',
  'extension',
  'extension/contract',
  'webview-ui',
  'sample',
  'scripts',
  'test/e2e',
  'test/house',
  'test/interop',
  'test/openssh',
];

test('every room has a README', () => {
  const files = new Set(houseFiles());
  const withoutReadme = roomFolders.filter((room) => !files.has(`${room}/README.md`));
  assert.deepEqual(withoutReadme, []);
});

test(`a room's README has at most ${MAX_README_LINES} lines`, () => {
  const long = houseFiles()
    .filter((file) => file.endsWith('README.md') && dirname(file) !== '.' && !file.startsWith('docs/'))
    .map((file) => ({ file, length: textOf(file).trimEnd().split('\n').length }))
    .filter(({ length }) => length > MAX_README_LINES);
  assert.deepEqual(long, []);
});
