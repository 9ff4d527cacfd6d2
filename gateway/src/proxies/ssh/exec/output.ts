import type { Readable, Writable } from 'node:stream';
import type { Detection } from '../../../../contract/detection.ts';
import type { Counts } from '../../../core/detectors/redact.ts';
import type { ScanThread } from '../../../core/detectors/thread/scan-thread.ts';
import { Scanning } from '../../../core/detectors/thread/scanning.ts';
import { promptRedacting } from './prompt-redacting.ts';

/** Looks at what a command shows. */
export interface OutputWatcher {
  /** Asked before anything is shown; nothing is before it resolves. */
  begin(): Promise<void>;
  /** What leaves, as it leaves. */
  shown(bytes: Uint8Array): void;
}

/** What a command prints, on its way to the client: counted, and with what detectors find replaced. */
export class Output {
  /** How often each detector found something; never what. */
  readonly counts: Counts = new Map();
  readonly #detections: readonly Detection[];
  readonly #thread: ScanThread;
  readonly #isTerminal: boolean;
  /** As they left the host. */
  bytes = 0;
  readonly #watcher: OutputWatcher;

  /** @param isTerminal whether somebody looks at it as it comes */
  constructor(
    detections: readonly Detection[] | undefined,
    thread: ScanThread,
    watcher: OutputWatcher,
    isTerminal: boolean,
  ) {
    this.#watcher = watcher;
    this.#isTerminal = isTerminal;
    this.#thread = thread;
    this.#detections = detections ?? [];
  }

  /**
   * Lets one stream through; each of them is a text of its own. Resolves when all of it was taken; rejects when it can't be
   * looked through any more.
   */
  async pass(from: Readable, to: Writable): Promise<void> {
    let isGone = false;
    let leave = () => {
      isGone = true;
    };
    to.once('close', () => leave());
    to.once('finish', () => leave());
    if (!(await shows(from))) return;
    await this.#watcher.begin();
    from.on('data', (chunk: Buffer) => {
      this.bytes += chunk.byteLength;
    });
    const last =
      this.#detections.length === 0
        ? from
        : from.pipe(
            this.#isTerminal
              ? promptRedacting(this.#detections, this.counts)
              : new Scanning(this.#thread, this.#detections, this.counts),
          );
    const taken = new Promise<void>((resolve, reject) => {
      last.once('error', reject);
      last.once('end', resolve);
      last.once('close', resolve);
    });
    last.on('data', (chunk: Buffer) => this.#watcher.shown(chunk));
    last.pipe(to, { end: false });
    // What nobody takes any more is let go, so that its end is seen.
    leave = () => void last.unpipe(to).resume();
    if (isGone) leave();
    await taken;
  }
}

/** Waits until there is something to read; false when there never will be. */
function shows(from: Readable): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      // The end of nothing is only told to who reads.
      if (from.readableLength === 0) from.read(0);
      if (from.readableLength === 0 && !from.readableEnded && !from.destroyed) return;
      from.off('readable', look);
      from.off('end', look);
      from.off('close', look);
      resolve(from.readableLength > 0);
    };
    from.on('readable', look);
    from.on('end', look);
    from.on('close', look);
    look();
  });
}
