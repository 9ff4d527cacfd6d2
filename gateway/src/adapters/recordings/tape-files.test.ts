import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SluiceError } from '../../../contract/error.ts';
import { PrincipalId, SessionId, TargetName } from '../../../contract/ids.ts';
import { readAsciicast } from '../../core/recording/asciicast/reader.ts';
import { AsciicastWriter } from '../../core/recording/asciicast/writer.ts';
import type { NewTape } from '../../core/recording/tape.ts';
import { FileTape } from './file-tape.ts';
import { TapeFiles } from './tape-files.ts';

const TAPE: NewTape = {
  session: SessionId.parse('session-1'),
  terminal: 1,
  principal: PrincipalId.parse('person:ana'),
  target: TargetName.parse('web'),
  title: 'ana on deploy@web',
  columns: 80,
  rows: 24,
  term: 'xterm',
};

function folderOf(maxBytes = 1_000_000) {
  const folder = join(mkdtempSync(join(tmpdir(), 'sluice-tapes-')), 'recordings');
  const failures: SluiceError[] = [];
  const files = new TapeFiles({ folder, maxBytes });
  const begin = (tape = TAPE) => files.begin(tape, (why) => failures.push(why));
  const read = () => {
    const [name = ''] = readdirSync(folder);
    const cast = readAsciicast(readFileSync(join(folder, name), 'utf8'));
    if (cast.kind === 'unreadable') throw new Error(cast.why);
    return { ...cast, texts: cast.events.map((event) => ('text' in event ? event.text : event.kind)) };
  };
  return { folder, files, failures, begin, read };
}

const bytes = (text: string) => Buffer.from(text);

test('all that was taken down is on disk once it is said to be, for nobody else to read', async () => {
  const { folder, begin, read } = folderOf();
  const tape = begin();
  tape.mark({ kind: 'command', text: 'ls' });
  tape.output(bytes('a\r\n'));
  await tape.durable();
  assert.deepEqual(read().texts, ['command: ls', 'a\r\n']);
  assert.deepEqual(read().header.sluice, {
    session: 'session-1',
    terminal: 1,
    principal: 'person:ana',
    target: 'web',
  });
  assert.equal(statSync(folder).mode & 0o077, 0);
  assert.equal(statSync(join(folder, 'session-1-1.cast')).mode & 0o077, 0);
  tape.resize({ columns: 100, rows: 30 });
  await tape.end();
  tape.output(bytes('nobody sees this'));
  assert.deepEqual(read().texts, ['command: ls', 'a\r\n', 'resize']);
});

test('of a whole recording its length and its SHA-256 are told, once it is on disk', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'sluice-tapes-')), 'recordings');
  const told: unknown[] = [];
  const files = new TapeFiles({ folder, maxBytes: 1000, onWhole: async (tape) => void told.push(tape) });
  const tape = files.begin(TAPE, () => undefined);
  tape.output(bytes('a'));
  await tape.durable();
  tape.output(bytes('ü'.repeat(2000)));
  await tape.end();
  const file = readFileSync(join(folder, 'session-1-1.cast'));
  const sha256 = createHash('sha256').update(file).digest('hex');
  assert.deepEqual(told, [{ session: 'session-1', terminal: 1, bytes: file.length, sha256 }]);
});

test('a recording that nobody ended is told of by the next start, once, as it is then', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'sluice-tapes-')), 'recordings');
  const died = new TapeFiles({ folder, maxBytes: 1000 });
  const tape = died.begin({ ...TAPE, session: SessionId.parse('0198-cut-off') }, () => undefined);
  tape.output(bytes('half a li'));
  await tape.durable();
  appendFileSync(join(folder, '0198-cut-off-1.cast'), '[0.5, "o", "torn');
  const whole = died.begin(TAPE, () => undefined);
  await whole.end();
  await died.close();
  writeFileSync(join(folder, 'gone-2.cast.unfinished'), '');
  // As a process that was killed leaves it.
  writeFileSync(join(folder, '0198-cut-off-1.cast.unfinished'), '');
  const told: unknown[] = [];
  const onWhole = async (one: unknown) => void told.push(one);
  await new TapeFiles({ folder, maxBytes: 1000, onWhole }).tellUnfinished();
  await new TapeFiles({ folder, maxBytes: 1000, onWhole }).tellUnfinished();
  const file = readFileSync(join(folder, '0198-cut-off-1.cast'));
  const sha256 = createHash('sha256').update(file).digest('hex');
  assert.deepEqual(told, [{ session: '0198-cut-off', terminal: 1, bytes: file.length, sha256 }]);
  assert.deepEqual(readdirSync(folder).sort(), ['0198-cut-off-1.cast', 'session-1-1.cast']);
});

test('a recording that can not be read is not taken for one that is not there', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'sluice-tapes-')), 'recordings');
  mkdirSync(join(folder, 'session-1-1.cast'), { recursive: true });
  writeFileSync(join(folder, 'session-1-1.cast.unfinished'), '');
  const onWhole = async () => assert.fail('nothing is known of it');
  const files = new TapeFiles({ folder, maxBytes: 1000, onWhole });
  await assert.rejects(files.tellUnfinished(), { code: 'record.unavailable' });
  assert.deepEqual(readdirSync(folder), ['session-1-1.cast', 'session-1-1.cast.unfinished']);
});

test('what the log could not be told of is left for the next start', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'sluice-tapes-')), 'recordings');
  const broken = () => Promise.reject(new Error('no disk'));
  const files = new TapeFiles({ folder, maxBytes: 1000, onWhole: broken });
  await files.begin(TAPE, () => undefined).end();
  await files.close();
  assert.deepEqual(readdirSync(folder), ['session-1-1.cast', 'session-1-1.cast.unfinished']);
});

test('who asks for the disk at one moment shares it, and what comes meanwhile is not lost', async () => {
  const { begin, read } = folderOf();
  const tape = begin();
  const kept: Promise<void>[] = [];
  for (let line = 0; line < 200; line += 1) {
    tape.output(bytes(`${line};`));
    kept.push(tape.durable());
  }
  assert.equal(new Set(kept).size, 1);
  await kept[0];
  tape.output(bytes('last'));
  await tape.end();
  assert.equal(read().texts.join(''), `${Array.from({ length: 200 }, (_, line) => `${line};`).join('')}last`);
});

test('beyond its bound output is left out and told; what was decided is still noted', async () => {
  const { begin, read } = folderOf(1000);
  const tape = begin();
  tape.output(bytes('x'.repeat(600)));
  tape.output(bytes('y'.repeat(600)));
  tape.output(bytes('z'.repeat(400)));
  tape.resize({ columns: 1, rows: 1 });
  tape.mark({ kind: 'command', text: 'whoami' });
  tape.output(bytes('root'));
  await tape.end();
  assert.deepEqual(read().texts, [
    'x'.repeat(600),
    'session: 1000 bytes of output left out, for the recording is full',
    'command: whoami',
    'session: 4 bytes of output left out, for the recording is full',
  ]);
});

test('a long marker is shortened', async () => {
  const { begin, read } = folderOf();
  const tape = begin();
  tape.mark({ kind: 'command', text: 'x'.repeat(100_000) });
  await tape.end();
  assert.equal(read().texts[0]?.length, 'command: '.length + 2001);
});

test('a disk that is full ends it: who waits is told, and whoever began it, once', async () => {
  const failures: SluiceError[] = [];
  const { asError } = await import('../store/failure.ts');
  const writer = new AsciicastWriter({ columns: 80, rows: 24, startedAtMs: 0, elapsedMs: () => 0 });
  const tape = new FileTape({
    writer,
    terminal: 1,
    file: open('/dev/full', 'w'),
    maxBytes: 1000,
    elapsedMs: () => 0,
    asError: (error) => asError('/data', error),
    onFailure: (why) => failures.push(why),
    onEnded: () => undefined,
  });
  tape.output(bytes('lost'));
  await assert.rejects(tape.durable(), {
    code: 'record.unavailable',
    message: /disk that holds \/data is full/,
  });
  await assert.rejects(tape.durable(), { code: 'record.unavailable' });
  await assert.rejects(tape.end(), { code: 'record.unavailable' });
  assert.equal(failures.length, 1);
});

test('the same recording is not begun twice', async () => {
  const { begin, failures } = folderOf();
  const first = begin();
  await first.durable();
  await assert.rejects(begin().durable(), { code: 'record.unavailable' });
  assert.equal(failures.length, 1);
  await first.end();
});

test('who follows from the start sees all, and what is live as it comes, until the end', async () => {
  const { files, begin } = folderOf();
  const tape = begin();
  tape.output(bytes('before'));
  const recording = await files.find(TAPE);
  assert.ok(recording);
  const never = new AbortController().signal;
  const seen: string[] = [];
  for await (const { lines, isLive } of recording.follow('start', never)) {
    const texts = lines.split('\n').flatMap((line) => (line.startsWith('[') ? [JSON.parse(line)[2]] : []));
    seen.push(...texts.map((text) => `${isLive ? 'live' : 'so far'}: ${text}`));
    if (lines === '') tape.output(bytes('after'));
    if (seen.at(-1) === 'live: after') void tape.end();
  }
  assert.deepEqual(seen, ['so far: before', 'live: after']);
  assert.equal(recording.principal, 'person:ana');
});

test('who follows from now on sees the first line and what is live; who leaves is let go', async () => {
  const { files, begin } = folderOf();
  const tape = begin();
  tape.output(bytes('before'));
  const recording = await files.find(TAPE);
  assert.ok(recording);
  const leaving = new AbortController();
  const seen: string[] = [];
  for await (const { lines, isLive } of recording.follow('now', leaving.signal)) {
    if (lines === '') tape.output(bytes('after'));
    else seen.push(`${isLive} ${lines.slice(0, 12)} ${lines.includes('after')}`);
    if (lines.includes('after')) leaving.abort();
  }
  assert.deepEqual(seen, ['false {"version":2 false', `true ${seen[1]?.slice(5, 17)} true`]);
  await tape.end();
});

test('what has ended, also by a crash within a line, is read as far as it goes', async () => {
  const { folder, files, begin } = folderOf();
  const tape = begin();
  tape.output(bytes('kept'));
  await tape.end();
  const file = await open(join(folder, 'session-1-1.cast'), 'a');
  await file.write('[1.5, "o", "cut o');
  await file.close();
  const recording = await files.find(TAPE);
  assert.ok(recording);
  let lines = '';
  for await (const part of recording.follow('start', new AbortController().signal)) lines += part.lines;
  assert.match(lines, /"kept"\]\n$/);
});

test('an id that is none of a file leads nowhere', async () => {
  const { files } = folderOf();
  for (const session of ['../../etc/passwd', 'a/b', '', 'session-2', 'x'.repeat(300)])
    assert.equal(await files.find({ ...TAPE, session: session as typeof TAPE.session }), null);
});
