import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { AuditEvent, AuditFact } from '../../../../contract/audit-event.ts';
import { SluiceError } from '../../../../contract/error.ts';
import { HOLDS } from '../../../core/audit/holds.ts';
import { Held, isHeld, isLasting } from '../../../core/audit/purge.ts';
import { newRecordId } from '../../../core/flow/record-id.ts';
import { recordingFile } from '../../recordings/recording-file.ts';
import { pageOf } from '../pages.ts';
import { principalsCalled } from '../search/principals.ts';
import type { Checkpoints } from './checkpoints.ts';
import { PurgeEnd, Recording } from './purge-end.ts';
import { headerOf } from './recording-header.ts';
import type { TreeLog } from './tree-log.ts';

/** Records that one transaction looks at, or fewer where they are long: what waits meanwhile waits no longer than this takes. */
const CHUNK = 2000;

const Hold = z.object({ of: Held });
const DocumentRow = z.object({ key: z.string(), value: z.string() });
/** Of an event, which may be of another version, alone what is looked for. */
const RecordingEvent = z.object({ fact: Recording.extend({ kind: z.literal('recording') }) });
const OpeningRow = z.object({
  seq: z.int(),
  kind: z.enum(['opened', 'kept', 'event']),
  record: z.string(),
  body: z.string().nullable(),
  closing: z.int().nullable(),
  /** Of its content and its end's. */
  bytes: z.int(),
});
type OpeningRow = z.infer<typeof OpeningRow>;

/** Nobody knows what a hold keeps that can't be read, so nothing is taken. What was taken before is whole. */
export class PurgeRefused extends SluiceError {
  constructor(hold: string, cause: unknown) {
    super(
      'store.corrupt',
      `Nothing is purged: the legal hold ${hold} can't be read, so nobody knows what it keeps.`,
      'Was it placed by a newer version? Then start that one. Else somebody changed the database: restore a backup.',
      { cause },
    );
  }
}

/** What is purged: records that were made before this, in milliseconds since the epoch. */
export type PurgeOrder = { beforeMs: number; reason: string; by: AuditEvent['by'] };

export type PurgeParts = { raw: DatabaseSync; dir: string; log: TreeLog; checkpoints: Checkpoints };

/**
 * Takes the contents of old records out of the log, and says so in it; their hashes stay. In steps, so that others get
 * their turn in between: `next` does one and says whether there is more.
 */
export class PurgeRun {
  readonly #parts: PurgeParts;
  readonly #order: PurgeOrder;
  readonly #before: string;
  readonly #rows;
  /** Contents that are gone. */
  count = 0;
  /** Comes once there are no more rows; also the one of a purge that was interrupted. */
  readonly end: PurgeEnd;
  /** Whom a hold names, as the log knew it before anything was taken out. */
  readonly #called = new Map<string, string[]>();
  #after = '';
  #isTaking = true;

  constructor(parts: PurgeParts, order: PurgeOrder) {
    this.#parts = parts;
    this.#order = order;
    this.end = new PurgeEnd(parts);
    this.#before = firstIdAt(order.beforeMs);
    this.#rows = parts.raw.prepare(
      `select log.seq, log.kind, log.record, log.body, closing.seq as closing,
        coalesce(octet_length(log.body), 0) + coalesce(octet_length(closing.body), 0) as bytes
       from log left join log as closing on closing.record = log.record and closing.kind = 'closed'
       where log.kind <> 'closed' and log.record > ? and log.record < ? order by log.record limit ${CHUNK}`,
    );
  }

  next(): boolean {
    if (!this.#isTaking) return this.end.next();
    this.#isTaking = this.#takeChunk();
    return true;
  }

  #takeChunk(): boolean {
    const { rows, isCut } = pageOf(this.#rows.iterate(this.#after, this.#before), OpeningRow);
    this.#after = rows.at(-1)?.record ?? this.#before;
    const holds = this.#holds();
    const goes = rows.filter((row) => this.#goes(row, holds));
    const recordings = rows.flatMap((row) => this.#recordingOf(row, holds) ?? []);
    if (goes.length > 0 || recordings.length > 0) this.#commit(goes, recordings);
    return isCut || rows.length === CHUNK;
  }

  #commit(goes: readonly OpeningRow[], recordings: Recording[]): void {
    const { raw, checkpoints } = this.#parts;
    // What is taken out is overwritten, not only no longer pointed at.
    raw.exec('pragma secure_delete = on; begin immediate');
    this.#take(goes, recordings);
    this.end.note(recordings);
    checkpoints.signIfDue();
    raw.exec('commit; pragma secure_delete = fast');
    checkpoints.publish();
    this.end.deleteRecordings();
  }

  #goes({ kind, body, closing }: OpeningRow, holds: readonly Held[]): boolean {
    if (body === null || (kind === 'opened' && closing === null)) return false;
    return !isLasting(kind, body) && !isHeld(body, holds);
  }

  #take(goes: readonly OpeningRow[], recordings: Recording[]): void {
    const { raw, log } = this.#parts;
    const seqs = goes.flatMap(({ seq, closing }) => (closing === null ? [seq] : [seq, closing]));
    const mark = raw.prepare('insert into purging (seq) values (?)');
    for (const seq of seqs) mark.run(seq);
    raw.exec(`update log set body = null, salt = null, principal = null, target = null
      where seq in (select seq from purging)`);
    raw.exec('delete from purging');
    const told = tally(seqs, this.#order.reason, recordings);
    const event = eventOf(told, this.#order);
    log.append({ type: 'event', record: event.id, body: JSON.stringify(event) });
    this.count += seqs.length;
  }

  /** The file that a `recording` event tells of, where it is still there and may go. */
  #recordingOf({ kind, body }: OpeningRow, holds: readonly Held[]): Recording | null {
    if (kind !== 'event' || body === null) return null;
    const { dir } = this.#parts;
    const event = RecordingEvent.safeParse(JSON.parse(body));
    if (!event.success) return null;
    const { fact } = event.data;
    if (!existsSync(recordingFile(dir, fact))) return null;
    // Whose session it was stands in the recording alone; one that does not say is nobody's to take while there are holds.
    const header = headerOf(recordingFile(dir, fact));
    const kept = header === null ? holds.length > 0 : isHeld(header, holds);
    return kept || isHeld(body, holds) ? null : { session: fact.session, terminal: fact.terminal };
  }

  #holds(): Held[] {
    const rows = this.#parts.raw.prepare('select key, value from documents where collection = ?').all(HOLDS);
    return rows.flatMap((row) => this.#whole(holdIn(DocumentRow.parse(row))));
  }

  /** A hold by an address is on all of whoever has it, also on what says their id alone. */
  #whole(hold: Held): Held[] {
    if (hold.kind !== 'principal') return [hold];
    const ids = this.#called.get(hold.value) ?? principalsCalled(this.#parts.raw, hold.value);
    this.#called.set(hold.value, ids);
    return [hold, ...ids.map((value) => ({ ...hold, value }))];
  }
}

function holdIn({ key, value }: z.infer<typeof DocumentRow>): Held {
  try {
    return Hold.parse(JSON.parse(value)).of;
  } catch (cause) {
    throw new PurgeRefused(key, cause);
  }
}

function tally(seqs: readonly number[], reason: string, recordings: Recording[]): AuditFact {
  const ranges = rangesOf(seqs);
  const [from, to] = [ranges[0]?.[0] ?? 0, ranges.at(-1)?.[1] ?? 0];
  return { kind: 'purged', from, to, count: seqs.length, ranges, reason, recordings };
}

/** Leaves, which are numbered from 0 on, of rows, which are numbered from 1 on. */
function rangesOf(seqs: readonly number[]): Array<[number, number]> {
  const ranges: Array<[number, number]> = [];
  for (const seq of seqs.toSorted((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last?.[1] === seq - 1) last[1] = seq;
    else ranges.push([seq - 1, seq]);
  }
  return ranges;
}

function eventOf(fact: AuditFact, { by }: PurgeOrder): AuditEvent {
  const at = new Date();
  return { id: newRecordId(at), at: at.toISOString(), by, fact };
}

/** The least UUIDv7 of a millisecond. */
function firstIdAt(ms: number): string {
  const time = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-`;
}
