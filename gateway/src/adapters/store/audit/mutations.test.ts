import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { parseCheckpoint, signCheckpoint } from '../../../core/audit/checkpoint.ts';
import { commitmentTo } from '../../../core/audit/leaf.ts';
import { signerOf } from '../../../core/audit/note.ts';
import { problemInWords } from '../../../core/audit/verify.ts';
import { seeded } from '../seeded.fixture.ts';
import { examine } from './examine.ts';
import { readerOf, readFolder } from './kept-folder.ts';
import { filledLog, type Taken } from './log.fixture.ts';

const MUTATIONS = Number(process.env.SLUICE_MUTATIONS ?? 1000);
const SEED = Number(process.env.SLUICE_MUTATION_SEED ?? 1);
const RECORDS = 560;

const root = mkdtempSync(join(tmpdir(), 'sluice-mutations-'));
after(() => rmSync(root, { recursive: true, force: true }));
const dir = join(root, 'log');
const otherDir = join(root, 'other');
/** By the purge in it. */
let taken: Taken | null = null;
const RECORDING = join(dir, 'recordings', 'session-1-1.cast');

type Random = (below: number) => number;
type Mutation = (raw: DatabaseSync, random: Random, other: DatabaseSync) => string;

/** Some row after the first, which names the key. */
const rowOf = (raw: DatabaseSync, random: Random) =>
  2 + random(number(raw, 'select max(seq) - 2 as n from log'));

const MUTATIONS_OF: Record<string, Mutation> = {
  flipBody: (raw, random) => flip(raw, random, 'log', 'body', 'seq', bodied(raw, random)),
  flipSalt: (raw, random) => flip(raw, random, 'log', 'salt', 'seq', bodied(raw, random)),
  flipCommitment: (raw, random) => flip(raw, random, 'log', 'commitment', 'seq', rowOf(raw, random)),
  record: (raw, random) => {
    const seq = rowOf(raw, random);
    return change(raw, seq, `record = '01890000-0000-7000-9000-${String(random(1e9))}'`);
  },
  flipTile: (raw, random) =>
    flip(raw, random, 'tiles', 'hash', '"index"', random(number(raw, 'select count(*) as n from tiles'))),
  flipCheckpoint: (raw, random) =>
    flip(raw, random, 'checkpoints', 'note', 'number', checkpoint(raw, random)),
  kind: (raw, random) => {
    const seq = rowOf(raw, random);
    raw.exec(`update log set kind = case kind when 'event' then 'kept' else 'event' end where seq = ${seq}
      and kind <> 'closed'; update log set kind = 'kept', record = record || 'x' where seq = ${seq} and kind = 'closed'`);
    return `row ${seq}`;
  },
  person: (raw, random) => change(raw, bodied(raw, random), "principal = 'person:eve@shop.example'"),
  target: (raw, random) => change(raw, bodied(raw, random), "target = 'elsewhere'"),
  drop: (raw, random) => change(raw, rowOf(raw, random), null),
  dropAndRenumber: (raw, random) => {
    const seq = rowOf(raw, random);
    raw.exec(`delete from log where seq = ${seq}; update log set seq = -seq where seq > ${seq};
      update log set seq = -seq - 1 where seq < 0`);
    return `row ${seq}`;
  },
  insert: (raw, random) => {
    const seq = rowOf(raw, random);
    raw.exec(`update log set seq = -seq where seq >= ${seq}; update log set seq = -seq + 1 where seq < 0;
      insert into log (seq, kind, record, principal, target, body, salt, commitment) select ${seq}, 'kept', 'forged',
      principal, target, body, salt, commitment from log where kind = 'kept' and body is not null limit 1`);
    return `row ${seq}`;
  },
  swap: (raw, random) => {
    const [one, other] = [rowOf(raw, random), rowOf(raw, random)];
    const second = other === one ? one - 1 : other;
    raw.exec(`update log set seq = -1 where seq = ${one}; update log set seq = ${one} where seq = ${second};
      update log set seq = ${second} where seq = -1`);
    return `rows ${one} and ${second}`;
  },
  rewrite: (raw, random) => {
    const seq = bodied(raw, random);
    const { body, salt } = raw.prepare('select body, salt from log where seq = ?').get(seq) ?? {};
    assert.ok(typeof body === 'string' && salt instanceof Uint8Array);
    const forged = body.replace(/"/, '" ').replace('" ', '"').replace('{', '{"forged":1,');
    const commitment = commitmentTo(salt, forged);
    raw.prepare('update log set body = ?, commitment = ? where seq = ?').run(forged, commitment, seq);
    return `row ${seq}`;
  },
  erase: (raw, random) =>
    change(raw, bodied(raw, random), 'body = null, salt = null, principal = null, target = null'),
  restore: (raw, random) => {
    const row = taken?.rows[random(taken.rows.length)];
    assert.ok(row);
    const { seq, body, salt, principal, target } = row;
    raw
      .prepare('update log set body = ?, salt = ?, principal = ?, target = ? where seq = ?')
      .run(body ?? null, salt ?? null, principal ?? null, target ?? null, seq ?? null);
    return `row ${seq}`;
  },
  splice: (raw, random, other) => {
    const seq = bodied(raw, random);
    const theirs = other
      .prepare('select kind, body, salt, commitment, principal, target from log where seq = ?')
      .get(2 + random(500));
    assert.ok(theirs);
    const { kind, body, salt, commitment, principal, target } = theirs;
    raw
      .prepare(
        `update log set kind = ?, record = 'spliced', body = ?, salt = ?, commitment = ?, principal = ?, target = ?
         where seq = ?`,
      )
      .run(
        kind ?? null,
        body ?? null,
        salt ?? null,
        commitment ?? null,
        principal ?? null,
        target ?? null,
        seq,
      );
    return `row ${seq}`;
  },
  truncate: (raw, random) => {
    const size = number(raw, 'select max(seq) as n from log') - 1 - random(50);
    raw.exec(`delete from log where seq > ${size}`);
    return `to ${size}`;
  },
  truncateAll: (raw, random) => {
    const size = number(raw, 'select max(seq) as n from log') - 1 - random(200);
    raw.exec(`delete from log where seq > ${size}; delete from checkpoints where size > ${size};
      delete from tiles where ("index" + 1) * 256 > ${size}`);
    return `to ${size}, with its checkpoints`;
  },
  resign: (raw, random) => {
    const last = number(raw, 'select max(number) as n from checkpoints');
    return resigned(raw, last - random(last), random);
  },
  dropCheckpoint: (raw, random) => {
    const at = checkpoint(raw, random);
    raw.exec(`delete from checkpoints where number = ${at}`);
    return `checkpoint ${at}`;
  },
  dropTile: (raw, random) => {
    const at = random(number(raw, 'select count(*) as n from tiles'));
    raw.exec(`delete from tiles where "index" = ${at}`);
    return `tile ${at}`;
  },
  addTile: (raw) => {
    raw.exec(`insert into tiles select 16, 0, hash from tiles limit 1`);
    return 'level 16';
  },
  trigger: (raw, random) => {
    const rows = raw.prepare("select name from sqlite_schema where type = 'trigger' order by name").all();
    const name = String(rows[random(rows.length)]?.name);
    raw.exec(`drop trigger ${name}`);
    return name;
  },
};

/** The same in files beside the database. */
const FILE_MUTATIONS: Record<
  string,
  (random: Random) => [file: string, before: Buffer | null, what: string]
> = {
  recording: (random) => {
    const before = readFileSync(RECORDING);
    writeFileSync(RECORDING, flipped(before, random));
    return [RECORDING, before, 'flipped'];
  },
  recordingCut: (random) => {
    const before = readFileSync(RECORDING);
    writeFileSync(RECORDING, before.subarray(0, random(before.length)));
    return [RECORDING, before, 'cut'];
  },
  recordingGone: () => {
    const before = readFileSync(RECORDING);
    rmSync(RECORDING);
    return [RECORDING, before, 'gone'];
  },
  recordingRestored: () => {
    assert.ok(taken);
    const { file, bytes } = taken.recording;
    writeFileSync(file, bytes);
    return [file, null, 'restored'];
  },
  checkpointFile: (random) => {
    const file = join(dir, 'audit', 'checkpoint');
    const before = readFileSync(file);
    writeFileSync(file, flipped(before, random));
    return [file, before, 'flipped'];
  },
};

test(`a log that was changed is found out, ${MUTATIONS} times (seed ${SEED})`, async () => {
  taken = await filledLog(dir, RECORDS);
  await filledLog(otherDir, RECORDS);
  const first = readFolder(dir);
  const sound = examine(first, null);
  first.close();
  assert.deepEqual(sound.problems, []);
  const key = sound.verdict?.keys[0] ?? '';
  assert.equal(sound.verdict?.keys.length, 3);
  assert.equal(sound.verdict?.signed, sound.verdict?.size);
  const raw = new DatabaseSync(join(dir, 'sluice.db'));
  const other = new DatabaseSync(join(otherDir, 'sluice.db'));
  const random = randomFrom(SEED);
  const names = [...Object.keys(MUTATIONS_OF), ...Object.keys(FILE_MUTATIONS)];
  for (let round = 0; round < MUTATIONS; round++) {
    const name = names[round % names.length] ?? '';
    const { problems, what } = mutated(name, raw, other, random, key);
    assert.ok(problems.length > 0, `${name} (${what}), round ${round}, is not found out`);
    if (process.env.SLUICE_MUTATION_SHOW !== undefined) console.log(name, what, problems[0]);
  }
  assert.deepEqual(examine(readerOf(raw, dir, newest()), key).problems, []);
  raw.close();
  other.close();
});

function mutated(name: string, raw: DatabaseSync, other: DatabaseSync, random: Random, key: string) {
  const inFile = FILE_MUTATIONS[name]?.(random);
  raw.exec('begin');
  const what = inFile?.[2] ?? withoutTriggers(raw, name, (of) => of(raw, random, other));
  const { problems } = examine(readerOf(raw, dir, newest()), key);
  raw.exec('rollback');
  if (inFile !== undefined) putBack(inFile[0], inFile[1]);
  return { problems: problems.map(problemInWords), what };
}

function putBack(file: string, before: Buffer | null): void {
  if (before === null) rmSync(file);
  else writeFileSync(file, before);
}

/** Whoever can write the file can take the triggers away, and put them back. */
function withoutTriggers(raw: DatabaseSync, name: string, work: (of: Mutation) => string): string {
  const mutation = MUTATIONS_OF[name];
  assert.ok(mutation);
  if (name === 'trigger') return work(mutation);
  const triggers = raw.prepare("select name, sql from sqlite_schema where type = 'trigger'").all();
  for (const trigger of triggers) raw.exec(`drop trigger ${String(trigger.name)}`);
  const what = work(mutation);
  for (const trigger of triggers) raw.exec(String(trigger.sql));
  return what;
}

function newest(): string {
  return readFileSync(join(dir, 'audit', 'checkpoint'), 'utf8');
}

/** Some row with a content and somebody whose it is. */
function bodied(raw: DatabaseSync, random: Random): number {
  const own = 'body is not null and principal is not null';
  const from = `min(${rowOf(raw, random)}, (select max(seq) from log where ${own}))`;
  return number(raw, `select min(seq) as n from log where ${own} and seq >= ${from}`);
}

function checkpoint(raw: DatabaseSync, random: Random): number {
  return 1 + random(number(raw, 'select max(number) as n from checkpoints'));
}

function change(raw: DatabaseSync, seq: number, set: string | null): string {
  raw.exec(set === null ? `delete from log where seq = ${seq}` : `update log set ${set} where seq = ${seq}`);
  return `row ${seq}`;
}

function flip(
  raw: DatabaseSync,
  random: Random,
  table: string,
  column: string,
  by: string,
  at: number,
): string {
  const { value } = raw.prepare(`select ${column} as value from ${table} where ${by} = ?`).get(at) ?? {};
  const isText = typeof value === 'string';
  assert.ok(isText || value instanceof Uint8Array, `${table}.${column} of ${at}`);
  const bytes = flipped(Buffer.from(value), random);
  const changed = isText ? bytes.toString('latin1') : bytes;
  raw.prepare(`update ${table} set ${column} = ? where ${by} = ?`).run(changed, at);
  return `${column} of ${at}`;
}

function flipped(bytes: Buffer, random: Random): Buffer {
  const at = random(bytes.length);
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << random(7));
  return copy;
}

/** A checkpoint and all that follow, signed anew by a key of the same name. */
function resigned(raw: DatabaseSync, from: number, random: Random): string {
  for (const row of raw.prepare('select number, note from checkpoints where number >= ?').all(from)) {
    const parsed = parseCheckpoint(String(row.note));
    assert.ok(parsed);
    const signer = signerOf(parsed.checkpoint.origin, Buffer.alloc(32, random(255)));
    const note = signCheckpoint(parsed.checkpoint, [signer]);
    raw
      .prepare('update checkpoints set note = ?, key = ? where number = ?')
      .run(note, signer.verifier.text, row.number ?? 0);
  }
  return `from ${from} on`;
}

function number(raw: DatabaseSync, query: string): number {
  const { n } = raw.prepare(query).get() ?? {};
  assert.ok(typeof n === 'number', query);
  return n;
}

/** The same seed makes the same changes. */
function randomFrom(seed: number): Random {
  const random = seeded(seed);
  return (below) => Math.floor(random() * below);
}
