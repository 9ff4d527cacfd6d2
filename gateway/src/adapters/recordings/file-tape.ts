import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Marker } from '../../../contract/asciicast-marker.ts';
import type { SluiceError } from '../../../contract/error.ts';
import type { RecordingPlace } from '../../../contract/record.ts';
import type { AsciicastWriter } from '../../core/recording/asciicast/writer.ts';
import type { Tape } from '../../core/recording/tape.ts';

/** Lines wait this long for others to share their write; they are then the system's, and survive the gateway. */
const WRITE_MS = 50;
/** What was written is on disk this long after at the latest, and survives the machine. */
const SYNC_MS = 1000;
/** So much is written at once, whatever the time. */
const WRITE_BYTES = 64 * 1024;
/** A marker is a label; the statement in full stands in its record. */
const MAX_LABEL_CHARACTERS = 2000;

export type FileTapeParts = {
  writer: AsciicastWriter;
  terminal: number;
  /** The new, empty file; its name is on disk. */
  file: Promise<FileHandle>;
  /** What is kept of output and sizes, in bytes of the file. */
  maxBytes: number;
  elapsedMs: () => number;
  /** The disk's no, in words. */
  asError: (error: unknown) => SluiceError;
  /** Once: nothing more can be kept. */
  onFailure: (why: SluiceError) => void;
  /** Told what the file holds when all of it is on disk; null when that is not known. */
  onEnded: (whole: WholeTape | null) => void;
};

/** A recording that is complete: its length in bytes, and its SHA-256, hex. */
export type WholeTape = { bytes: number; sha256: string };

/** One terminal's recording while it is written. Writes happen one after the other; nobody's keys wait for them. */
export class FileTape implements Tape {
  readonly #parts: FileTapeParts;
  readonly #writeSoon: NodeJS.Timeout;
  readonly #syncSoon: NodeJS.Timeout;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Of lines that may be left out. */
  #keptBytes = 0;
  #isFull = false;
  #leftOutBytes = 0;
  #taken = 0;
  #written = 0;
  readonly #hash = createHash('sha256');
  #synced = 0;
  #work: Promise<void> = Promise.resolve();
  #nextSync: Promise<void> | null = null;
  #failure: SluiceError | null = null;
  #ended = false;
  #grown = Promise.withResolvers<void>();

  constructor(parts: FileTapeParts) {
    this.#parts = parts;
    this.#writeSoon = setTimeout(() => this.#write(), WRITE_MS);
    this.#syncSoon = setTimeout(() => void this.durable().catch(() => undefined), SYNC_MS);
    // Who waits for a write hears of it.
    parts.file.catch(() => undefined);
    this.#append(parts.writer.header());
  }

  get place(): RecordingPlace {
    const { terminal, elapsedMs } = this.#parts;
    return { terminal, atS: Math.round(elapsedMs()) / 1000 };
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Bytes that a reader of the file finds: whole lines. */
  get written(): number {
    return this.#written;
  }

  /** Bytes of the file once all that was taken down until now is written. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether a reader finds all that there will ever be. */
  get isOver(): boolean {
    return this.#failure !== null || (this.#ended && this.#written === this.#taken);
  }

  output(bytes: Uint8Array): void {
    if (this.#isFull) this.#leftOutBytes += bytes.byteLength;
    else if (!this.#appendBounded(this.#parts.writer.output(bytes))) this.#leftOutBytes += bytes.byteLength;
  }

  resize({ columns, rows }: { columns: number; rows: number }): void {
    if (!this.#isFull) this.#appendBounded(this.#parts.writer.resize(columns, rows));
  }

  mark({ kind, text }: Marker): void {
    this.#tellLeftOut();
    const label = text.length > MAX_LABEL_CHARACTERS ? `${text.slice(0, MAX_LABEL_CHARACTERS)}…` : text;
    this.#append(this.#parts.writer.mark({ kind, text: label.toWellFormed() }));
  }

  durable(): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    // Whoever asks before it has begun shares it.
    this.#nextSync ??= this.#then(async () => {
      this.#nextSync = null;
      await this.#writeWaiting();
      await this.#sync();
    });
    return this.#nextSync;
  }

  async end(): Promise<void> {
    if (this.#ended) return;
    this.#tellLeftOut();
    this.#append(this.#parts.writer.end());
    this.#ended = true;
    let whole: WholeTape | null = null;
    try {
      await this.durable();
      whole = { bytes: this.#written, sha256: this.#hash.digest('hex') };
    } finally {
      clearTimeout(this.#writeSoon);
      clearTimeout(this.#syncSoon);
      await this.#parts.file.then((file) => file.close()).catch(() => undefined);
      this.#tellGrown();
      this.#parts.onEnded(whole);
    }
  }

  /** Resolves when there is more to read, or nothing more will come. */
  grown(): Promise<void> {
    return this.#grown.promise;
  }

  /** False: there is no room for it, nor for anything of its kind that follows. */
  #appendBounded(lines: string): boolean {
    this.#keptBytes += Buffer.byteLength(lines);
    this.#isFull = this.#keptBytes > this.#parts.maxBytes;
    if (!this.#isFull) this.#append(lines);
    return !this.#isFull;
  }

  #tellLeftOut(): void {
    if (this.#leftOutBytes === 0) return;
    const text = `${this.#leftOutBytes} bytes of output left out, for the recording is full`;
    this.#leftOutBytes = 0;
    this.#append(this.#parts.writer.mark({ kind: 'session', text }));
  }

  #append(lines: string): void {
    if (lines === '' || this.#ended || this.#failure !== null) return;
    const bytes = Buffer.from(lines);
    if (this.#waitingBytes === 0) this.#writeSoon.refresh();
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.byteLength;
    this.#taken += bytes.byteLength;
    if (this.#waitingBytes >= WRITE_BYTES) this.#write();
  }

  #write(): void {
    if (this.#waitingBytes > 0) void this.#then(() => this.#writeWaiting()).catch(() => undefined);
  }

  async #writeWaiting(): Promise<void> {
    if (this.#waitingBytes === 0) return;
    const file = await this.#parts.file;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#written === this.#synced) this.#syncSoon.refresh();
    await file.appendFile(bytes);
    this.#hash.update(bytes);
    this.#written += bytes.byteLength;
    this.#tellGrown();
  }

  async #sync(): Promise<void> {
    const { written } = this;
    if (written === this.#synced) return;
    await (await this.#parts.file).datasync();
    this.#synced = written;
  }

  /** Does one thing after the other; what fails is the end. */
  #then(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work).catch((error: unknown) => {
      throw this.#fail(error);
    });
    this.#work = done.catch(() => undefined);
    return done;
  }

  #fail(error: unknown): SluiceError {
    if (this.#failure !== null) return this.#failure;
    this.#failure = this.#parts.asError(error);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#tellGrown();
    this.#parts.onFailure(this.#failure);
    return this.#failure;
  }

  #tellGrown(): void {
    this.#grown.resolve();
    this.#grown = Promise.withResolvers<void>();
  }
}
