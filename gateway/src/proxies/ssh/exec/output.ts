import { type Readable, Transform, type Writable } from 'node:stream';
import type { Detection } from '../../../../contract/detection.ts';
import { type DetectorSet, detectorSetOf } from '../../../core/detectors/detector-set.ts';
import type { Counts } from '../../../core/detectors/redact.ts';
import { Redactor } from '../../../core/detectors/redactor.ts';

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
  readonly #set: DetectorSet | null;
  /** As they left the host. */
  bytes = 0;
  readonly #watcher: OutputWatcher;

  constructor(detections: readonly Detection[] | undefined, watcher: OutputWatcher) {
    this.#watcher = watcher;
    this.#set = detections === undefined || detections.length === 0 ? null : detectorSetOf(detections);
  }

  /** Lets one stream through; each of them is a text of its own. Resolves when all of it was taken. */
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
    const last = this.#set === null ? from : from.pipe(redacting(new Redactor(this.#set, this.counts)));
    const taken = new Promise<void>((resolve) => {
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

/** Holds back at most the detectors' window, so that nothing is let go that could still be found. */
function redacting(redactor: Redactor): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, redactor.push(chunk)),
    flush: (done) => done(null, redactor.end()),
  });
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
