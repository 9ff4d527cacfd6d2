import type { TerminalEvent } from '../../../../../gateway/contract/asciicast.ts';
import type { Emulator } from './emulator.ts';
import type { Tape } from './tape.ts';

/** Shows a tape at one time after another. One move is made at a time. */
export class Player {
  readonly #tape: Tape;
  readonly #screen: Emulator;
  #segment = -1;
  #events: readonly TerminalEvent[] = [];
  #next = 0;
  #atS = 0;

  constructor(tape: Tape, screen: Emulator) {
    this.#tape = tape;
    this.#screen = screen;
  }

  get atS(): number {
    return this.#atS;
  }

  /**
   * Shows what was on the screen `atS` seconds after the begin: forward within a stretch by what happened since,
   * everywhere else from the screen before the stretch on. Resolves with how many events were written.
   */
  async show(atS: number): Promise<number> {
    const segment = this.#tape.segmentAt(atS);
    const isPlayedOn = segment === this.#segment + 1 && this.#isAtEnd();
    if (isPlayedOn) {
      this.#screen.part();
      this.#enter(segment);
    } else if (segment !== this.#segment || atS < this.#atS) await this.#restore(segment);
    this.#atS = atS;
    return this.#writeUntil(atS);
  }

  /** When something happens next, in seconds since the begin; null when nothing has come that does. */
  nextS(): number | null {
    const next = this.#events[this.#next] ?? this.#tape.events(this.#segment + 1)[0];
    return next?.atS ?? null;
  }

  #isAtEnd(): boolean {
    return this.#segment >= 0 && this.#next >= this.#events.length;
  }

  #enter(segment: number): void {
    this.#segment = segment;
    this.#events = this.#tape.events(segment);
    this.#next = 0;
  }

  async #restore(segment: number): Promise<void> {
    const before = this.#tape.before(segment);
    if (before === null) return;
    await this.#screen.restore(before);
    this.#enter(segment);
  }

  async #writeUntil(atS: number): Promise<number> {
    let [written, text] = [0, ''];
    for (; ; written += 1) {
      const event = this.#events[this.#next];
      if (event === undefined || event.atS > atS) break;
      this.#next += 1;
      if (event.kind === 'output') text += event.text;
      if (event.kind !== 'resize') continue;
      await this.#screen.write(text);
      text = '';
      this.#screen.resize(event);
    }
    await this.#screen.write(text);
    return written;
  }
}
