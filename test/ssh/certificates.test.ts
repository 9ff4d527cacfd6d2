import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { certify, generateKey, type KeyFile } from '../openssh/lab/keys.ts';
import { type End, run } from '../openssh/lab/run.ts';
import { openSshLab, type SshLab } from './lab/lab.ts';

/** Who the gateway lets in by a certificate that ssh-keygen has made, and the real ssh shows. */

let lab: SshLab;
let authority: KeyFile;
let stranger: KeyFile;
before(async () => {
  lab = await openSshLab(`
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [echo] }, doing: [run], then: allow, because: Developers look. }
`);
  const file = join(lab.folder, 'authority');
  const { stdout } = await run('ssh-keygen', ['-y', '-f', file]);
  assert.match(stdout, /^ssh-ed25519 /);
  stranger = await generateKey(lab.folder, 'stranger', 'ssh-ed25519');
  authority = { file, publicKey: stranger.publicKey };
});
after(() => lab?.close());

const HOUR = ['-V', '-1h:+1h'];
const GOOD = ['-I', 'sign-in-1', '-n', 'person:ana', ...HOUR];

/** Logs in with a new key, certified in this way. */
async function logIn(by: KeyFile, args: readonly string[], name: string): Promise<End> {
  const key = await generateKey(lab.folder, name, 'ssh-ed25519');
  await certify(by, key, args);
  return withKey(key);
}

function withKey({ file }: Pick<KeyFile, 'file'>): Promise<End> {
  const own = lab.arguments().map((one) => (one.endsWith('/ana') ? file : one));
  return run('ssh', [...own, 'echo in']);
}

test('a good certificate lets in, one with more extensions too', async () => {
  assert.equal((await logIn(authority, GOOD, 'good')).stdout, 'in\n');
  const more = [...GOOD, '-O', 'extension:team@example.com=db', '-O', 'source-address=127.0.0.0/8'];
  assert.equal((await logIn(authority, more, 'more')).stdout, 'in\n');
});

for (const [name, args] of [
  ['expired', ['-I', 'sign-in-1', '-n', 'person:ana', '-V', '-2h:-1h']],
  ['not-yet-valid', ['-I', 'sign-in-1', '-n', 'person:ana', '-V', '+1h:+2h']],
  ['wrong-principal', ['-I', 'sign-in-1', '-n', 'person:dora', ...HOUR]],
  ['no-principal', ['-I', 'sign-in-1', ...HOUR]],
  ['host-certificate', [...GOOD, '-h']],
  ['unknown-critical-option', [...GOOD, '-O', 'critical:foo=bar']],
  ['from-elsewhere', [...GOOD, '-O', 'source-address=10.0.0.0/8']],
  ['for-one-command', [...GOOD, '-O', 'force-command=echo forced']],
  ['unknown-sign-in', ['-I', 'sign-in-2', '-n', 'person:ana', ...HOUR]],
] satisfies [string, string[]][]) {
  test(`refused: ${name}`, async () => {
    const { code, stdout, stderr } = await logIn(authority, args, name);
    assert.deepEqual([code, stdout], [255, '']);
    assert.match(stderr, /Permission denied|Too many|closed/);
  });
}

test('refused: an unknown authority, a bare key, and a certificate of somebody else’s key', async () => {
  assert.equal((await logIn(stranger, GOOD, 'unknown-authority')).code, 255);
  assert.equal((await withKey(stranger)).code, 255);
  const [own, other] = [
    await generateKey(lab.folder, 'own', 'ssh-ed25519'),
    await generateKey(lab.folder, 'other', 'ssh-ed25519'),
  ];
  await certify(authority, other, GOOD);
  copyFileSync(`${other.file}-cert.pub`, `${own.file}-cert.pub`);
  assert.equal((await withKey(own)).code, 255);
  assert.equal((await withKey(other)).stdout, 'in\n');
  assert.deepEqual(lab.faults, []);
});
