import assert from 'node:assert/strict';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { VERSION } from '../version.ts';
import { KeptFiles } from './kept-files.ts';
import { run } from './run.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'sluice-cli-'));

async function sluice(args: readonly string[], stopped: Promise<void> = new Promise(() => undefined)) {
  const out: string[] = [];
  const said: string[] = [];
  const exit = await run(args, {
    environment: { XDG_DATA_HOME: newFolder(), SLUICE_GATEWAY: 'http://127.0.0.1:1' },
    out: (text) => out.push(text),
    say: (text) => said.push(text),
    stopped,
  });
  return { exit, out: out.join('\n'), said: said.join('\n') };
}

test('--version and --help answer on stdout', async () => {
  assert.deepEqual(await sluice(['--version']), { exit: 0, out: VERSION, said: '' });
  assert.match((await sluice(['--help'])).out, /sluice connect TARGET/);
});

test('a command that makes no sense is told what would, with exit code 2', async () => {
  for (const args of [
    [],
    ['strat'],
    ['start', '--confg', 'x'],
    ['start', 'x'],
    ['policy'],
    ['target'],
    ['target', 'prepare'],
    ['target', 'check', 'shop', 'more'],
    ['connect'],
    ['connect', 'A B'],
  ]) {
    const { exit, said } = await sluice(args);
    assert.equal(exit, 2, args.join(' '));
    assert.match(said, /sluice --help says how/);
  }
  assert.match(
    (await sluice(['connect', 'shop', '--gateway', 'http://sluice.example'])).said,
    /is not encrypted/,
  );
  assert.match((await sluice(['start', '--target', 'shop'])).said, /Write --target NAME=postgres/);
});

test('start prints one JSON line with the chosen addresses, and stops when asked', async () => {
  const file = join(newFolder(), 'gateway.yaml');
  writeFileSync(file, 'listen: {http: 127.0.0.1:0, postgres: 127.0.0.1:0}\ndataDir: data\n');
  const { exit, out } = await sluice(['start', '--config', file], Promise.resolve());
  assert.equal(exit, 0);
  const { listening } = JSON.parse(out);
  assert.match(listening.http, /^127\.0\.0\.1:[1-9]\d+$/);
  assert.match(listening.postgres, /^127\.0\.0\.1:[1-9]\d+$/);
});

test('policy check says the version of a good policy, and every problem of a bad one', async () => {
  const good = await sluice([
    'policy',
    'check',
    new URL('../../../examples/policy', import.meta.url).pathname,
  ]);
  assert.equal(good.exit, 0);
  assert.match(good.out, /is a valid policy, version [0-9a-f]{64}/);
  const file = join(newFolder(), 'policy.yaml');
  writeFileSync(file, 'rules: 7\n');
  const bad = await sluice(['policy', 'check', file]);
  assert.equal(bad.exit, 1);
  assert.match(bad.said, /policy\.yaml:1/);
});

test('no gateway there is told in words', async () => {
  const { exit, said } = await sluice(['connect', 'shop']);
  assert.equal(exit, 1);
  assert.match(said, /No gateway answers at http:\/\/127\.0\.0\.1:1/);
});

test('kept sign-ins are private, by gateway, and forgotten when damaged', () => {
  const folder = newFolder();
  const kept = new KeptFiles({ XDG_DATA_HOME: folder });
  const tokens = { accessToken: 'a', refreshToken: 'r', expiresAtMs: 1 };
  kept.keepTokens('http://one', tokens);
  kept.keepTokens('http://two', { ...tokens, accessToken: 'b' });
  kept.keepTokens('http://one', null);
  assert.equal(kept.tokens('http://one'), null);
  assert.equal(kept.tokens('http://two')?.accessToken, 'b');
  const file = join(folder, 'sluice-cli', 'tokens.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  writeFileSync(file, 'damaged');
  assert.equal(kept.tokens('http://two'), null);
});
