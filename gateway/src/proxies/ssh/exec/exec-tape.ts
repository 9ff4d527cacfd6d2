import type { Marker } from '../../../../contract/asciicast-marker.ts';
import type { Tape } from '../../../core/recording/tape.ts';
import type { OutputWatcher } from './output.ts';

const LINE_FEED = 0x0a;

/** The recording of a command, from the first that it shows on: a command that shows nothing has none. */
export class ExecTape implements OutputWatcher {
  readonly #begin: () => Tape;
  readonly #hasTerminal: boolean;
  /** What is noted before anything was shown. */
  readonly #early: Marker[] = [];
  #tape: Tape | null = null;

  /** @param hasTerminal whether the host made lines end as a terminal wants them; the person's own did it otherwise */
  constructor(begin: () => Tape, hasTerminal: boolean) {
    this.#begin = begin;
    this.#hasTerminal = hasTerminal;
  }

  /** @throws SluiceError `record.unavailable` */
  begin(): Promise<void> {
    return this.#begun().durable();
  }

  shown(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    const tape = this.#begun();
    // What is left out is only counted.
    tape.output(this.#hasTerminal || tape.isFull ? bytes : withCarriageReturns(bytes));
  }

  #begun(): Tape {
    this.#tape ??= this.#begin();
    for (const marker of this.#early.splice(0)) this.#tape.mark(marker);
    return this.#tape;
  }

  mark(marker: Marker): void {
    if (this.#tape === null) this.#early.push(marker);
    else this.#tape.mark(marker);
  }

  resize(size: { columns: number; rows: number }): void {
    this.#tape?.resize(size);
  }

  /** Resolves once all of it is on disk. @throws SluiceError `record.unavailable` */
  async end(): Promise<void> {
    await this.#tape?.end();
  }
}

/** Line feeds as a terminal in its usual mode shows them (termios(3), ONLCR). */
function withCarriageReturns(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(LINE_FEED)) return bytes;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');
}
