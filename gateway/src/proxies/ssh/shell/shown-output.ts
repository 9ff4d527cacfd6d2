import type { Detection } from '../../../../contract/detection.ts';
import { type DetectorSet, detectorSetOf } from '../../../core/detectors/detector-set.ts';
import type { Counts } from '../../../core/detectors/redact.ts';
import { Redactor } from '../../../core/detectors/redactor.ts';
import { Echo } from './echo.ts';

/** What is held back is let go when nothing came for so long: somebody looks at the screen. */
const IDLE_MS = 50;

/** What one line's programs show in a terminal, with what detectors find replaced. */
export class ShownOutput {
  bytes = 0;
  readonly #to: (bytes: Buffer) => void;
  readonly #set: DetectorSet | null;
  readonly #counts: Counts = new Map();
  readonly #echo = new Echo();
  #redactor: Redactor | null = null;
  #idle: NodeJS.Timeout | undefined;
  #isTaken = true;
  /** Nothing is held back. */
  #isAtRest = true;

  constructor(detections: readonly Detection[] | undefined, to: (bytes: Buffer) => void) {
    this.#to = to;
    this.#set = detections === undefined || detections.length === 0 ? null : detectorSetOf(detections);
  }

  /** How often each detector found something, for the record. */
  get detected(): { detected?: Record<string, number> } {
    return this.#counts.size === 0 ? {} : { detected: Object.fromEntries(this.#counts) };
  }

  /** Its person types: the echo of that is shown at once. */
  typed(bytes: Uint8Array): void {
    if (this.#set !== null) this.#echo.typed(bytes);
  }

  push(chunk: Buffer): void {
    this.bytes += chunk.byteLength;
    const isEcho = this.#set !== null && this.#echo.takes(chunk) && this.#isAtRest;
    if (this.#set === null || isEcho) {
      this.#write(chunk);
      return;
    }
    this.#redactor ??= new Redactor(this.#set, this.#counts);
    this.#isAtRest = false;
    this.#write(this.#redactor.push(chunk));
    this.#letGoInTime();
  }

  /** Nobody takes what is shown: what is held back waits, for whoever looks at nothing is not to say where a text is cut. */
  pause(): void {
    this.#isTaken = false;
    clearTimeout(this.#idle);
  }

  resume(): void {
    this.#isTaken = true;
    if (!this.#isAtRest) this.#letGoInTime();
  }

  /** They have ended: lets go of what is held back. */
  end(): void {
    clearTimeout(this.#idle);
    if (this.#redactor !== null) this.#write(this.#redactor.end());
    this.#redactor = null;
    this.#isAtRest = true;
  }

  /** What has begun to be hidden stays hidden. */
  #rest(): void {
    if (this.#redactor !== null) this.#write(this.#redactor.release());
    this.#isAtRest = true;
  }

  #letGoInTime(): void {
    clearTimeout(this.#idle);
    if (this.#isTaken) this.#idle = setTimeout(() => this.#rest(), IDLE_MS);
  }

  #write(bytes: Buffer): void {
    if (bytes.byteLength > 0) this.#to(bytes);
  }
}
