import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { type Line, NotTaken, type Sink } from './sink.ts';

export type FileSinkOptions = {
  path: string;
  /** A file that would grow beyond is put aside first: `path.1`, which was `path.1` becomes `path.2`, and so on. */
  maxBytes: number;
  /** Files put aside that are kept. */
  keep: number;
};

const TAIL_BYTES = 64 * 1024;

/** Appends lines, and has them on disk. Opened anew each time: others may move it away. */
export class FileSink implements Sink {
  readonly #options: FileSinkOptions;

  constructor(options: FileSinkOptions) {
    this.#options = options;
  }

  async send(lines: readonly Line[]): Promise<void> {
    const text = Buffer.from(lines.map(({ json }) => `${json}\n`).join(''));
    try {
      const file = await this.#opened(text.length);
      try {
        await file.appendFile(text);
        await file.datasync();
      } finally {
        await file.close();
      }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw new NotTaken(`${this.#options.path} can not be written (${code}).`);
    }
  }

  async #opened(bytes: number): Promise<FileHandle> {
    const { path, maxBytes } = this.#options;
    const file = await openAppending(path);
    const size = await cutTornLine(file);
    if (size === 0 || size + bytes <= maxBytes) return file;
    await file.close();
    await this.#rotate();
    return openAppending(path);
  }

  async #rotate(): Promise<void> {
    const { path, keep } = this.#options;
    if (keep === 0) return rm(path);
    for (let n = keep - 1; n >= 1; n--) {
      await rename(`${path}.${n}`, `${path}.${n + 1}`).catch(unlessMissing);
    }
    await rename(path, `${path}.1`);
  }
}

function openAppending(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600);
}

/** A gateway that died while it wrote left half a line, whose event is written again. Gives the size. */
async function cutTornLine(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  for (let end = size; end > 0; end -= TAIL_BYTES) {
    const from = Math.max(0, end - TAIL_BYTES);
    const bytes = Buffer.alloc(end - from);
    await file.read(bytes, 0, bytes.length, from);
    const newline = bytes.lastIndexOf('\n');
    if (newline === -1) continue;
    const whole = from + newline + 1;
    if (whole < size) await file.truncate(whole);
    return whole;
  }
  if (size > 0) await file.truncate(0);
  return 0;
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
