import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type End, run } from '../openssh/lab/run.ts';
import { openSshLab, type SshLab } from './lab/lab.ts';

/** Files that programs carry which run on both ends: scp as it was, rsync, git. */

let lab: SshLab;
let folder: string;
before(async () => {
  lab = await openSshLab('version: 1\nrules: []');
  folder = realpathSync(lab.folder);
  for (const name of ['open', 'hidden', 'own']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'hidden', 'secret'), 'secret\n');
  writeFileSync(join(folder, 'own', 'file'), randomBytes(3_000_000));
  lab.policy.activate(policyWith(''));
});
after(() => lab?.close());

function policyWith(rule: string): string {
  return `
version: 1
rules:
  - { id: carry, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [scp, git-upload-pack, git-receive-pack, git-upload-archive] }, doing: [run], then: allow, because: Files are carried. }
  - { id: rsync, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [rsync] }, doing: [run, option], then: allow, because: Files are carried. }
  - { id: open, owner: ops@shop.example, who: { groups: [developers] }, on: { paths: ["${folder}/open/**"] }, doing: [readFile, writeFile], then: allow, because: Developers work there. }
  ${rule}
`;
}

/** The real client with the gateway's address as its ssh. */
const ssh = () => `ssh ${lab.arguments().slice(0, -1).join(' ')}`;
const at = (path: string) => `web@127.0.0.1:${path}`;
const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

function scp(...args: string[]): Promise<End> {
  const own = lab.arguments().slice(0, -1);
  return run('scp', ['-O', ...own.map((one) => (one === '-p' ? '-P' : one)), ...args]);
}

test('scp -O carries what rules about paths open, both ways, and nothing else', async () => {
  const file = join(folder, 'own', 'file');
  const up = await scp('-p', file, at(`${folder}/open/`));
  assert.deepEqual([up.code, up.stderr], [0, '']);
  const down = await scp(at(`${folder}/open/file`), join(folder, 'own', 'back'));
  assert.deepEqual([down.code, down.stderr], [0, '']);
  assert.equal(hashOf(join(folder, 'own', 'back')), hashOf(file));
  const tree = await scp('-r', at(`${folder}/open/`), join(folder, 'own', 'tree'));
  assert.deepEqual([tree.code, tree.stderr], [0, '']);
  const stolen = await scp(at(`${folder}/hidden/secret`), join(folder, 'own', 'stolen'));
  assert.equal(stolen.code === 0, false);
  assert.match(stolen.stderr, /no rule lets you read .*hidden\/secret on web/);
  assert.equal((await scp(file, at(`${folder}/hidden/`))).code === 0, false);
  assert.equal(existsSync(join(folder, 'hidden', 'file')), false);
});

test('a folder is not carried as a whole where a rule blocks something in it', async () => {
  lab.policy.activate(
    policyWith(
      `- { id: keys, owner: security@shop.example, who: everyone, on: { paths: ["**/*.key"] }, doing: [readFile], then: block, because: Keys stay. }`,
    ),
  );
  const { code, stderr } = await scp('-r', at(`${folder}/open/`), join(folder, 'own', 'tree2'));
  assert.equal(code === 0, false);
  assert.match(stderr, /Blocked by rule keys/);
  assert.equal((await scp(at(`${folder}/open/file`), join(folder, 'own', 'one'))).code, 0);
  lab.policy.activate(policyWith(''));
});

test('where a rule looks for something, files are not carried in a way that hides them', async () => {
  lab.policy.activate(
    policyWith(
      `- { id: cards, owner: security@shop.example, who: everyone, on: everything, then: { detect: [cards] }, because: Cards stay. }`,
    ),
  );
  const { code, stderr } = await scp(at(`${folder}/open/file`), join(folder, 'own', 'unscanned'));
  assert.equal(code === 0, false);
  assert.match(stderr, /carries files in a way that can not be looked into.*scp without -O/);
  lab.policy.activate(policyWith(''));
});

test('rsync carries folders both ways', async () => {
  mkdirSync(join(folder, 'own', 'src', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'own', 'src', 'deep', 'a b'), randomBytes(500_000));
  const rsync = (...args: string[]) => run('rsync', ['-a', '-e', ssh(), ...args]);
  const up = await rsync(join(folder, 'own', 'src'), at(`${folder}/open/synced/`));
  assert.deepEqual([up.code, up.stderr], [0, '']);
  const down = await rsync(at(`${folder}/open/synced/src/`), join(folder, 'own', 'synced'));
  assert.deepEqual([down.code, down.stderr], [0, '']);
  assert.equal(hashOf(join(folder, 'own/synced/deep/a b')), hashOf(join(folder, 'own/src/deep/a b')));
  // Deleting takes a rule that lets files be changed.
  assert.equal(
    (await rsync('--delete', join(folder, 'own', 'src'), at(`${folder}/open/synced/`))).code === 0,
    false,
  );
  for (const args of [
    ['-L'],
    [`--log-file=${join(folder, 'own', 'log')}`, '--rsync-path=rsync --log-file=/tmp/x'],
  ])
    assert.equal(
      (await rsync(...args, at(`${folder}/open/synced/`), join(folder, 'own', 'no'))).code === 0,
      false,
    );
  assert.equal((await rsync(at(`${folder}/hidden/`), join(folder, 'own', 'no'))).code === 0, false);
});

test('git clones and fetches; who pushes runs hooks, which takes a rule of its own', async () => {
  const git = (...args: string[]) =>
    run('git', [
      '-c',
      `core.sshCommand=${ssh()}`,
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@b',
      '-c',
      'safe.directory=*',
      ...args,
    ]);
  const bare = join(folder, 'open', 'repo.git');
  const clone = join(folder, 'own', 'clone');
  assert.equal((await git('init', '-q', '--bare', bare)).code, 0);
  const cloned = await git('clone', '-q', at(bare), clone);
  assert.equal(cloned.code, 0, cloned.stderr);
  writeFileSync(join(clone, 'file'), 'text\n');
  assert.equal((await git('-C', clone, 'add', 'file')).code, 0);
  assert.equal((await git('-C', clone, 'commit', '-q', '-m', 'First')).code, 0);
  const refused = await git('-C', clone, 'push', '-q', 'origin', 'HEAD');
  assert.equal(refused.code === 0, false);
  assert.match(refused.stderr, /no rule lets you run anything by git-receive-pack/);
  lab.policy.activate(
    policyWith(
      `- { id: push, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [git-receive-pack] }, doing: [interpreter], then: allow, because: Hooks are ours. }`,
    ),
  );
  const pushed = await git('-C', clone, 'push', '-q', 'origin', 'HEAD');
  assert.equal(pushed.code, 0, pushed.stderr);
  assert.equal(
    (await git('clone', '-q', at(join(folder, 'hidden')), join(folder, 'own', 'no'))).code === 0,
    false,
  );
  lab.policy.activate(policyWith(''));
});

test('nothing went wrong in the gateway', () => {
  assert.deepEqual(lab.faults, []);
});
