import { SerializeAddon } from '@xterm/addon-serialize';
import headless from '@xterm/headless';
import { Unserialised } from './unserialised.ts';

/** What no recording may make of a screen, whatever its header and its resizes say. */
const MAX_COLUMNS = 500;
const MAX_ROWS = 200;
/** Everything that xterm.js answers in some way. A recording shows; it names no windows, links, colours or clipboards. */
const DEAF_TO_OSC = [0, 1, 2, 4, 8, 10, 11, 12, 52, 104, 110, 111, 112];

/**
 * What xterm.js does as many times as it is told (ECMA-48: REP, CHT, CBT, SU, SD, IL, DL): two thousand million times would
 * hide all that follows. No screen has a use for more than this; what asks for it is left out.
 */
const REPEATING = ['b', 'I', 'Z', 'S', 'T', 'L', 'M'];
const MAX_TIMES = 1000;

/** Nothing is drawn for it; what was printed before it can neither be repeated (ECMA-48: REP) nor joined any more. */
const NUL = '\0';

export type Terminal = InstanceType<typeof headless.Terminal>;

export type Size = { readonly columns: number; readonly rows: number };

/** A screen as it was at one time, as text that draws it on a fresh one of that size. */
export type Snapshot = Size & {
  readonly text: string;
  /** Nothing is missing of which it is known that it would be. */
  readonly isWhole: boolean;
};

/**
 * A terminal without a window, a keyboard or anybody to answer: it turns what a program wrote into a screen. What it
 * is given is hostile.
 */
export class Emulator {
  readonly terminal: Terminal;
  readonly #serializer = new SerializeAddon();
  readonly #unserialised: Unserialised;

  constructor(size: Size) {
    const { columns, rows } = bounded(size);
    this.terminal = new headless.Terminal({
      cols: columns,
      rows,
      // Nothing can be scrolled back to: a moment of a recording is what was on the screen then.
      scrollback: 0,
      allowProposedApi: true,
      logLevel: 'off',
    });
    this.terminal.loadAddon(this.#serializer);
    this.#unserialised = new Unserialised(this.terminal);
    for (const final of REPEATING) {
      this.terminal.parser.registerCsiHandler({ final }, ([times = 1]) => Number(times) > MAX_TIMES);
    }
    for (const code of DEAF_TO_OSC) this.terminal.parser.registerOscHandler(code, () => true);
  }

  get size(): Size {
    return { columns: this.terminal.cols, rows: this.terminal.rows };
  }

  /** Resolves once it is on the screen. */
  write(text: string): Promise<void> {
    return text === '' ? Promise.resolve() : new Promise((done) => this.terminal.write(text, done));
  }

  resize(size: Size): void {
    const { columns, rows } = bounded(size);
    this.terminal.resize(columns, rows);
  }

  /** What is written next stands by itself: it does the same here as on a screen that a snapshot of now was drawn on. */
  part(): void {
    this.terminal.write(NUL);
  }

  /** The screen as it is between two control sequences. What comes next is parted from what was. */
  snapshot(): Snapshot {
    this.part();
    const screen = this.#serializer.serialize({ scrollback: 0 });
    const text = this.#unserialised.before() + screen + this.#unserialised.after();
    return { ...this.size, text, isWhole: this.#unserialised.isWhole };
  }

  /** Shows what was on the screen when the snapshot was taken. */
  async restore(snapshot: Snapshot): Promise<void> {
    this.terminal.reset();
    this.#unserialised.reset();
    this.terminal.resize(snapshot.columns, snapshot.rows);
    await this.write(snapshot.text);
  }

  /** Whether the snapshot draws what it was taken of: the serialiser has its gaps. Leaves it on this screen. */
  async redraws(snapshot: Snapshot): Promise<boolean> {
    await this.restore(snapshot);
    return snapshot.isWhole && this.snapshot().text === snapshot.text;
  }

  dispose(): void {
    this.terminal.dispose();
  }
}

function bounded({ columns, rows }: Size): Size {
  return { columns: Math.min(columns, MAX_COLUMNS), rows: Math.min(rows, MAX_ROWS) };
}
