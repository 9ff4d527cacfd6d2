import { performance } from 'node:perf_hooks';
import type { SluiceError } from '../../../../contract/error.ts';
import { Batch } from '../batch.ts';
import type { JournalEntry } from '../entries.ts';
import { asError } from '../failure.ts';
import { journalFile, type Position } from './files.ts';
import { encodeFrame } from './frame.ts';
import { SyncedFile } from './synced-file.ts';

/** Entries that may wait for others to share their write wait no longer than this. */
const MAX_PATIENCE_MS = 1;
/** A batch takes no more entries from here on, so that none becomes a text beyond what the engine can hold. */
const MAX_BATCH_CHARACTERS = 4 * 1024 * 1024;
/** Or every segment, where that is smaller. */
const IMPORT_EVERY_BYTES = 1024 * 1024;
export const IMPORT_EVERY_MS = 200;
/** A write that held up everything else this long sends those that follow to another thread. */
const MAX_PAUSE_MS = 1;
const DETOUR_WRITES = 1000;

export type JournalOptions = {
  dir: string;
  /** The segment to begin with; its file holds nothing that is not in the database. */
  segment: number;
  segmentBytes: number;
  maxPauseMs?: number;
  /** Puts everything up to here into the database; resolves with the segment that was reached. */
  importUpTo(position: Position): Promise<number>;
  /** Nothing more can be kept. */
  fail(why: SluiceError): void;
};

/**
 * The gateway's end of the journal. Group commit: while one batch is being written, what arrives waits, and all
 * of it is the next batch. A write happens in this thread while the disk is quick, for waking another one takes
 * longer than the disk does; see docs/adr/0007-journal.md.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #files: readonly [SyncedFile, SyncedFile];
  readonly #maxPauseMs: number;
  readonly #importEveryBytes: number;
  #segment: number;
  #at = 0;
  /** Where what is on disk ends; a segment whose first write is under way has not begun. */
  #end: Position;
  #queue: Batch[] = [];
  #writing: Batch | null = null;
  /** Whether anybody in the queue waits for the disk, rather than for company. */
  #urgent = false;
  #patient = false;
  /** Writes that are still to be done in another thread. */
  #detour = 0;
  #failure: SluiceError | null = null;
  /** Segments before this one are in the database. */
  #importedTo: number;
  #importing = false;
  #unimportedBytes = 0;
  /** Of these it was said that they are to be imported, and not yet that they are. */
  #importingBytes = 0;
  #idle: (() => void) | null = null;
  readonly #patience: NodeJS.Timeout;
  readonly #importSoon: NodeJS.Timeout;

  constructor(options: JournalOptions) {
    const { dir, segment, maxPauseMs = MAX_PAUSE_MS } = options;
    this.#options = options;
    this.#maxPauseMs = maxPauseMs;
    this.#importEveryBytes = Math.min(IMPORT_EVERY_BYTES, options.segmentBytes);
    this.#segment = segment;
    this.#importedTo = segment;
    this.#end = { segment, offset: 0 };
    this.#files = [new SyncedFile(journalFile(dir, 0)), new SyncedFile(journalFile(dir, 1))];
    this.#patience = setTimeout(() => this.#becomeUrgent(), MAX_PATIENCE_MS);
    this.#importSoon = setTimeout(() => this.#import(), IMPORT_EVERY_MS).unref();
  }

  /**
   * Resolves when the entry is on disk. One that is not urgent waits a moment for others to share its write: a
   * short statement's opening and end then cost one and not two.
   */
  append(entry: JournalEntry, urgency: 'now' | 'soon'): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const kept = this.#last().add(entry);
    if (urgency === 'now') this.#becomeUrgent();
    else this.#becomePatient();
    return kept;
  }

  /** What waits: to be written, and once written to be taken over into the database. */
  get lag(): { unwrittenCharacters: number; unimportedBytes: number } {
    const batches = this.#writing === null ? this.#queue : [this.#writing, ...this.#queue];
    const unwrittenCharacters = batches.reduce((sum, { characters }) => sum + characters, 0);
    return { unwrittenCharacters, unimportedBytes: this.#unimportedBytes + this.#importingBytes };
  }

  /** Refuses everything from here on, for good. */
  fail(why: SluiceError): void {
    if (this.#failure !== null) return;
    this.#failure = why;
    this.#writing?.reject(why);
    for (const batch of this.#queue) batch.reject(why);
    this.#queue = [];
    this.#idle?.();
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    this.#becomeUrgent();
    if (this.#failure === null && (this.#writing !== null || this.#queue.length > 0)) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    clearTimeout(this.#patience);
    clearTimeout(this.#importSoon);
    for (const file of this.#files) file.close();
  }

  #last(): Batch {
    const last = this.#queue.at(-1);
    if (last !== undefined && last.characters < MAX_BATCH_CHARACTERS) return last;
    const next = new Batch();
    this.#queue.push(next);
    return next;
  }

  #becomePatient(): void {
    if (this.#urgent || this.#patient) return;
    this.#patient = true;
    this.#patience.refresh();
  }

  #becomeUrgent(): void {
    if (this.#urgent || this.#queue.length === 0) return;
    this.#urgent = true;
    // What the same turn of the event loop still brings goes into the same batch.
    if (this.#writing === null) setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    const batch = this.#queue.shift();
    if (batch === undefined || this.#failure !== null) return;
    this.#urgent = this.#queue.length > 0;
    this.#patient = false;
    this.#writing = batch;
    try {
      this.#turn();
      this.#write(encodeFrame(this.#segment, batch.text()));
    } catch (error) {
      this.#lose(error);
    }
  };

  #write(frame: Buffer): void {
    const file = this.#files[this.#segment % 2 === 0 ? 0 : 1];
    if (this.#detour > 0) {
      this.#detour -= 1;
      file.write(frame, this.#at).then(
        () => this.#written(frame.length),
        (error: unknown) => this.#lose(error),
      );
      return;
    }
    const startedAtMs = performance.now();
    file.writeHere(frame, this.#at);
    if (performance.now() - startedAtMs > this.#maxPauseMs) this.#detour = DETOUR_WRITES;
    this.#written(frame.length);
  }

  #written(bytes: number): void {
    if (this.#failure !== null) return;
    this.#at += bytes;
    this.#end = { segment: this.#segment, offset: this.#at };
    this.#writing?.resolve();
    this.#writing = null;
    this.#noteUnimported(bytes);
    if (this.#urgent) setImmediate(this.#flush);
    else if (this.#queue.length === 0) this.#idle?.();
  }

  /** Goes over to the other file once this one is full, if all that stands in that one is in the database. */
  #turn(): void {
    if (this.#at < this.#options.segmentBytes || this.#importedTo < this.#segment) return;
    this.#segment += 1;
    this.#at = 0;
  }

  #noteUnimported(bytes: number): void {
    if (this.#unimportedBytes === 0) this.#importSoon.refresh();
    this.#unimportedBytes += bytes;
    if (this.#unimportedBytes >= this.#importEveryBytes) this.#import();
  }

  #import(): void {
    if (this.#importing || this.#unimportedBytes === 0 || this.#failure !== null) return;
    this.#importing = true;
    this.#importingBytes = this.#unimportedBytes;
    this.#unimportedBytes = 0;
    const { importUpTo } = this.#options;
    importUpTo(this.#end).then(
      (segment) => {
        this.#importing = false;
        this.#importingBytes = 0;
        this.#importedTo = segment;
        if (this.#unimportedBytes >= this.#importEveryBytes) this.#import();
        // Its time may have come while this one was under way.
        else if (this.#unimportedBytes > 0) this.#importSoon.refresh();
      },
      // The store has failed as a whole, and says so itself.
      () => undefined,
    );
  }

  /** After a failed write nobody knows what is on disk: the next start finds out. */
  #lose(error: unknown): void {
    this.#options.fail(asError(this.#options.dir, error));
  }
}
