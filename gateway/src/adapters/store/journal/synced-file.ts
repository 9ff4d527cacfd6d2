import { closeSync, constants, fdatasync, fdatasyncSync, openSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';

const writeAsync = promisify(write);
const fdatasyncAsync = promisify(fdatasync);

/** With it a write is on disk when it returns (open(2)); Windows has none. */
const DSYNC: number | undefined = constants.O_DSYNC;

/** A file that exists, whose writes are on disk when they return. */
export class SyncedFile {
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = openSync(path, constants.O_WRONLY | (DSYNC ?? 0));
  }

  /** Holds this thread until it is done: for disks that answer sooner than another thread would. */
  writeHere(bytes: Buffer, at: number): void {
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, at + done);
    }
    if (DSYNC === undefined) fdatasyncSync(this.#descriptor);
  }

  /** The same in a thread of libuv's pool. */
  async write(bytes: Buffer, at: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await writeAsync(
        this.#descriptor,
        bytes,
        done,
        bytes.length - done,
        at + done,
      );
      done += bytesWritten;
    }
    if (DSYNC === undefined) await fdatasyncAsync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
