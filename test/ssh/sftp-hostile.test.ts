import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Writer } from '../../gateway/src/wire/ssh/bytes/writer.ts';
import { Frames } from '../../gateway/src/wire/ssh/sftp/frames.ts';
import { ATTRIBUTE, OPEN, PACKET, STATUS } from '../../gateway/src/wire/ssh/sftp/numbers.ts';
import { readReply, type SftpReply } from '../../gateway/src/wire/ssh/sftp/reply.ts';
import {
  extendedPacket,
  idOf,
  packetOf,
  requestPacket,
  setId,
} from '../../gateway/src/wire/ssh/sftp/write-request.ts';
import { openSshLab, type SshLab } from './lab/lab.ts';

/** A client of SFTP that does what no client does. */

let lab: SshLab;
let folder: string;
before(async () => {
  lab = await openSshLab('version: 1\nrules: []');
  folder = realpathSync(lab.folder);
  for (const name of ['open', 'open/scanned', 'hidden', 'drop']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'open', 'file'), 'text\n');
  writeFileSync(join(folder, 'hidden', 'secret'), 'secret\n');
  writeFileSync(join(folder, 'open', 'scanned', 'file'), 'text\n');
  lab.policy.activate(`
version: 1
rules:
  - { id: open, owner: ops@shop.example, who: { groups: [developers] }, on: { paths: ["${folder}/open/**"] }, doing: [readFile, writeFile, listFiles, changeFile], then: allow, because: Developers work there. }
  - { id: cards, owner: ops@shop.example, who: everyone, on: { paths: ["${folder}/open/scanned/**"] }, then: { detect: [cards] }, because: Cards stay out of files. }
  - { id: drop, owner: ops@shop.example, who: { groups: [developers] }, on: { paths: ["${folder}/drop/**"] }, doing: [writeFile], then: allow, because: It is filled. }
  - { id: echo, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [echo] }, doing: [run], then: allow, because: Tests need it. }
`);
});
after(() => lab?.close());

/** The stream of the subsystem, by the real ssh. */
class RawSftp {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: SftpReply) => void>();
  #lastId = 0;
  version: Promise<SftpReply>;
  ended: Promise<unknown>;

  constructor() {
    this.#child = spawn('ssh', ['-s', ...lab.arguments(), 'sftp'], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.ended = once(this.#child, 'close');
    this.version = new Promise((resolve) => this.#waiting.set(3, resolve));
    const frames = new Frames((packet) => {
      const reply = readReply(packet);
      const id = idOf(packet);
      if (reply.ok) this.#waiting.get(id)?.(reply.value);
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => frames.push(chunk));
    this.#child.stdin?.on('error', () => undefined);
    this.send(packetOf(PACKET.init, (writer) => writer.uint32(3)));
    this.#lastId = 3;
  }

  send(bytes: Uint8Array, taken: () => void = () => undefined): void {
    this.#child.stdin?.write(bytes, taken);
  }

  /** Whether all of it is taken in a time that is long enough where nothing holds it back. */
  async takesAll(bytes: Uint8Array): Promise<boolean> {
    let isTaken = false;
    this.send(bytes, () => {
      isTaken = true;
    });
    for (let count = 0; count < 1200 && !isTaken; count += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    return isTaken;
  }

  stopReading(): void {
    this.#child.stdout?.pause();
  }

  readOn(): void {
    this.#child.stdout?.resume();
  }

  ask(packet: Buffer): Promise<SftpReply> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.send(setId(packet, id));
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** The code that a request ends with; -1 for anything but a status. */
  async code(packet: Buffer): Promise<number> {
    const reply = await this.ask(packet);
    return reply.type === 'status' ? reply.status.code : -1;
  }

  async open(path: string, flags: number, mode?: number): Promise<string> {
    const reply = await this.ask(openPacket(path, flags, mode));
    return reply.type === 'handle' ? reply.handle : assert.fail(JSON.stringify(reply));
  }

  leave(): void {
    this.#child.kill('SIGKILL');
  }
}

const LETTERS = 'x'.repeat(30_000);

function openPacket(path: string, flags: number, mode?: number): Buffer {
  return requestPacket('open', (writer) => {
    const named = writer.string(path).uint32(flags);
    return mode === undefined ? named.uint32(0) : named.uint32(ATTRIBUTE.permissions).uint32(mode);
  });
}

const withHandle = (
  type: keyof typeof PACKET,
  handle: string,
  rest: (writer: Writer) => Writer = (writer) => writer,
) => requestPacket(type, (writer) => rest(writer.string(Buffer.from(handle, 'latin1'))));
const reading = (handle: string) => withHandle('read', handle, (writer) => writer.uint64(0n).uint32(100));
const writing = (handle: string) => withHandle('write', handle, (writer) => writer.uint64(0n).string('x'));

test('a handle is good for what it was given for, in its own channel, until it is closed', async () => {
  const [one, other] = [new RawSftp(), new RawSftp()];
  const read = await one.open(`${folder}/open/file`, OPEN.read);
  const write = await one.open(`${folder}/drop/new`, OPEN.write | OPEN.create);
  assert.equal(await one.code(writing(read)), STATUS.permissionDenied);
  assert.equal(await one.code(reading(write)), STATUS.permissionDenied);
  assert.equal(await other.code(reading(read)), STATUS.failure);
  assert.equal(await one.code(reading('\x00\x00\x00\x63')), STATUS.failure);
  assert.equal((await one.ask(reading(read))).type, 'data');
  const closing = one.code(withHandle('close', read));
  assert.equal(await one.code(reading(read)), STATUS.failure);
  assert.equal(await closing, STATUS.ok);
  assert.equal(await one.code(withHandle('close', read)), STATUS.failure);
  assert.equal(readFileSync(join(folder, 'open', 'file'), 'utf8'), 'text\n');
  one.leave();
  other.leave();
});

test('what is open is closed to whoever leaves the group that it was open to', async (context) => {
  const { ana } = lab.people;
  const whole = ana.current() ?? assert.fail();
  context.after(() => ana.become(whole));
  const sftp = new RawSftp();
  const [read, written] = [
    await sftp.open(`${folder}/open/file`, OPEN.read),
    await sftp.open(`${folder}/open/left`, OPEN.write | OPEN.create),
  ];
  assert.equal((await sftp.ask(reading(read))).type, 'data');
  ana.become({ ...whole, groups: ['others'], epoch: whole.epoch + 1 });
  assert.equal(await sftp.code(reading(read)), STATUS.permissionDenied);
  assert.equal(await sftp.code(writing(written)), STATUS.permissionDenied);
  ana.become({ ...whole, groups: ['developers', 'others'], epoch: whole.epoch + 2 });
  assert.equal((await sftp.ask(reading(read))).type, 'data');
  sftp.leave();
});

test('opening with any flag that changes a file is writing', async () => {
  const sftp = new RawSftp();
  for (const flags of [OPEN.read | OPEN.create, OPEN.truncate, OPEN.append, OPEN.read | OPEN.truncate, 0]) {
    assert.equal(await sftp.code(openPacket(`${folder}/hidden/secret`, flags)), STATUS.permissionDenied);
    if (flags !== OPEN.truncate && flags !== OPEN.append)
      assert.equal(await sftp.code(openPacket(`${folder}/drop/x`, flags)), STATUS.permissionDenied);
  }
  assert.equal(readFileSync(join(folder, 'hidden', 'secret'), 'utf8'), 'secret\n');
  sftp.leave();
});

test('a new file never runs as its owner, and attributes of an open one are a change', async () => {
  const sftp = new RawSftp();
  await sftp.open(`${folder}/open/program`, OPEN.write | OPEN.create, 0o4755);
  assert.equal(statSync(join(folder, 'open', 'program')).mode & 0o7777, 0o755);
  const dropped = await sftp.open(`${folder}/drop/program`, OPEN.write | OPEN.create, 0o644);
  const mode = withHandle('fsetstat', dropped, (writer) =>
    writer.uint32(ATTRIBUTE.permissions).uint32(0o4755),
  );
  assert.equal(await sftp.code(mode), STATUS.permissionDenied);
  const size = withHandle('fsetstat', dropped, (writer) => writer.uint32(ATTRIBUTE.size).uint64(0n));
  assert.equal(await sftp.code(size), STATUS.ok);
  sftp.leave();
});

test('links in either order, hard links, copies by handle and what is not known are refused', async () => {
  const sftp = new RawSftp();
  const link = (first: string, second: string) =>
    sftp.code(requestPacket('symlink', (writer) => writer.string(first).string(second)));
  assert.equal(await link(`${folder}/hidden/secret`, `${folder}/open/link`), STATUS.permissionDenied);
  assert.equal(await link(`${folder}/open/link`, `${folder}/hidden/link`), STATUS.permissionDenied);
  assert.equal(await link('../hidden/secret', `${folder}/open/link`), STATUS.permissionDenied);
  const two = (name: string) =>
    extendedPacket(name, (writer) => writer.string(`${folder}/hidden/secret`).string(`${folder}/open/other`));
  assert.equal(await sftp.code(two('hardlink@openssh.com')), STATUS.unsupported);
  assert.equal(await sftp.code(two('posix-rename@openssh.com')), STATUS.permissionDenied);
  assert.equal(await sftp.code(extendedPacket('copy-data', (writer) => writer)), STATUS.unsupported);
  assert.equal(
    await sftp.code(extendedPacket('expand-path@openssh.com', (writer) => writer.string('~'))),
    STATUS.unsupported,
  );
  assert.equal(existsSync(join(folder, 'open', 'link')) || existsSync(join(folder, 'open', 'other')), false);
  sftp.leave();
});

test('requests that follow each other at once are decided in their order', async () => {
  const sftp = new RawSftp();
  symlinkSync(join(folder, 'hidden'), join(folder, 'open', 'way'));
  mkdirSync(join(folder, 'open', 'real'));
  writeFileSync(join(folder, 'open', 'real', 'secret'), 'harmless\n');
  const rename = (from: string, to: string) =>
    sftp.code(requestPacket('rename', (writer) => writer.string(from).string(to)));
  const opened = [
    rename(`${folder}/open/real`, `${folder}/open/was`),
    rename(`${folder}/open/way`, `${folder}/open/real`),
    sftp.code(openPacket(`${folder}/open/real/secret`, OPEN.read)),
  ];
  assert.deepEqual(await Promise.all(opened), [STATUS.ok, STATUS.ok, STATUS.permissionDenied]);
  sftp.leave();
});

test('garbage ends its channel, and others go on', async () => {
  const good = new RawSftp();
  const huge = Buffer.alloc(8);
  huge.writeUInt32BE(0x7fffffff);
  for (const bytes of [huge, Buffer.alloc(4), Buffer.from('GET / HTTP/1.1\r\n\r\n')]) {
    const sftp = new RawSftp();
    await sftp.version;
    sftp.send(bytes);
    await sftp.ended;
  }
  assert.equal(await good.code(packetOf(77, (writer) => writer.uint32(0).string('?'))), STATUS.unsupported);
  assert.equal(
    await good.code(requestPacket('stat', (writer) => writer.string(Buffer.from([0x2f, 0xff])))),
    STATUS.badMessage,
  );
  assert.equal(
    (await good.ask(requestPacket('stat', (writer) => writer.string(`${folder}/open/file`)))).type,
    'attrs',
  );
  good.leave();
});

test('a client that asks for ten thousand files and leaves is gone, and others go on', async () => {
  const sftp = new RawSftp();
  await sftp.version;
  for (let count = 0; count < 10_000; count += 1) sftp.send(openPacket(`${folder}/open/file`, OPEN.read));
  await sftp.ask(requestPacket('stat', (writer) => writer.string(`${folder}/open/file`))).then(
    () => undefined,
    () => undefined,
  );
  sftp.leave();
  assert.equal((await lab.ssh('echo works')).stdout, 'works\n');
  const open = () => lab.recorder.records.filter(({ outcome }) => outcome === null).length;
  while (open() > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(lab.faults, []);
});

test('a client that asks and never reads is not listened to until it does', async () => {
  const sftp = new RawSftp();
  await sftp.version;
  sftp.stopReading();
  const unknown = extendedPacket('x'.repeat(64), (writer) => writer);
  const long = packetOf(77, (writer) => writer.uint32(0).string(Buffer.alloc(200_000)));
  const many = [...Array<Buffer>(50_000).fill(unknown), ...Array<Buffer>(60).fill(long)];
  assert.equal(await sftp.takesAll(Buffer.concat(many)), false);
  const last = sftp.ask(requestPacket('stat', (writer) => writer.string(`${folder}/open/file`)));
  sftp.readOn();
  assert.equal((await last).type, 'attrs');
  sftp.leave();
});

/** A host whose SFTP server waits, in an `open`, until somebody writes to a pipe. */
async function hostThatWaits(sftp: RawSftp, name: string): Promise<() => void> {
  const pipe = join(folder, 'open', name);
  execFileSync('mkfifo', [pipe]);
  sftp.send(openPacket(pipe, OPEN.read));
  while (!lab.recorder.records.some(({ statement }) => statement.includes(pipe)))
    await new Promise((resolve) => setTimeout(resolve, 10));
  return () => closeSync(openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK));
}

test('what is written through detectors does not pile up while a host is slow', async () => {
  const sftp = new RawSftp();
  const handle = await sftp.open(`${folder}/open/scanned/file`, OPEN.write | OPEN.create);
  const goOn = await hostThatWaits(sftp, 'pipe');
  const request = (at: number) =>
    withHandle('write', handle, (writer) => writer.uint64(BigInt(at * LETTERS.length)).string(LETTERS));
  const requests = Array.from({ length: 400 }, (_, at) => request(at));
  sftp.send(Buffer.concat(requests.slice(0, 100)));
  const answered = sftp.ask(request(100));
  assert.equal(await sftp.takesAll(Buffer.concat(requests.slice(101))), false);
  goOn();
  assert.equal((await answered).type, 'status');
  sftp.leave();
});

test('what is asked for through detectors does not pile up while a host is slow', async () => {
  const sftp = new RawSftp();
  const handle = await sftp.open(`${folder}/open/scanned/file`, OPEN.read);
  const goOn = await hostThatWaits(sftp, 'another-pipe');
  const request = (at: number) =>
    withHandle('read', handle, (writer) => writer.uint64(BigInt(at * 100)).uint32(100));
  const answered = sftp.ask(request(0));
  const many = Buffer.concat(Array.from({ length: 150_000 }, (_, at) => request(at + 1)));
  assert.equal(await sftp.takesAll(many), false);
  goOn();
  assert.equal((await answered).type, 'data');
  sftp.leave();
});
