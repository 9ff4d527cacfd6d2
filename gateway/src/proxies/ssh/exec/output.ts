import { type Readable, Transform, type Writable } from 'node:stream';
import type { Detection } from '../../../../contract/detection.ts';
import { type DetectorSet, detectorSetOf } from '../../../core/detectors/detector-set.ts';
import type { Counts } from '../../../core/detectors/redact.ts';
import { Redactor } from '../../../core/detectors/redactor.ts';

/** What a command prints, on its way to the client: counted, and with what detectors find replaced. */
export class Output {
  /** How often each detector found something; never what. */
  readonly counts: Counts = new Map();
  readonly #set: DetectorSet | null;
  /** As they left the host. */
  bytes = 0;
  readonly #shown: (bytes: Uint8Array) => void;

  /** @param shown is told what leaves, as it leaves */
  constructor(detections: readonly Detection[] | undefined, shown: (bytes: Uint8Array) => void) {
    this.#shown = shown;
    this.#set = detections === undefined || detections.length === 0 ? null : detectorSetOf(detections);
  }

  /** Lets one stream through; each of them is a text of its own. Resolves when all of it was taken. */
  pass(from: Readable, to: Writable): Promise<void> {
    from.on('data', (chunk: Buffer) => {
      this.bytes += chunk.byteLength;
    });
    const last = this.#set === null ? from : from.pipe(redacting(new Redactor(this.#set, this.counts)));
    last.on('data', this.#shown);
    last.pipe(to, { end: false });
    // What nobody takes any more is let go, so that its end is seen.
    const drain = () => last.unpipe(to).resume();
    to.once('close', drain);
    to.once('finish', drain);
    return new Promise((resolve) => {
      last.once('end', resolve);
      last.once('close', resolve);
    });
  }
}

/** Holds back at most the detectors' window, so that nothing is let go that could still be found. */
function redacting(redactor: Redactor): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, redactor.push(chunk)),
    flush: (done) => done(null, redactor.end()),
  });
}
