import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { keyLine } from '../../gateway/src/wire/ssh/lines/key-line.ts';
import {
  type HostKeyVerdict,
  judgeHostKey,
  knownKeysOf,
  readKnownHosts,
} from '../../gateway/src/wire/ssh/lines/known-hosts.ts';
import { generateKey, type KeyFile, write } from './lab/keys.ts';
import { run, succeed } from './lab/run.ts';

const NAMES = [
  'db.example.com',
  'DB.example.com',
  'web.example.com',
  'old.example.com',
  'example.com',
  '192.0.2.7',
  '2001:db8::7',
  '[db.example.com]:2222',
  '[web.example.com]:2222',
  '[192.0.2.7]:2222',
  'elsewhere.example',
];

/** Hosts fields of known_hosts, each of which ssh-keygen and we must find for the same names. */
const FIELDS = [
  'db.example.com',
  'Db.Example.COM,192.0.2.7',
  '*.example.com',
  '*.example.com,!old.example.com',
  '!old.example.com,*',
  '!*',
  '?b.example.com',
  '192.0.2.*',
  '[db.example.com]:2222',
  '[*]:2222',
  '2001:db8::7',
  '*',
  '**.com',
  'db.example.co?',
];

describe('known_hosts, as OpenSSH reads it', () => {
  let folder: string;
  let known: KeyFile;
  let other: KeyFile;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-openssh-'));
    known = await generateKey(folder, 'known', 'ssh-ed25519');
    other = await generateKey(folder, 'other', 'ecdsa-sha2-nistp256');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function isFound(file: string, name: string): Promise<boolean> {
    const { code } = await run('ssh-keygen', ['-F', name, '-f', file]);
    return code === 0;
  }

  for (const field of FIELDS) {
    it(`finds hosts by ${field}`, async () => {
      const file = write(folder, 'known_hosts', `${field} ${keyLine(known.publicKey.blob)}\n`);
      const knownHosts = readKnownHosts(readFileSync(file, 'utf8'));
      for (const name of NAMES) {
        const found = knownKeysOf(knownHosts, addressOf(name)).keys.length > 0;
        assert.equal(found, await isFound(file, name), name);
      }
    });
  }

  it('finds hosts whose names ssh-keygen hashed', async () => {
    const lines = NAMES.slice(4, 10).map((name) => `${name} ${keyLine(known.publicKey.blob)}\n`);
    const file = write(folder, 'known_hosts', lines.join(''));
    await succeed('ssh-keygen', ['-q', '-H', '-f', file]);
    const text = readFileSync(file, 'utf8');
    assert.doesNotMatch(text, /example/);
    const knownHosts = readKnownHosts(text);
    assert.deepEqual(knownHosts.unreadable, []);
    for (const name of NAMES) {
      const found = knownKeysOf(knownHosts, addressOf(name)).keys.length > 0;
      assert.equal(found, await isFound(file, name), name);
    }
  });

  it('tells known from changed, revoked and unknown', () => {
    const [one, two] = [known.publicKey.blob, other.publicKey.blob];
    const verdict = (text: string, blob = one, name = 'db.example.com'): HostKeyVerdict =>
      judgeHostKey(readKnownHosts(text), addressOf(name), blob);
    const line = `db.example.com ${keyLine(one, 'with a comment')}`;
    assert.equal(verdict(line), 'known');
    assert.equal(verdict(line, two), 'changed');
    assert.equal(verdict(line, one, 'web.example.com'), 'unknown');
    assert.equal(verdict(line, one, '[db.example.com]:2222'), 'unknown');
    assert.equal(verdict(`${line}\n@revoked * ${keyLine(one)}`), 'revoked');
    assert.equal(verdict(`@revoked db.example.com ${keyLine(one)}`, one, '[db.example.com]:22'), 'revoked');
    assert.equal(verdict(`@revoked db.example.com ${keyLine(one)}`, one, '[db.example.com]:2222'), 'revoked');
    assert.equal(verdict(`@cert-authority * ${keyLine(one)}`), 'changed');
    const { authorities } = knownKeysOf(
      readKnownHosts(`@cert-authority *.example.com ${keyLine(one)}`),
      addressOf('db.example.com'),
    );
    assert.deepEqual(
      authorities.map(({ blob }) => blob),
      [one],
    );
  });

  it('tells which lines it could not read', () => {
    const text = [
      '# a comment',
      '',
      'db.example.com',
      'db.example.com ssh-ed25519 AAAA',
      '|2|a|b ssh-ed25519 AAAA',
      `db.example.com ssh-rsa ${keyLine(known.publicKey.blob).split(' ')[1]}`,
      `@rewoked * ${keyLine(known.publicKey.blob)}`,
      `@revoked * ${keyLine(known.publicKey.blob).slice(0, -1)}`,
      `db.example.com ${keyLine(known.publicKey.blob)}`,
    ].join('\r\n');
    const { entries, unreadable } = readKnownHosts(text);
    assert.deepEqual(
      entries.map(({ line }) => line),
      [9],
    );
    assert.deepEqual(
      unreadable.map(({ line, marker }) => [line, marker]),
      [
        [3, 'host'],
        [4, 'host'],
        [5, 'host'],
        [6, 'host'],
        [7, 'revoked'],
        [8, 'revoked'],
      ],
    );
    for (const { why } of unreadable) assert.match(why, /\w+ \w+/);
  });
});

function addressOf(name: string) {
  const [, host = name, port = '22'] = /^\[(.+)\]:(\d+)$/.exec(name) ?? [];
  return { host, port: Number(port) };
}
