import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { ActionRecord, RecordOutcome } from '../../../../contract/record.ts';
import { COLLISION_ROOM, positionOf } from './position.ts';
import { termsOf } from './terms.ts';

/** Rows of the log that are taken in at a time. */
const CHUNK = 5000;
/** What is found of a statement's words stands in these first characters. */
const MAX_CHARACTERS = 20_000;

const LogRow = z.object({ seq: z.int(), kind: z.string(), record: z.string(), body: z.string().nullable() });
const Seq = z.object({ seq: z.int() });
const Body = z.object({ body: z.string().nullable() });
const PositionRow = z.object({ position: z.bigint().nullable() });

type Opening = Omit<ActionRecord, 'outcome'>;
/** What the log says of a record. `wasRunning`: the index has it, without its end. */
type Entry = { opening: Opening; outcome: RecordOutcome | null; wasRunning: boolean };

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
  #upTo: number;

  constructor(raw: DatabaseSync) {
    this.#raw = raw;
    this.#rows = raw.prepare(
      `select seq, kind, record, body from log where seq > ? order by seq limit ${CHUNK}`,
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
  }

  /** Takes in, in transactions of its own, what the log has and the index has not. */
  build(): void {
    for (let isMore = true; isMore; ) {
      this.#raw.exec('begin immediate');
      isMore = this.#takeChunk();
      this.#raw.exec('commit');
    }
  }

  /** The same in the transaction that is open. */
  follow(): void {
    while (this.#takeChunk());
  }

  #takeChunk(): boolean {
    const rows = z.array(LogRow).parse(this.#rows.all(this.#upTo));
    const last = rows.at(-1);
    if (last === undefined) return false;
    const entries = new Map<string, Entry>();
    for (const row of rows) this.#take(entries, row);
    const placed = [...entries.values()].map((entry) => ({ ...entry, position: this.#positionOf(entry) }));
    // FTS5 writes rows that come in their order in one go.
    placed.sort((one, other) => (one.position < other.position ? -1 : 1));
    for (const { position, opening, outcome, wasRunning } of placed) {
      if (wasRunning) this.#remove.run(position);
      const text = opening.statement.slice(0, MAX_CHARACTERS);
      this.#insert.run(position, termsOf(opening, outcome).join(' '), text);
    }
    this.#reach.run(last.seq);
    this.#upTo = last.seq;
    return rows.length === CHUNK;
  }

  #take(entries: Map<string, Entry>, { kind, record, body }: z.infer<typeof LogRow>): void {
    if (kind === 'event' || body === null) return;
    if (kind !== 'closed') {
      const { outcome = null, ...opening }: ActionRecord = JSON.parse(body);
      entries.set(record, { opening, outcome, wasRunning: false });
      return;
    }
    const entry = entries.get(record) ?? this.#running(record);
    if (entry !== null) entries.set(record, { ...entry, outcome: JSON.parse(body) });
  }

  #running(record: string): Entry | null {
    const row = this.#opening.get(record);
    const { body } = row === undefined ? { body: null } : Body.parse(row);
    if (body === null) return null;
    const { outcome, ...opening }: ActionRecord = JSON.parse(body);
    return { opening, outcome, wasRunning: true };
  }

  #positionOf({ opening, wasRunning }: Entry): bigint {
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
