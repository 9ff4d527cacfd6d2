import type { Header, TerminalEvent } from '../../../../../gateway/contract/asciicast.ts';
import { Emulator, type Terminal } from './emulator.ts';
import { type Found, found } from './output-search.ts';
import { Player } from './player.ts';
import type { Stage } from './stage.ts';
import { Tape } from './tape.ts';

/** So many events of the stretch before are searched again: words may stand across the border. */
const OVERLAP_EVENTS = 40;
/** Until the header has come. */
const USUAL = { columns: 80, rows: 24 };

/** A terminal's recording and the screen that shows it. */
export class TerminalStage implements Stage {
  readonly #tape = new Tape();
  readonly #screen = new Emulator(USUAL);
  readonly #player = new Player(this.#tape, this.#screen);

  get terminal(): Terminal {
    return this.#screen.terminal;
  }

  get header(): Header | null {
    return this.#tape.header;
  }

  get endS(): number {
    return this.#tape.endS;
  }

  append(lines: string, onEvent: (event: TerminalEvent) => void): Promise<void> {
    return this.#tape.append(lines, onEvent);
  }

  show(atS: number): Promise<number> {
    return this.#player.show(atS);
  }

  nextS(): number | null {
    return this.#player.nextS();
  }

  *search(words: string): Generator<readonly Found[]> {
    let overlap: readonly TerminalEvent[] = [];
    for (let segment = 0; segment < this.#tape.segments; segment += 1) {
      const events = this.#tape.events(segment);
      const beginS = events[0]?.atS ?? 0;
      const isNew = ({ atS }: Found) => overlap.length === 0 || atS >= beginS;
      yield found([...overlap, ...events], words).filter(isNew);
      overlap = events.slice(-OVERLAP_EVENTS);
    }
  }

  dispose(): void {
    this.#tape.dispose();
    this.#screen.dispose();
  }
}
