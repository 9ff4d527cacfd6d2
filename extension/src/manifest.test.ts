import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { commands, settings } from './contributions.ts';
import { manifest } from './manifest.ts';

const read = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));

test('package.json and package.nls.json are what the table says', () => {
  const { fields, strings } = manifest();
  const packageJson = read('package.json');
  for (const [key, value] of Object.entries(fields)) assert.deepEqual(packageJson[key], value, key);
  assert.deepEqual(read('package.nls.json'), strings);
});

test('a cloned repository cannot redirect anybody', () => {
  for (const [id, setting] of Object.entries(settings)) {
    if (!id.startsWith('sluice.gateway.')) continue;
    assert.equal(setting.scope, 'machine', id);
    assert.equal(setting.restricted, true, id);
  }
});

test('it never activates on everything, and never asks for a newer editor than promised', () => {
  const packageJson = read('package.json');
  const events = packageJson.activationEvents as string[];
  const eager = events.filter(
    (event) => event === '*' || event.startsWith('onStartup') || event === 'onLanguage:yaml',
  );
  assert.deepEqual(eager, []);
  const folders = events.filter((event) => event.startsWith('workspaceContains:'));
  assert.ok(folders.every((event) => /policy/.test(event)));
  assert.deepEqual((packageJson.engines as { vscode: string }).vscode, '^1.100.0');
});

test('every command that is offered in words exists, and every picture is there', () => {
  const { fields, strings } = manifest();
  for (const text of Object.values(strings)) {
    for (const [, id] of text.matchAll(/command:(sluice\.[\w.]+)/g)) {
      assert.ok(id !== undefined && (id in commands || id.endsWith('.focus')), id);
    }
  }
  for (const [, path] of JSON.stringify(fields).matchAll(/"(media\/[^"]+)"/g)) {
    assert.ok(existsSync(new URL(`../../${path}`, import.meta.url)), path);
  }
});
