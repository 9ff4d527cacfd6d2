import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeKeyPairs } from '../testing/keys.fixture.ts';
import { authorizedKeyLine } from './authorized-keys.ts';
import { isAbout, knownHostName, readHostPatterns } from './host-pattern.ts';
import { keyLine, readKeyLine } from './key-line.ts';
import {
  hostAuthorityLine,
  judgeHostKey,
  knownHostLine,
  knownKeysOf,
  readKnownHosts,
} from './known-hosts.ts';

const keys = makeKeyPairs().map(({ publicKey }) => publicKey);
const [key, other] = keys;
assert.ok(key && other);

function isFound(field: string, host: string, port = 22): boolean {
  const patterns = readHostPatterns(field);
  return patterns !== null && isAbout(patterns, { host, port });
}

test('a key’s line is read as it was written', () => {
  for (const { blob, type } of keys) {
    for (const [comment, kept] of [
      ['', ''],
      ['ana at  work', 'ana at  work'],
      ['two\nlines ', 'two lines'],
    ] as const) {
      const line = keyLine(blob, comment);
      assert.doesNotMatch(line, /\n/);
      assert.deepEqual(readKeyLine(line), { ok: true, value: { type, blob, comment: kept } });
    }
  }
});

test('no text makes reading lines throw', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('@revoked', '|1|', key.type, keyLine(key.blob), '*'),
  );
  const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(text, (one) => {
      readKeyLine(one);
      const { entries, unreadable } = readKnownHosts(one);
      const lines = one.split(/\r?\n/).map((line) => line.trim());
      const telling = lines.filter((line) => line !== '' && !line.startsWith('#'));
      assert.equal(entries.length + unreadable.length, telling.length);
    }),
  );
});

test('lines of authorized_keys carry options as sshd reads them', () => {
  const line = keyLine(key.blob, 'gateway');
  const principals = { certificateAuthorityFor: ['ana', 'deploy'] };
  assert.equal(authorizedKeyLine(key, {}, 'gateway'), line);
  assert.equal(
    authorizedKeyLine(key, principals, 'gateway'),
    `cert-authority,principals="ana,deploy" ${line}`,
  );
  assert.equal(
    authorizedKeyLine(
      key,
      { restrict: true, permit: ['pty'], command: 'echo "hi"', from: ['10.0.0.0/8'] },
      'gateway',
    ),
    `restrict,pty,command="echo \\"hi\\"",from="10.0.0.0/8" ${line}`,
  );
});

test('lines that would be read as something else are not written', () => {
  const refused: readonly (() => string)[] = [
    () => authorizedKeyLine(key, { certificateAuthorityFor: [] }),
    () => authorizedKeyLine(key, { certificateAuthorityFor: ['ana,root'] }),
    () => authorizedKeyLine(key, { from: [''] }),
    () => authorizedKeyLine(key, { command: 'echo \\' }),
    () => authorizedKeyLine(key, { command: 'true\nssh-ed25519 AAAA' }),
    () => knownHostLine({ host: '*', port: 22 }, key),
    () => knownHostLine({ host: 'db.example,other.example', port: 22 }, key),
    () => knownHostLine({ host: 'db.example ssh-rsa', port: 2222 }, key),
    () => knownHostLine({ host: '', port: 22 }, key),
    () => hostAuthorityLine([], key),
    () => hostAuthorityLine(['a b'], key),
    () => hostAuthorityLine(['a,*'], key),
  ];
  for (const write of refused) assert.throws(write, { code: 'request.invalid' });
});

test('a host is named by its port too, but for 22', () => {
  assert.equal(knownHostName({ host: 'DB.example', port: 22 }), 'db.example');
  assert.equal(knownHostName({ host: 'db.example', port: 2222 }), '[db.example]:2222');
  assert.equal(knownHostName({ host: '::1', port: 2222 }), '[::1]:2222');
});

test('wildcards fit as the expression that they stand for does', () => {
  const pattern = fc.stringMatching(/^[ab.*?]{0,8}$/);
  const name = fc.stringMatching(/^[ab.]{0,8}$/);
  fc.assert(
    fc.property(pattern, name, (written, host) => {
      const source = written.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
      assert.equal(isFound(written, host), written !== '' && new RegExp(`^${source}$`).test(host));
    }),
    { numRuns: 3000 },
  );
});

test('a pattern of many wildcards is not slow', () => {
  const before = process.cpuUsage();
  assert.equal(isFound(`${'*a'.repeat(2000)}b`, 'a'.repeat(4000)), false);
  assert.ok(process.cpuUsage(before).user < 2_000_000);
});

test('a hashed name is found by its hash alone', () => {
  const salt = randomBytes(20);
  const hash = createHmac('sha1', salt).update('[db.example]:2222').digest('base64');
  const field = `|1|${salt.toString('base64')}|${hash}`;
  assert.equal(isFound(field, 'DB.example', 2222), true);
  assert.equal(isFound(field, 'db.example'), false);
  for (const bad of ['|1|', `|1|${hash}`, `|2|${hash}|${hash}`, `|1|AAAA|${hash}`, `${field}|${hash}`]) {
    assert.equal(readHostPatterns(bad), null, bad);
  }
});

test('what is written of a host is found again', () => {
  const address = { host: 'Gateway.example', port: 2222 };
  const text = [
    knownHostLine(address, key, 'the gateway'),
    hostAuthorityLine(['*.lab.example', '[*.lab.example]:*'], other),
  ].join('\n');
  const knownHosts = readKnownHosts(text);
  assert.equal(judgeHostKey(knownHosts, address, key.blob), 'known');
  assert.equal(judgeHostKey(knownHosts, address, other.blob), 'changed');
  for (const port of [22, 2222]) {
    const { authorities, keys: known } = knownKeysOf(knownHosts, { host: 'db.lab.example', port });
    assert.deepEqual([authorities.map(({ blob }) => blob), known], [[other.blob], []]);
  }
});
