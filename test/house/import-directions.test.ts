import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importedFile, importsOf, isTest, sourceFiles } from './sources.ts';

/** DESIGN: a room and the rooms it may import from. The first prefix that fits a file is its room. */
const rooms: readonly { prefix: string; mayImport: readonly string[]; packages?: RegExp }[] = [
  { prefix: 'gateway/contract/', mayImport: ['gateway/contract/'], packages: /^zod$/ },
  {
    prefix: 'gateway/src/core/',
    mayImport: ['gateway/src/core/', 'gateway/contract/', 'gateway/src/sql/engine.ts'],
  },
  { prefix: 'gateway/src/sql/', mayImport: ['gateway/src/sql/', 'gateway/contract/'] },
  {
    prefix: 'gateway/src/shell/',
    mayImport: ['gateway/src/shell/', 'gateway/contract/'],
    packages: /^(web-tree-sitter|tree-sitter-bash|node:(fs|module|url))(\/|$)/,
  },
  {
    prefix: 'gateway/src/terminal/',
    mayImport: ['gateway/src/terminal/', 'gateway/contract/'],
    packages: /^get-east-asian-width$/,
  },
  { prefix: 'gateway/src/wire/postgres/', mayImport: ['gateway/src/wire/postgres/', 'gateway/contract/'] },
  {
    prefix: 'gateway/src/wire/ssh/',
    mayImport: ['gateway/src/wire/ssh/', 'gateway/contract/'],
    packages: /^node:crypto$/,
  },
  {
    prefix: 'gateway/src/proxies/postgres/',
    mayImport: [
      'gateway/src/proxies/postgres/',
      'gateway/src/core/',
      'gateway/src/sql/',
      'gateway/src/wire/',
      'gateway/contract/',
    ],
  },
  {
    prefix: 'gateway/src/proxies/ssh/',
    mayImport: [
      'gateway/src/proxies/ssh/',
      'gateway/src/core/',
      'gateway/src/shell/',
      'gateway/src/terminal/',
      'gateway/src/wire/',
      'gateway/contract/',
    ],
  },
  {
    prefix: 'gateway/src/policy-tests/',
    mayImport: [
      'gateway/src/policy-tests/',
      'gateway/src/core/',
      'gateway/src/sql/',
      'gateway/src/shell/',
      'gateway/src/proxies/',
      'gateway/contract/',
    ],
  },
  {
    prefix: 'gateway/src/policy-drafts/',
    mayImport: [
      'gateway/src/policy-drafts/',
      'gateway/src/policy-tests/',
      'gateway/src/core/',
      'gateway/src/sql/',
      'gateway/contract/',
    ],
  },
  {
    prefix: 'gateway/src/recorded/',
    mayImport: ['gateway/src/recorded/', 'gateway/src/core/', 'gateway/src/adapters/', 'gateway/contract/'],
  },
  {
    prefix: 'gateway/src/adapters/',
    mayImport: ['gateway/src/adapters/', 'gateway/src/core/', 'gateway/contract/', 'gateway/src/config.ts'],
  },
  {
    prefix: 'gateway/src/api/',
    mayImport: ['gateway/src/api/', 'gateway/src/core/', 'gateway/contract/'],
  },
  { prefix: 'gateway/src/', mayImport: ['gateway/', 'package.json'] },
  { prefix: 'extension/contract/', mayImport: ['extension/contract/', 'gateway/contract/'] },
  { prefix: 'extension/', mayImport: ['extension/', 'gateway/contract/'] },
  { prefix: 'webview-ui/', mayImport: ['webview-ui/', 'extension/contract/', 'gateway/contract/'] },
  { prefix: 'sample/', mayImport: ['sample/', 'scripts/processes/', 'scripts/test/written.ts'] },
];

function roomOf(file: string) {
  return rooms.find(({ prefix }) => file.startsWith(prefix));
}

const imports = sourceFiles()
  .filter((file) => !isTest(file))
  .flatMap(importsOf);

test('every import goes in the direction that the design allows', () => {
  const wrong = imports.flatMap((one) => {
    const target = importedFile(one);
    const room = roomOf(one.from);
    if (target === null || room === undefined) return [];
    return room.mayImport.some((prefix) => target.startsWith(prefix))
      ? []
      : [`${one.from}:${one.line} imports ${target}`];
  });
  assert.deepEqual(wrong, []);
});

test('rooms with few packages keep to them', () => {
  const wrong = imports.flatMap((one) => {
    const packages = roomOf(one.from)?.packages;
    if (packages === undefined || importedFile(one) !== null || packages.test(one.specifier)) return [];
    return [`${one.from}:${one.line} imports ${one.specifier}`];
  });
  assert.deepEqual(wrong, []);
});

test('nothing imports tests, scripts or another product from the product', () => {
  const wrong = imports.flatMap((one) => {
    const target = importedFile(one);
    const isProduct = /^(gateway|extension|webview-ui)\//.test(one.from);
    return isProduct && target !== null && (isTest(target) || /^(scripts|sample)\//.test(target))
      ? [`${one.from}:${one.line} imports ${target}`]
      : [];
  });
  assert.deepEqual(wrong, []);
});

test('vscode is imported in extension/ alone', () => {
  const wrong = sourceFiles()
    .flatMap(importsOf)
    .filter(({ from, specifier }) => specifier === 'vscode' && !from.startsWith('extension/'))
    .map(({ from, line }) => `${from}:${line}`);
  assert.deepEqual(wrong, []);
});

test('the toolkit of controls is imported behind one module', () => {
  const wrong = imports
    .filter(({ specifier }) => specifier.startsWith('@vscode/webview-ui-toolkit'))
    .filter(({ from }) => !from.startsWith('webview-ui/src/components/'))
    .map(({ from, line }) => `${from}:${line}`);
  assert.deepEqual(wrong, []);
});
