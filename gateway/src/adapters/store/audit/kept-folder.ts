import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type Proof, prove } from '../../../core/audit/proof.ts';
import { type KeptLeaf, type KeptLog, NEWEST } from '../../../core/audit/verify.ts';
import { completeRecordings, recordingFile } from '../../recordings/recording-file.ts';
import { waitingIn } from '../journal/waiting.ts';
import { fileDigest, isFile } from './file-digest.ts';
import { unfinishedPurge } from './purge-end.ts';
import { StoredTree, TILE_LEVELS } from './stored-tree.ts';
import { TRIGGERS } from './tables.ts';

const Bytes = z.instanceof(Uint8Array);
const LeafRow = z.object({
  seq: z.int(),
  kind: z.string(),
  record: z.string(),
  principal: z.string().nullable(),
  target: z.string().nullable(),
  body: z.string().nullable(),
  salt: Bytes.nullable(),
  commitment: Bytes,
});
const CheckpointRow = z.object({ number: z.int(), size: z.int(), key: z.string(), note: z.string() });
const SignedRow = z.object({ size: z.int(), key: z.string(), note: z.string() }).optional();
const CountRow = z.object({ count: z.int() });
const TileRow = z.object({ hash: Bytes }).optional();
const PositionRow = z.object({ segment: z.int(), offset: z.int() });
const SeqRow = z.object({ seq: z.unknown().transform(String) });
const TriggerRow = z.object({ name: z.string(), sql: z.string() });
const NamedRow = z.object({ seq: z.int(), record: z.string() });
const RecordRow = z.object({ record: z.string() });
const CheckRow = z.object({ integrity_check: z.string() });

/** A log that is read where a gateway keeps it, also while that runs. */
export type LogReader = KeptLog & {
  /** Entries that are on disk and in no tree yet. */
  waiting: number;
  /** What the database says of itself: pages, indexes and triggers that are not as they should be. */
  damage(): string[];
  /** The entries of a record, with their proof; null where there are none that are signed. */
  prove(record: string): Proof | null;
  close(): void;
};

/** Where to begin: what was read up to here is left out. */
type Behind = { seq: number; checkpoint: number };
const START: Behind = { seq: 0, checkpoint: 0 };

/** Opens the data folder of a gateway for reading; nothing in it is changed. */
export function readFolder(dir: string, behind: Behind = START): LogReader {
  const file = join(dir, NEWEST);
  // Before the database: a gateway that runs may go on in between, and the file is never ahead of it.
  const newest = isFile(file) ? readFileSync(file, 'utf8') : null;
  const raw = openToRead(join(dir, 'sluice.db'));
  raw.exec('begin');
  return readerOf(raw, dir, newest, behind);
}

/** The log of an open database, with the other files of its folder. `newest`: what `audit/checkpoint` holds. */
export function readerOf(raw: DatabaseSync, dir: string, newest: string | null, behind = START): LogReader {
  // Before anything is read of the database: what is complete by then was told to the journal.
  const complete = completeRecordings(dir);
  const tile = raw.prepare('select hash from tiles where level = ? and "index" = ?');
  const count = raw.prepare('select count(*) as count from tiles');
  const position = PositionRow.parse(raw.prepare('select segment, "offset" from journal').get());
  const waiting = waitingIn(dir, position);
  const columns = 'seq, kind, record, principal, target, body, salt, commitment';
  return {
    leaves: mapped(
      raw.prepare(`select ${columns} from log where seq > ? order by seq`).iterate(behind.seq),
      leafOfRow,
    ),
    checkpoints: mapped(
      raw
        .prepare('select number, size, key, note from checkpoints where number > ? order by number')
        .iterate(behind.checkpoint),
      (row) => CheckpointRow.parse(row),
    ),
    copies: newest === null ? [] : [{ where: NEWEST, note: newest }],
    tiles: {
      levels: TILE_LEVELS,
      count: () => CountRow.parse(count.get()).count,
      at: (level, index) => TileRow.parse(tile.get(level, index))?.hash ?? null,
    },
    recording: (session, terminal) => fileDigest(recordingFile(dir, { session, terminal })),
    ...(waiting === 0 ? { recordings: () => complete } : {}),
    isBeingDeleted: (session, terminal) =>
      unfinishedPurge(raw)?.some((left) => left.session === session && left.terminal === terminal) === true,
    recordsAt: (seqs) => recordsAt(raw, seqs),
    waiting,
    damage: () => damageOf(raw, newest),
    prove: (record) => {
      const signed = SignedRow.parse(
        raw.prepare('select size, key, note from checkpoints order by number desc limit 1').get(),
      );
      if (signed === undefined) return null;
      const rows = raw.prepare(`select ${columns} from log where record = ? and seq <= ? order by seq`);
      const leaves = rows.all(record, signed.size).map(leafOfRow);
      return leaves.length === 0 ? null : prove(leaves, signed, new StoredTree(raw).subtreeAt);
    },
    close: () => raw.close(),
  };
}

/** SQLite makes files beside a database to read it; where it may not, nobody else is writing. */
function openToRead(file: string): DatabaseSync {
  const raw = new DatabaseSync(file, { readOnly: true });
  try {
    raw.exec('select 1 from log limit 1');
    return raw;
  } catch (error) {
    raw.close();
    if (!/unable to open|readonly/.test(String(error))) throw error;
    const url = pathToFileURL(file);
    url.searchParams.set('immutable', '1');
    return new DatabaseSync(url, { readOnly: true });
  }
}

/** @throws Error that says which row it is, when it is none of a log */
function leafOfRow(row: unknown): KeptLeaf {
  const read = LeafRow.safeParse(row);
  if (!read.success) throw new Error(`row ${SeqRow.parse(row).seq} is not as gateways write rows`);
  const { principal, target, ...leaf } = read.data;
  return { ...leaf, subject: { principal, target } };
}

function recordsAt(raw: DatabaseSync, seqs: readonly number[]): Map<number, string> {
  const rows = raw.prepare('select seq, record from log where seq in (select value from json_each(?))');
  return new Map(
    rows
      .all(JSON.stringify(seqs))
      .map((row) => NamedRow.parse(row))
      .map(({ seq, record }) => [seq, record]),
  );
}

function damageOf(raw: DatabaseSync, newest: string | null): string[] {
  const checked = raw.prepare('pragma integrity_check(3)').all();
  const said = checked.map((row) => CheckRow.parse(row).integrity_check).filter((line) => line !== 'ok');
  return [
    ...(newest === null ? [`${NEWEST} is missing`] : []),
    ...said.map((line) => `the database is damaged: ${line}`),
    ...beforeTheFirst(raw),
    ...wrongTriggers(raw),
    ...unsearched(raw),
  ];
}

function wrongTriggers(raw: DatabaseSync): string[] {
  const rows = raw.prepare("select name, sql from sqlite_schema where type = 'trigger'").all();
  const kept = new Map(rows.map((row) => TriggerRow.parse(row)).map(({ name, sql }) => [name, sql]));
  const changed = Object.entries(TRIGGERS).filter(([name, sql]) => !isSameSql(kept.get(name) ?? '', sql));
  return [
    ...changed.map(([name]) => `the trigger ${name}, which keeps the log from being changed, is gone`),
    ...[...kept.keys()]
      .filter((name) => !Object.hasOwn(TRIGGERS, name))
      .map((name) => `the database has a trigger ${name}, which no gateway makes`),
  ];
}

/** SQLite keeps a statement as it was written, but for its first words. */
function isSameSql(kept: string, made: string): boolean {
  const plain = (sql: string) =>
    sql
      .replace(/^create trigger/i, '')
      .replace(/\s+/g, ' ')
      .trim();
  return plain(kept) === plain(made);
}

/** Entries and checkpoints count from 1 on; others would be shown beside them, and are in no tree. */
function beforeTheFirst(raw: DatabaseSync): string[] {
  const row = raw.prepare('select record from log where seq < 1 limit 1').get();
  const number = raw.prepare('select number from checkpoints where number < 1 limit 1').get();
  return [
    ...(row === undefined ? [] : [`record ${RecordRow.parse(row).record} stands before the first entry`]),
    ...(number === undefined ? [] : ['a checkpoint stands before the first one']),
  ];
}

/** A record that the index lacks is one that nobody finds. Openings come into both in one transaction. */
function unsearched(raw: DatabaseSync): string[] {
  const places = CountRow.parse(raw.prepare('select count(*) as count from searched_up_to').get());
  if (places.count !== 1) return ["it is not kept how far the search's index is"];
  const missing = `select record from log where kind in ('opened', 'kept') and body is not null
    and not exists (select 1 from searched, searched_words_docsize
      where searched.record = log.record and searched_words_docsize.id = searched.position) limit 1`;
  return raw
    .prepare(missing)
    .all()
    .map((row) => `the search's index lacks record ${RecordRow.parse(row).record}`);
}

function* mapped<Row, Value>(rows: Iterable<Row>, value: (row: Row) => Value): Generator<Value> {
  for (const row of rows) yield value(row);
}
