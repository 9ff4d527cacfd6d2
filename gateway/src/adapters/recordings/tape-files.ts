import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readHeader } from '../../../contract/asciicast.ts';
import type { SluiceError } from '../../../contract/error.ts';
import type { PrincipalId, SessionId } from '../../../contract/ids.ts';
import { AsciicastWriter } from '../../core/recording/asciicast/writer.ts';
import type {
  NewTape,
  Recording,
  Recordings,
  Tape,
  TapeId,
  TapeRecorder,
} from '../../core/recording/tape.ts';
import { fileDigest } from '../store/audit/file-digest.ts';
import { asError } from '../store/failure.ts';
import { FileTape, type WholeTape } from './file-tape.ts';
import { isSafeName, recordingName, unfinishedIdOf, unfinishedName } from './recording-file.ts';
import { bytesOf, firstLine, linesOf } from './whole-lines.ts';

export type TapeFilesOptions = {
  /** Made when it isn't there. */
  folder: string;
  /** What is kept of one terminal's output. */
  maxBytes: number;
  /** Told of each recording that is complete and on disk; resolves once the log says so. */
  onWhole?: (tape: TapeId & WholeTape) => Promise<void>;
  now?: () => Date;
  /** Milliseconds from a clock that nobody sets. */
  monotonicMs?: () => number;
};

/** Recordings as files of one folder. */
export class TapeFiles implements TapeRecorder, Recordings {
  readonly #options: TapeFilesOptions;
  readonly #running = new Map<string, FileTape>();
  /** Ended, and not told of yet. */
  readonly #telling = new Set<Promise<void>>();

  constructor(options: TapeFilesOptions) {
    this.#options = options;
  }

  begin(tape: NewTape, onFailure: (why: SluiceError) => void): Tape {
    const { folder, maxBytes, now = () => new Date(), monotonicMs = () => performance.now() } = this.#options;
    const name = recordingName(tape);
    const startedMs = monotonicMs();
    const elapsedMs = () => monotonicMs() - startedMs;
    const { columns, rows, title, command, term, session, terminal, principal, target } = tape;
    const writer = new AsciicastWriter({
      columns,
      rows,
      startedAtMs: now().getTime(),
      elapsedMs,
      title,
      ...(command === undefined ? {} : { command }),
      environment: { TERM: term },
      sluice: { session, terminal, principal, target },
    });
    const running = new FileTape({
      writer,
      terminal,
      file: newFile(folder, { session, terminal }),
      maxBytes,
      elapsedMs,
      asError: (error) => asError(folder, error),
      onFailure: (why) => {
        this.#running.delete(name);
        onFailure(why);
      },
      onEnded: (whole) => {
        this.#running.delete(name);
        if (whole !== null) this.#tellSoon({ session, terminal, ...whole });
      },
    });
    this.#running.set(name, running);
    return running;
  }

  async find(id: TapeId): Promise<Recording | null> {
    if (!isSafeName(id.session)) return null;
    const name = recordingName(id);
    const running = this.#running.get(name) ?? null;
    // What was just begun has no header yet.
    await running?.durable();
    const path = join(this.#options.folder, name);
    const file = await open(path, 'r').catch(() => null);
    if (file === null) return null;
    try {
      const origin = readHeader((await firstLine(file)) ?? '')?.sluice;
      return origin === undefined ? null : new FileRecording(path, origin.principal, running);
    } finally {
      await file.close();
    }
  }

  /**
   * Tells of recordings that nobody ended, as they are now: their gateway died, or their disk failed. To be called before
   * any begins.
   * @throws SluiceError `record.unavailable` where one can't be read: nobody should think that it is not there
   */
  async tellUnfinished(): Promise<void> {
    try {
      await this.#tellUnfinished();
    } catch (error) {
      throw asError(this.#options.folder, error);
    }
  }

  async #tellUnfinished(): Promise<void> {
    const names = await readdir(this.#options.folder).catch(unlessMissing<string[]>([]));
    for (const name of names) {
      const found = unfinishedIdOf(name);
      if (found === null) continue;
      const id = { ...found, session: found.session as SessionId };
      const whole = await wholeTape(join(this.#options.folder, recordingName(id))).catch(unlessMissing(null));
      if (whole === null) await this.#forgetUnfinished(id);
      else await this.#tell({ ...id, ...whole });
    }
  }

  /** Ends what still runs. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#running.values()].map((tape) => tape.end()));
    await Promise.allSettled(this.#telling);
  }

  #tellSoon(tape: TapeId & WholeTape): void {
    // What could not be told is left for the next start.
    const told = this.#tell(tape).catch(() => undefined);
    this.#telling.add(told);
    void told.then(() => this.#telling.delete(told));
  }

  async #tell(tape: TapeId & WholeTape): Promise<void> {
    await this.#options.onWhole?.(tape);
    await this.#forgetUnfinished(tape);
  }

  #forgetUnfinished(id: TapeId): Promise<void> {
    return rm(join(this.#options.folder, unfinishedName(id)), { force: true });
  }
}

/** What stands for a file that is not there. What can't be read is there. */
function unlessMissing<Value>(value: Value): (error: NodeJS.ErrnoException) => Value {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}

/** A file as it is, once that is on disk. */
async function wholeTape(path: string): Promise<WholeTape | null> {
  const file = await open(path, 'r+');
  await file.datasync().finally(() => file.close());
  return fileDigest(path);
}

class FileRecording implements Recording {
  readonly principal: PrincipalId;
  readonly #path: string;
  readonly #running: FileTape | null;

  constructor(path: string, principal: PrincipalId, running: FileTape | null) {
    this.#path = path;
    this.principal = principal;
    this.#running = running;
  }

  async *read(): AsyncIterable<Uint8Array> {
    const file = await open(this.#path, 'r');
    try {
      yield* bytesOf(file, 0, await this.#end(file));
    } finally {
      await file.close();
    }
  }

  async *follow(
    from: 'start' | 'now',
    signal: AbortSignal,
  ): AsyncIterable<{ lines: string; isLive: boolean }> {
    const file = await open(this.#path, 'r');
    try {
      const header = (await firstLine(file)) ?? '';
      const liveFrom = this.#running?.taken ?? (await this.#end(file));
      yield { lines: header, isLive: false };
      let at = from === 'now' ? liveFrom : Buffer.byteLength(header);
      let isLive = at === liveFrom;
      if (isLive) yield { lines: '', isLive };
      for (;;) {
        // Asked before what there is: what comes meanwhile is noticed.
        const grown = this.#running?.grown();
        const isOver = this.#running?.isOver ?? true;
        const written = await this.#end(file);
        for (const to of [Math.min(liveFrom, written), written]) {
          for await (const lines of linesOf(file, at, to)) {
            if (signal.aborted) return;
            yield { lines, isLive };
          }
          at = Math.max(at, to);
          if (!isLive && at >= liveFrom) yield { lines: '', isLive: true };
          isLive = at >= liveFrom;
        }
        if (isOver) return;
        await untilAborted(grown, signal);
        if (signal.aborted) return;
      }
    } finally {
      await file.close();
    }
  }

  /** How far there are whole lines. */
  async #end(file: FileHandle): Promise<number> {
    return this.#running?.written ?? (await file.stat()).size;
  }
}

/** Resolves with what is waited for, or when nobody wants it any more. */
async function untilAborted(work: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const aborted = Promise.withResolvers<void>();
  const abort = () => aborted.resolve();
  signal.addEventListener('abort', abort);
  await Promise.race([work, aborted.promise]);
  signal.removeEventListener('abort', abort);
}

/** A new file that only its owner may read, whose name is on disk. */
async function newFile(folder: string, id: TapeId): Promise<FileHandle> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = await open(join(folder, recordingName(id)), 'wx', 0o600);
  await open(join(folder, unfinishedName(id)), 'w', 0o600).then(
    (mark) => mark.close(),
    async (error: unknown) => {
      await file.close();
      throw error;
    },
  );
  // Windows keeps a name with its file.
  if (process.platform !== 'win32') {
    const names = await open(folder, 'r');
    await names.sync().finally(() => names.close());
  }
  return file;
}
