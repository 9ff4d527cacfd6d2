import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Requests } from '../../gateway/src/proxies/postgres/testing/requests.ts';
import { type End, run } from '../openssh/lab/run.ts';
import { openSshLab, type SshLab } from './lab/lab.ts';

/** Files of a host, moved by the real sftp and scp. */

let lab: SshLab;
let open: string;
let own: string;
const hidden = () => join(lab.folder, 'hidden');

function policyFor(folder: string): string {
  return `
version: 1
rules:
  - { id: work, owner: ops@shop.example, who: { groups: [developers] }, on: { paths: ["${folder}/open/**", "${folder}/open"] }, doing: [readFile, writeFile, listFiles, changeFile], then: allow, because: Developers work there. }
  - { id: read, owner: ops@shop.example, who: { groups: [developers] }, on: { paths: ["${folder}/readable/*"] }, doing: [readFile], then: allow, because: It is there to be read. }
  - { id: drop, owner: ops@shop.example, who: { groups: [developers] }, on: { paths: ["${folder}/dropped/*"] }, doing: [writeFile], then: allow, because: It is there to be filled. }
  - { id: ask, owner: ops@shop.example, who: { groups: [developers] }, on: { paths: ["${folder}/asked/*"] }, doing: [readFile], then: { approve: { by: [ops] } }, because: Ops keep count. }
  - { id: look, owner: ops@shop.example, who: { groups: [developers] }, on: { paths: ["${folder}/asked/*"] }, doing: [listFiles], then: allow, because: They see what there is to ask for. }
  - { id: keys, owner: security@shop.example, who: everyone, on: { paths: ["**/*.key"] }, doing: anything, then: block, because: Keys stay where they are. }
  - { id: cards, owner: security@shop.example, who: everyone, on: { paths: ["**/scanned/**"] }, then: { detect: [cards] }, because: Cards stay out of files. }
`;
}

before(async () => {
  lab = await openSshLab('version: 1\nrules: []');
  const folder = realpathSync(lab.folder);
  lab.policy.activate(policyFor(folder));
  open = join(folder, 'open');
  own = join(folder, 'own');
  for (const name of ['open', 'open/scanned', 'readable', 'dropped', 'asked', 'hidden', 'own'])
    mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'hidden', 'secret'), 'secret\n');
  writeFileSync(join(folder, 'readable', 'note'), 'note\n');
  writeFileSync(join(folder, 'asked', 'note'), 'asked\n');
});
after(() => lab?.close());

/** Runs commands of sftp; each that fails ends it, as with `-b`. */
function sftp(...commands: string[]): Promise<End> {
  const batch = join(own, `batch-${randomBytes(4).toString('hex')}`);
  writeFileSync(batch, `${commands.join('\n')}\n`);
  return run('sftp', ['-b', batch, ...forSftp(lab.arguments())]);
}

/** sftp and scp name the port otherwise than ssh. */
function forSftp(args: readonly string[]): string[] {
  return args.map((one) => (one === '-p' ? '-P' : one));
}

/** scp with its own options before the gateway's. */
function scp(options: readonly string[], from: string, to: string): Promise<End> {
  return run('scp', [...options, ...forSftp(lab.arguments()).slice(0, -1), from, to]);
}

const at = (path: string) => `web@127.0.0.1:${path}`;
const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const recordOf = (statement: string) => lab.recorder.records.findLast((one) => one.statement === statement);

test('files come and go as they are, and each is recorded with its bytes', async () => {
  const file = join(own, 'big');
  writeFileSync(file, randomBytes(20_000_000));
  const { code, stderr } = await sftp(
    `put ${file} ${open}/big`,
    `get ${open}/big ${own}/back`,
    `ls -l ${open}`,
  );
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(hashOf(`${own}/back`), hashOf(file));
  for (const way of ['write', 'read']) {
    const record = recordOf(`sftp ${way} ${open}/big`);
    assert.deepEqual([record?.outcome?.status, record?.outcome?.bytes], ['done', 20_000_000], way);
    assert.equal(record?.surface, 'ssh');
  }
});

test('a server that is named is the subsystem all the same, and is decided as that', async () => {
  const batch = join(own, 'batch-named');
  writeFileSync(batch, `ls ${open}\nget ${hidden()}/secret ${own}/secret\n`);
  const args = ['-b', batch, '-s', '/usr/lib/openssh/sftp-server', ...forSftp(lab.arguments())];
  const { code, stdout, stderr } = await run('sftp', args);
  assert.equal(code, 1);
  assert.match(stdout, /open\/big/);
  assert.match(stderr, /no rule lets you list .*hidden\/secret on web/);
});

test('folders and attributes are changed where that is allowed', async () => {
  writeFileSync(join(own, 'small'), 'small\n');
  const { code, stderr } = await sftp(
    `mkdir ${open}/folder`,
    `put -p ${own}/small ${open}/folder/small`,
    `chmod 600 ${open}/folder/small`,
    `rename ${open}/folder/small ${open}/folder/moved`,
    `ln -s ${open}/folder/moved ${open}/folder/link`,
    `get ${open}/folder/link ${own}/by-link`,
    `rm ${open}/folder/link`,
    `df ${open}`,
    `rm ${open}/folder/moved`,
    `rmdir ${open}/folder`,
  );
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(readFileSync(join(own, 'by-link'), 'utf8'), 'small\n');
  assert.equal(recordOf(`sftp setstat ${open}/folder/small mode 600`)?.outcome?.status, 'done');
});

test('what no rule opens is refused, and the person reads why', async () => {
  const { code, stderr } = await sftp(`get ${hidden()}/secret ${own}/secret`);
  assert.equal(code, 1);
  assert.match(stderr, /sluice: .*no rule lets you list .*hidden\/secret on web/);
  assert.equal(existsSync(join(own, 'secret')), false);
  writeFileSync(join(own, 'new'), 'new\n');
  const put = await sftp(`put ${own}/new ${hidden()}/new`);
  assert.equal(put.code, 1);
  assert.match(put.stderr, /sluice: .*no rule lets you write .*hidden\/new on web/);
  assert.equal(existsSync(join(hidden(), 'new')), false);
  const key = await sftp(`put ${own}/new ${open}/own.key`);
  assert.match(key.stderr, /Blocked by rule keys of security@shop\.example: Keys stay where they are/);
});

test('a link does not go round a rule, nor does a folder above', async () => {
  symlinkSync(hidden(), join(open, 'way'));
  symlinkSync(join(hidden(), 'later'), join(open, 'dangling'));
  writeFileSync(join(own, 'new'), 'new\n');
  for (const command of [
    `get ${open}/way/secret ${own}/stolen`,
    `get ${open}/../hidden/secret ${own}/stolen`,
    `put ${own}/new ${open}/way/new`,
    `put ${own}/new ${open}/dangling`,
    `ln -s ${hidden()}/secret ${open}/another`,
    `ls ${open}/way/`,
    `rename ${hidden()}/secret ${open}/secret`,
    `chmod 777 ${open}/way/secret`,
    `rm ${open}/way/secret`,
    `mkdir ${open}/way/folder`,
  ]) {
    const { code } = await sftp(command);
    assert.equal(code, 1, command);
  }
  assert.equal(existsSync(join(own, 'stolen')), false);
  assert.deepEqual(readFileSync(join(hidden(), 'secret'), 'utf8'), 'secret\n');
  assert.equal(existsSync(join(hidden(), 'new')) || existsSync(join(hidden(), 'later')), false);
  assert.equal(existsSync(join(hidden(), 'folder')), false);
});

test('a folder is not moved to where a rule about what is in it does not reach', async () => {
  mkdirSync(join(open, 'keys'));
  writeFileSync(join(open, 'keys', 'a.key'), 'key\n');
  const { code, stderr } = await sftp(`rename ${open}/keys ${open}/other`);
  assert.equal(code, 1);
  assert.match(stderr, /Blocked by rule keys/);
});

test('one direction does not open the other', async () => {
  writeFileSync(join(own, 'new'), 'new\n');
  const folder = realpathSync(lab.folder);
  assert.equal((await sftp(`get ${folder}/readable/note ${own}/note`)).code, 0);
  assert.equal((await sftp(`put ${own}/new ${folder}/readable/note`)).code, 1);
  assert.equal((await sftp(`put ${own}/new ${folder}/dropped/new`)).code, 0);
  assert.equal((await sftp(`get ${folder}/dropped/new ${own}/dropped`)).code, 1);
  assert.equal((await sftp(`rm ${folder}/dropped/new`)).code, 1);
  assert.equal(readFileSync(join(folder, 'readable', 'note'), 'utf8'), 'note\n');
});

test('a held transfer waits, says for whom, and goes on by itself', async () => {
  const requests = new Requests(lab);
  const folder = realpathSync(lab.folder);
  const asked = requests.next();
  const ended = sftp(`get ${folder}/asked/note ${own}/asked`);
  const request = await asked;
  assert.equal(existsSync(join(own, 'asked')), false);
  await requests.approve(request);
  const { code, stderr } = await ended;
  assert.equal(code, 0);
  assert.match(stderr, /Needs approval by ops, as rule ask/);
  assert.equal(readFileSync(join(own, 'asked'), 'utf8'), 'asked\n');
});

test('a file in which something is found does not get through, in either direction', async () => {
  const clean = 'nothing to see here, 4111 1111 1111 1112\n'.repeat(100_000);
  const dirty = `${clean.slice(0, 2_000_000)} 4111 1111 1111 1111 ${clean}`;
  writeFileSync(join(own, 'clean'), clean);
  writeFileSync(join(own, 'dirty'), dirty);
  writeFileSync(join(open, 'scanned', 'dirty'), dirty);
  const passed = await sftp(
    `put ${own}/clean ${open}/scanned/clean`,
    `get ${open}/scanned/clean ${own}/clean-back`,
  );
  assert.deepEqual([passed.code, passed.stderr], [0, '']);
  assert.equal(hashOf(join(own, 'clean-back')), hashOf(join(own, 'clean')));
  const got = await sftp(`get ${open}/scanned/dirty ${own}/dirty-back`);
  assert.equal(got.code, 1);
  assert.match(got.stderr, /sluice: .*dirty holds what rule cards of security@shop\.example looks for/);
  assert.equal(readFileSync(join(own, 'dirty-back'), 'utf8').includes('4111 1111 1111 1111'), false);
  const put = await sftp(`put ${own}/dirty ${open}/scanned/other`);
  assert.equal(put.code, 1);
  assert.equal(readFileSync(join(open, 'scanned', 'other'), 'utf8').includes('4111 1111 1111 1111'), false);
  const record = recordOf(`sftp read ${open}/scanned/dirty`);
  assert.deepEqual([record?.outcome?.status, record?.outcome?.detected], ['failed', { cards: 1 }]);
});

test('scp copies both ways by SFTP, folders too', async () => {
  mkdirSync(join(own, 'tree', 'deep'), { recursive: true });
  writeFileSync(join(own, 'tree', 'deep', 'file'), randomBytes(300_000));
  const up = await scp(['-r', '-p'], join(own, 'tree'), at(`${open}/tree`));
  assert.deepEqual([up.code, up.stderr], [0, '']);
  const down = await scp(['-r'], at(`${open}/tree`), join(own, 'tree-back'));
  assert.deepEqual([down.code, down.stderr], [0, '']);
  assert.equal(hashOf(join(own, 'tree-back/deep/file')), hashOf(join(own, 'tree/deep/file')));
  assert.equal((await scp([], at(`${hidden()}/secret`), join(own, 'stolen'))).code, 1);
});

test('a policy that changes counts for files that are open', async () => {
  const file = join(open, 'long');
  writeFileSync(file, randomBytes(50_000_000));
  const slow = sftp(`get ${file} ${own}/long`);
  while (recordOf(`sftp read ${file}`) === undefined) await new Promise((resolve) => setImmediate(resolve));
  const before = policyFor(realpathSync(lab.folder));
  lab.policy.activate('version: 1\nrules: []');
  assert.equal((await slow).code, 1);
  lab.policy.activate(before);
  assert.ok(!existsSync(join(own, 'long')) || statSync(join(own, 'long')).size < 50_000_000);
});

test('nothing went wrong in the gateway', () => {
  assert.deepEqual(lab.faults, []);
});
