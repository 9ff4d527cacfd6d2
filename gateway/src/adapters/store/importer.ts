import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { SluiceError } from '../../../contract/error.ts';
import type { Checkpoints } from './audit/checkpoints.ts';
import type { TreeLog } from './audit/tree-log.ts';
import { ContentsReader } from './contents.ts';
import { entriesOf, wholeEntry } from './entries.ts';
import { journalFile, makeJournalFiles, type Position } from './journal/files.ts';
import { decodeFrame, frameBytes, HEADER_BYTES, holdsFrame } from './journal/frame.ts';
import { SearchIndex } from './search/search-index.ts';

const PositionRow = z.object({ segment: z.int().nonnegative(), offset: z.int().nonnegative() });

export type ImporterOptions = {
  raw: DatabaseSync;
  dir: string;
  segmentBytes: number;
  log: TreeLog;
  checkpoints: Checkpoints;
};

/**
 * Takes what stands in the journal over into the database. How far it is, is kept in the same transaction, so
 * that nothing is taken twice or left out; so are the tree over it and its checkpoint. What was written in part when a
 * gateway died is the end of its segment.
 */
export class Importer {
  readonly #raw: DatabaseSync;
  readonly #dir: string;
  readonly #segmentBytes: number;
  readonly #log: TreeLog;
  readonly #checkpoints: Checkpoints;
  readonly #search: SearchIndex;
  readonly #contents = new ContentsReader();
  readonly #reach;
  readonly #files: [number, number];
  #position: Position;

  /**
   * Makes the journal's files where there are none.
   * @throws SluiceError `store.corrupt` when records were taken from files that are gone, or are not the same any more
   */
  constructor({ raw, dir, segmentBytes, log, checkpoints }: ImporterOptions) {
    this.#raw = raw;
    this.#log = log;
    this.#checkpoints = checkpoints;
    this.#dir = dir;
    this.#segmentBytes = segmentBytes;
    this.#position = PositionRow.parse(raw.prepare('select segment, "offset" from journal').get());
    this.#mustBeThere();
    makeJournalFiles(dir, segmentBytes);
    this.#files = [openSync(journalFile(dir, 0), 'r+'), openSync(journalFile(dir, 1), 'r+')];
    this.#mustGoOn();
    this.#reach = raw.prepare('update journal set segment = ?, "offset" = ?');
    this.#search = new SearchIndex(raw);
    this.#search.build();
  }

  get segment(): number {
    return this.#position.segment;
  }

  /** Takes over all that is there. */
  run(): void {
    let position = this.#position;
    const complete: number[] = [];
    this.#raw.exec('begin immediate');
    // A segment that has a successor is complete, and so it must be looked at before this one is read.
    for (let next = this.#begins(position.segment + 1); ; next = this.#begins(position.segment + 1)) {
      position = this.#readSegment(position);
      if (!next) break;
      this.#mustEndAt(position);
      complete.push(position.segment);
      position = { segment: position.segment + 1, offset: 0 };
    }
    this.#keep(position);
    // Not before the commit: until then the file alone has what was written beyond its measure.
    for (const segment of complete) this.#trim(segment);
  }

  /**
   * The same, for a caller that knows what was written.
   * @throws SluiceError `store.corrupt` when that is not there
   */
  runUpTo({ segment, offset }: Position): void {
    this.run();
    const reached = this.#position;
    if (reached.segment > segment || (reached.segment === segment && reached.offset >= offset)) return;
    throw this.#damaged('records that were written are not there any more');
  }

  /**
   * Begins a segment, after whatever a gateway that died had left of the last one.
   * @throws SluiceError `store.corrupt` when more was left than a write that was cut off
   */
  beginSegment(): void {
    this.#mustEndAt(this.#position);
    this.#raw.exec('begin immediate');
    this.#keep({ segment: this.#position.segment + 1, offset: 0 });
  }

  close(): void {
    for (const file of this.#files) closeSync(file);
  }

  #keep(position: Position): void {
    const { segment, offset } = this.#position;
    // A transaction that writes nothing needs no flush.
    if (position.segment !== segment || position.offset !== offset) {
      this.#reach.run(position.segment, position.offset);
    }
    this.#search.follow();
    this.#checkpoints.signIfDue();
    this.#raw.exec('commit');
    this.#checkpoints.publish();
    this.#position = position;
  }

  #readSegment({ segment, offset }: Position): Position {
    let at = offset;
    for (let frame = this.#frame(segment, at); frame !== null; frame = this.#frame(segment, at)) {
      this.#take(frame.text);
      at += frame.bytes;
    }
    return { segment, offset: at };
  }

  #take(text: string): void {
    for (const entry of entriesOf(text)) {
      const contents = this.#contents.read(entry);
      this.#log.append(wholeEntry(entry), contents.subject);
      this.#search.take({ seq: this.#log.size, type: entry.type, record: entry.record, contents });
    }
  }

  /** Frames are written one after the other: none stands behind one that was cut off. */
  #mustEndAt({ segment, offset }: Position): void {
    const file = this.#files[segment % 2 === 0 ? 0 : 1];
    const rest = read(file, offset, Math.max(0, fstatSync(file).size - offset));
    if (holdsFrame(rest, segment)) throw this.#damaged('records stand behind some that can not be read');
  }

  /** What nobody took over yet was in them. */
  #mustBeThere(): void {
    const { segment, offset } = this.#position;
    if (segment === 0 && offset === 0) return;
    const missing = [0, 1].map((file) => journalFile(this.#dir, file)).find((file) => !existsSync(file));
    if (missing !== undefined) throw this.#damaged(`${basename(missing)} is missing`);
  }

  #mustGoOn(): void {
    const { segment, offset } = this.#position;
    if (offset === 0 || this.#begins(segment)) return;
    throw this.#damaged('records that were taken from it are not in it any more');
  }

  #damaged(why: string): SluiceError {
    return new SluiceError(
      'store.corrupt',
      `The journal in ${this.#dir} is damaged: ${why}.`,
      'Keep the folder for examination, and start with another `dataDir`.',
    );
  }

  #begins(segment: number): boolean {
    return this.#frame(segment, 0) !== null;
  }

  #frame(segment: number, at: number): { text: string; bytes: number } | null {
    const file = this.#files[segment % 2 === 0 ? 0 : 1];
    const bytes = frameBytes(read(file, at, HEADER_BYTES), segment);
    if (bytes === null || at + bytes > fstatSync(file).size) return null;
    const text = decodeFrame(read(file, at, bytes));
    return text === null ? null : { text, bytes };
  }

  /** Gives back the room that a segment took beyond its measure. */
  #trim(segment: number): void {
    const file = this.#files[segment % 2 === 0 ? 0 : 1];
    if (fstatSync(file).size > this.#segmentBytes) ftruncateSync(file, this.#segmentBytes);
  }
}

function read(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const count = readSync(file, bytes, done, length - done, at + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}
