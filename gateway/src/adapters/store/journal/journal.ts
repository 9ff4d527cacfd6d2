import { performance } from 'node:perf_hooks';
import type { SluiceError } from '../../../../contract/error.ts';
import type { Opening } from '../../../core/recording/recorder.ts';
import { Batch, charactersOf } from '../batch.ts';
import type { JournalEntry } from '../entries.ts';
import { asError } from '../failure.ts';
import { journalFile, type Position } from './files.ts';
import { encodeFrame } from './frame.ts';
import { SyncedFile } from './synced-file.ts';

/** An opening that nobody waits for is written no later than this, by the next look at them. */
const MAX_PATIENCE_MS = 20;
/** A group whose every turn of the event loop brings more waits for it; no longer than this. */
const MAX_COMPANY_MS = 1;
/** A batch takes no more entries from here on, so that none becomes a text beyond what the engine can hold. */
const MAX_BATCH_CHARACTERS = 4 * 1024 * 1024;
/** Or every segment, where that is smaller. */
const IMPORT_EVERY_BYTES = 1024 * 1024;
export const IMPORT_EVERY_MS = 200;
/** Writes that hold up everything else this long, on average, send those that follow to another thread. */
const MAX_PAUSE_MS = 1;
const AVERAGED_WRITES = 16;
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

/** `kept`: of the batch that it is in; null while it is in none. */
type WaitingOpening = { entry: JournalEntry; sinceMs: number; kept: Promise<void> | null };

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
  /** Of actions that run, what nobody waits for yet; oldest first. */
  readonly #openings = new Map<string, WaitingOpening>();
  #patient = false;
  /** A group is being gathered: */
  #gathering = false;
  #gatheringSinceMs = 0;
  #gathered = 0;
  /** How long a write in this thread takes: a moving average. */
  #pauseMs = 0;
  /** Writes that are still to be done in another thread. */
  #detour = 0;
  /** The last of them; settled once it is over, however it went. */
  #elsewhere: Promise<void> = Promise.resolve();
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
    this.#patience = setTimeout(() => this.#placeOld(), MAX_PATIENCE_MS);
    this.#importSoon = setTimeout(() => this.#import(), IMPORT_EVERY_MS).unref();
  }

  /** Takes an action's opening. With its end, if that comes before somebody waits for it, it is one entry and not two. */
  open(entry: JournalEntry): Opening {
    const opening: WaitingOpening = { entry, sinceMs: performance.now(), kept: null };
    this.#openings.set(entry.record, opening);
    this.#becomePatient();
    return { durable: () => this.#hurry(opening) };
  }

  /** Resolves when the entry is on disk. */
  append(entry: JournalEntry): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const opening = entry.type === 'closed' ? this.#openings.get(entry.record) : undefined;
    if (opening !== undefined) void this.#place(opening);
    const kept = this.#last().add(entry);
    this.#gather();
    return kept;
  }

  /** What waits: to be written, and once written to be taken over into the database. */
  get lag(): { unwrittenCharacters: number; unimportedBytes: number } {
    const batches = this.#writing === null ? this.#queue : [this.#writing, ...this.#queue];
    const opened = [...this.#openings.values()].map(({ entry }) => charactersOf(entry));
    const characters = [...batches.map((batch) => batch.characters), ...opened];
    const unwrittenCharacters = characters.reduce((sum, count) => sum + count, 0);
    return { unwrittenCharacters, unimportedBytes: this.#unimportedBytes + this.#importingBytes };
  }

  /** Refuses everything from here on, for good. */
  fail(why: SluiceError): void {
    if (this.#failure !== null) return;
    this.#failure = why;
    this.#writing?.reject(why);
    for (const batch of this.#queue) batch.reject(why);
    this.#queue = [];
    this.#openings.clear();
    this.#idle?.();
  }

  /** Writes what waits; after a failure, waits for the write that is under way. */
  async close(): Promise<void> {
    for (const opening of this.#openings.values()) void this.#place(opening);
    this.#gather();
    if (this.#failure === null && (this.#writing !== null || this.#queue.length > 0)) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    clearTimeout(this.#patience);
    clearTimeout(this.#importSoon);
    // After a failure too: a write that still has to begin would go to whatever has its descriptor by then.
    await this.#elsewhere;
    for (const file of this.#files) file.close();
  }

  #last(): Batch {
    const last = this.#queue.at(-1);
    if (last !== undefined && last.characters < MAX_BATCH_CHARACTERS) return last;
    const next = new Batch();
    this.#queue.push(next);
    return next;
  }

  #hurry(opening: WaitingOpening): Promise<void> {
    if (opening.kept !== null) return opening.kept;
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const kept = this.#place(opening);
    this.#gather();
    return kept;
  }

  #place(opening: WaitingOpening): Promise<void> {
    this.#openings.delete(opening.entry.record);
    opening.kept = this.#last().add(opening.entry);
    return opening.kept;
  }

  #becomePatient(): void {
    if (this.#patient) return;
    this.#patient = true;
    this.#patience.refresh();
  }

  #placeOld(): void {
    this.#patient = false;
    const newest = performance.now() - MAX_PATIENCE_MS;
    for (const opening of this.#openings.values()) {
      if (opening.sinceMs > newest) break;
      void this.#place(opening);
    }
    this.#gather();
    if (this.#openings.size > 0) this.#becomePatient();
  }

  /** Writes what waits once no more of it comes, or it has waited long enough. */
  #gather(): void {
    if (this.#gathering || this.#writing !== null || this.#queue.length === 0) return;
    this.#gathering = true;
    this.#gatheringSinceMs = performance.now();
    this.#gathered = 0;
    setImmediate(this.#look);
  }

  readonly #look = (): void => {
    const [batch, next] = this.#queue;
    const isGrowing = batch !== undefined && batch.size > this.#gathered && next === undefined;
    if (isGrowing && performance.now() - this.#gatheringSinceMs < MAX_COMPANY_MS) {
      this.#gathered = batch.size;
      setImmediate(this.#look);
      return;
    }
    this.#gathering = false;
    this.#flush();
  };

  #flush(): void {
    const batch = this.#queue.shift();
    if (batch === undefined || this.#failure !== null) return;
    this.#writing = batch;
    try {
      this.#turn();
      this.#write(encodeFrame(this.#segment, batch.text()));
    } catch (error) {
      this.#lose(error);
    }
  }

  #write(frame: Buffer): void {
    const file = this.#files[this.#segment % 2 === 0 ? 0 : 1];
    if (this.#detour > 0) {
      this.#detour -= 1;
      this.#elsewhere = file.write(frame, this.#at).then(
        () => this.#written(frame.length),
        (error: unknown) => this.#lose(error),
      );
      return;
    }
    const startedAtMs = performance.now();
    file.writeHere(frame, this.#at);
    this.#pauseMs += (performance.now() - startedAtMs - this.#pauseMs) / AVERAGED_WRITES;
    if (this.#pauseMs > this.#maxPauseMs) {
      this.#detour = DETOUR_WRITES;
      this.#pauseMs = 0;
    }
    this.#written(frame.length);
  }

  #written(bytes: number): void {
    if (this.#failure !== null) return;
    this.#at += bytes;
    this.#end = { segment: this.#segment, offset: this.#at };
    this.#writing?.resolve();
    this.#writing = null;
    this.#noteUnimported(bytes);
    if (this.#queue.length === 0) this.#idle?.();
    else this.#gather();
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
