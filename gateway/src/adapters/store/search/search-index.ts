import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { ActionRecord, RecordOutcome } from '../../../../contract/record.ts';
import { type Contents, contentsOf } from '../contents.ts';
import type { Entry } from '../entries.ts';
import { PAGE_BYTES, pageOf } from '../pages.ts';
import { COLLISION_ROOM, positionOf } from './position.ts';
import { termsOf } from './terms.ts';

/** Rows of the log that are taken in at a time; fewer where they are long. */
const CHUNK = 5000;
/** What is found of a statement's words stands in these first characters. */
const MAX_CHARACTERS = 20_000;

const LogRow = z.object({
  seq: z.int(),
  kind: z.enum(['opened', 'closed', 'kept', 'event']),
  record: z.string(),
  body: z.string().nullable(),
  bytes: z.int(),
});
const Seq = z.object({ seq: z.int() });
const Body = z.object({ body: z.string().nullable() });
const PositionRow = z.object({ position: z.bigint().nullable() });

type Opening = Omit<ActionRecord, 'outcome'>;
/** What the log says of a record. `wasRunning`: the index has it, without its end. */
type Found = { opening: Opening; outcome: RecordOutcome | null; wasRunning: boolean };
/** A row of the log; null: its contents are purged. */
type Row = { seq: number; type: Entry['type']; record: string; contents: Contents | null };

/** Keeps the index at what the log says. */
export class SearchIndex {
  readonly #raw: DatabaseSync;
  readonly #rows;
  readonly #opening;
  readonly #find;
  readonly #last;
  readonly #name;
  readonly #insert;
  readonly #remove;
  readonly #reach;
  /** Up to this row the log is in the index, */
  #upTo: number;
  /** and up to this one it is here, until it is written there. */
  #takenUpTo: number;
  #taken = new Map<string, Found>();
  /** Of their statements. */
  #takenCharacters = 0;

  constructor(raw: DatabaseSync) {
    this.#raw = raw;
    this.#rows = raw.prepare(
      `select seq, kind, record, body, coalesce(octet_length(body), 0) as bytes from log where seq > ?
        order by seq limit ${CHUNK}`,
    );
    this.#opening = raw.prepare(`select body from log where record = ? and kind <> 'closed'`);
    this.#find = raw.prepare('select position from searched where record = ?');
    this.#find.setReadBigInts(true);
    this.#last = raw.prepare('select max(position) as position from searched where position < ?');
    this.#last.setReadBigInts(true);
    this.#name = raw.prepare('insert or ignore into searched (position, record) values (?, ?)');
    this.#insert = raw.prepare('insert into searched_words (rowid, terms, text) values (?, ?, ?)');
    this.#remove = raw.prepare('delete from searched_words where rowid = ?');
    this.#reach = raw.prepare('update searched_up_to set seq = ?');
    raw.exec(FORGET_PURGED);
    this.#upTo = Seq.parse(raw.prepare('select seq from searched_up_to').get()).seq;
    this.#takenUpTo = this.#upTo;
  }

  /** Takes in, in transactions of its own, what the log has and the index has not. */
  build(): void {
    for (let isMore = true; isMore; ) {
      this.#raw.exec('begin immediate');
      isMore = this.#takeChunk();
      this.#raw.exec('commit');
    }
  }

  /** Takes in what is appended to the log; rows that stand before it and were not told of are read there later. */
  take(row: Row): void {
    if (row.seq !== this.#takenUpTo + 1) return;
    this.#takenUpTo = row.seq;
    this.#note(row);
    if (this.#taken.size >= CHUNK || this.#takenCharacters >= PAGE_BYTES) this.#write();
  }

  /** Brings the index up to the log, in the transaction that is open. */
  follow(): void {
    this.#write();
    while (this.#takeChunk());
  }

  #takeChunk(): boolean {
    const { rows, isCut } = pageOf(this.#rows.iterate(this.#upTo), LogRow);
    for (const { seq, kind: type, record, body } of rows) {
      this.take({ seq, type, record, contents: body === null ? null : contentsOf({ type, record, body }) });
    }
    this.#write();
    return isCut || rows.length === CHUNK;
  }

  #write(): void {
    if (this.#takenUpTo === this.#upTo) return;
    const placed = [...this.#taken.values()].map((found) => ({
      ...found,
      position: this.#positionOf(found),
    }));
    // FTS5 writes rows that come in their order in one go.
    placed.sort((one, other) => (one.position < other.position ? -1 : 1));
    for (const { position, opening, outcome, wasRunning } of placed) {
      if (wasRunning) this.#remove.run(position);
      const text = opening.statement.slice(0, MAX_CHARACTERS);
      this.#insert.run(position, termsOf(opening, outcome), text);
    }
    this.#reach.run(this.#takenUpTo);
    this.#upTo = this.#takenUpTo;
    this.#taken = new Map();
    this.#takenCharacters = 0;
  }

  #note({ type, record, contents }: Row): void {
    if (contents === null) return;
    const { opening, outcome } = contents;
    if (opening !== null) this.#keep(record, { opening, outcome, wasRunning: false });
    if (type !== 'closed') return;
    const found = this.#taken.get(record) ?? this.#running(record);
    if (found !== null) this.#keep(record, { ...found, outcome });
  }

  #keep(record: string, found: Found): void {
    if (!this.#taken.has(record)) this.#takenCharacters += found.opening.statement.length;
    this.#taken.set(record, found);
  }

  #running(record: string): Found | null {
    const row = this.#opening.get(record);
    const { body } = row === undefined ? { body: null } : Body.parse(row);
    if (body === null) return null;
    const { outcome, ...opening }: ActionRecord = JSON.parse(body);
    return { opening, outcome, wasRunning: true };
  }

  #positionOf({ opening, wasRunning }: Found): bigint {
    if (wasRunning) {
      const { position } = PositionRow.parse(this.#find.get(opening.id));
      if (position !== null) return position;
    }
    const wanted = positionOf(opening.id) ?? this.#behind(null);
    if (this.#name.run(wanted, opening.id).changes === 1) return wanted;
    const free = this.#behind(wanted);
    this.#name.run(free, opening.id);
    return free;
  }

  /** Behind what is there: all of it, or what stands close to a position that is taken. */
  #behind(taken: bigint | null): bigint {
    const { position } = PositionRow.parse(
      this.#last.get(taken === null ? MAX_POSITION : taken + COLLISION_ROOM),
    );
    return (position ?? 0n) + 1n;
  }
}

/** A record whose body was purged is found no more. Of this connection, which alone writes. */
const FORGET_PURGED = `create temp trigger if not exists forget_purged after update of body on main.log
  when new.body is null and new.kind in ('opened', 'kept')
  begin
    delete from searched_words where rowid = (select position from searched where record = new.record);
    delete from searched where record = new.record;
  end`;
const MAX_POSITION = 2n ** 62n;
