import {
  type Header,
  readEvent,
  readHeader,
  type TerminalEvent,
} from '../../../../../gateway/contract/asciicast.ts';
import { Emulator, type Snapshot } from './emulator.ts';
import { unfinishedAfter } from './sequence.ts';

/** After so much output, or so many events, a screen is kept: a jump writes little more than that. */
export const SEGMENT_CHARACTERS = 32 * 1024;
export const SEGMENT_EVENTS = 1_000;
/** Where no screen can be kept, one is tried for a little later. */
const LATER = 1 / 16;
/** What never can be kept does not put screens off for ever. */
export const PATIENCE = 4;

/** A stretch of a recording, and the screen before it. */
type Segment = {
  readonly startS: number;
  readonly before: Snapshot;
  /** Its lines, once it is complete; until then its events. */
  content: string | TerminalEvent[];
};

/**
 * A recording of a terminal as far as it has come, in stretches that each begin with a kept screen. Lines are added
 * in order while they are downloaded or happen; everything before them can be shown meanwhile.
 */
export class Tape {
  readonly #segments: Segment[] = [];
  #scout: Emulator | null = null;
  #proof: Emulator | null = null;
  #header: Header | null = null;
  #open: TerminalEvent[] = [];
  #openLines: string[] = [];
  #openCharacters = 0;
  #unfinished = '';
  /** How full a stretch must be to end. */
  #due = 1;
  #pending = '';
  #endS = 0;

  get header(): Header | null {
    return this.#header;
  }

  /** Seconds from its begin to its last event so far. */
  get endS(): number {
    return this.#endS;
  }

  get segments(): number {
    return this.#segments.length;
  }

  /**
   * Adds whole lines of asciicast v2, the very first of which is the header; calls `onEvent` for each.
   * @throws Error when there is no header
   */
  async append(lines: string, onEvent: (event: TerminalEvent) => void = () => undefined): Promise<void> {
    for (const line of lines.split('\n')) {
      if (line === '') continue;
      if (this.#scout === null) {
        this.#begin(line);
        continue;
      }
      const event = readEvent(line);
      // A line that cannot be read hides nothing of the others.
      if (event === null) continue;
      await this.#add(line, event);
      onEvent(event);
    }
    await this.#flush();
  }

  /** Where the stretch begins that shows `atS`; 0 before anything has come. */
  segmentAt(atS: number): number {
    let [low, high] = [0, this.#segments.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#segments[middle]?.startS ?? 0) <= atS) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  before(segment: number): Snapshot | null {
    return this.#segments[segment]?.before ?? null;
  }

  /** The events of a stretch; of the last one the list still grows. */
  events(segment: number): readonly TerminalEvent[] {
    const content = this.#segments[segment]?.content ?? [];
    return typeof content === 'string' ? eventsIn(content) : content;
  }

  dispose(): void {
    this.#scout?.dispose();
    this.#proof?.dispose();
  }

  #begin(line: string): void {
    this.#header = readHeader(line);
    if (this.#header === null) throw new Error('This is no recording of a terminal: it has no header.');
    this.#scout = new Emulator({ columns: this.#header.width, rows: this.#header.height });
    this.#segments.push({ startS: 0, before: this.#scout.snapshot(), content: this.#open });
  }

  async #add(line: string, event: TerminalEvent): Promise<void> {
    if (this.#isFull()) await this.#cut(event.atS);
    this.#open.push(event);
    this.#openLines.push(line);
    this.#endS = Math.max(this.#endS, event.atS);
    if (event.kind === 'output') {
      this.#pending += event.text;
      this.#openCharacters += event.text.length;
      this.#unfinished = unfinishedAfter(this.#unfinished, event.text);
    } else if (event.kind === 'resize') {
      await this.#flush();
      this.#scout?.resize(event);
    }
  }

  #isFull(): boolean {
    const fullness = Math.max(this.#openCharacters / SEGMENT_CHARACTERS, this.#open.length / SEGMENT_EVENTS);
    return fullness >= (this.#unfinished === '' ? this.#due : PATIENCE);
  }

  async #cut(startS: number): Promise<void> {
    await this.#flush();
    const full = this.#segments.at(-1);
    if (full === undefined || this.#scout === null) return;
    const before = this.#scout.snapshot();
    this.#proof ??= new Emulator(before);
    if (this.#due < PATIENCE && !(await this.#proof.redraws(before))) {
      this.#due += LATER;
      return;
    }
    this.#due = 1;
    full.content = this.#openLines.join('\n');
    this.#open = [];
    this.#openLines = [];
    this.#openCharacters = 0;
    this.#segments.push({ startS, before, content: this.#open });
  }

  async #flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    await this.#scout?.write(text);
  }
}

function eventsIn(lines: string): TerminalEvent[] {
  return lines.split('\n').flatMap((line) => readEvent(line) ?? []);
}
