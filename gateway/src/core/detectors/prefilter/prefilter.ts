import type { Window } from '../window.ts';
import {
  BEFORE_BYTES,
  BEHIND_BYTES,
  BLOCK_BYTES,
  KERNEL,
  KINDS_AT,
  OFFSETS,
  PLACES_AT,
  TEXT_AT,
  WORDS_AT,
} from './kernel.ts';
import { wordTables } from './tables.ts';

/** As much of it as is used here (WebAssembly JavaScript Interface); TypeScript knows it as a part of browsers alone. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object) => { exports: Kernel };
};

type Kernel = { memory: { buffer: ArrayBuffer }; run: (length: number) => number };

/** A place looks so far at most. */
const AHEAD_BYTES = Math.max(...OFFSETS);

/** One for each thread: whoever looks for something copies its tables and its text to it. */
class Machine {
  readonly #memory: Uint8Array;
  readonly places: Int32Array;
  readonly kinds: Uint8Array;
  readonly #run: (length: number) => number;
  #tables: Uint8Array | null = null;
  /** Counts texts, so that each can see whether the places are still its own. */
  turn = 0;

  constructor() {
    const { memory, run } = new WebAssembly.Instance(new WebAssembly.Module(KERNEL)).exports;
    this.#memory = new Uint8Array(memory.buffer);
    this.#memory.set(wordTables(), WORDS_AT);
    this.places = new Int32Array(memory.buffer, PLACES_AT);
    this.kinds = new Uint8Array(memory.buffer, KINDS_AT, BLOCK_BYTES);
    this.#run = run;
  }

  /** Looks at the places `[from, to)` of the window's text, `BLOCK_BYTES` at most; how many may be something. */
  find(tables: Uint8Array, { bytes, start, end }: Window, from: number, to: number): number {
    const memory = this.#memory;
    if (this.#tables !== tables) {
      memory.set(tables);
      this.#tables = tables;
    }
    const length = to - from;
    const first = Math.max(start, from - BEFORE_BYTES);
    const last = Math.min(end, to + AHEAD_BYTES);
    memory.fill(0, TEXT_AT - BEFORE_BYTES, TEXT_AT);
    memory.set(bytes.subarray(first, last), TEXT_AT + first - from);
    memory.fill(0, TEXT_AT + last - from, TEXT_AT + length + BEHIND_BYTES);
    this.turn += 1;
    let count = this.#run(length);
    while (count > 0 && (this.places[count - 1] ?? 0) >= length) count -= 1;
    return count;
  }
}

let machine: Machine | null = null;

function theMachine(): Machine {
  machine ??= new Machine();
  return machine;
}

/** Goes through the places of a text at which shapes may begin, some that don't among them, left to right. */
export class Prefilter {
  readonly #tables: Uint8Array;
  readonly #machine = theMachine();
  /** The block that was looked through last. */
  #from = 0;
  #to = 0;
  #turn = 0;
  #count = 0;
  #next = 0;
  /** The kinds that the place which was given last may be of, a bit for each. */
  kinds = 0;

  constructor(tables: Uint8Array) {
    this.#tables = tables;
  }

  /** Another text follows. */
  reset(): void {
    this.#to = 0;
    this.#count = 0;
    this.#next = 0;
    this.#from = 0;
  }

  /** The next place of `[from, to)` in the window; `to` when there is none. */
  next(window: Window, from: number, to: number): number {
    if (from >= to) return to;
    const { places, kinds } = this.#machine;
    for (;;) {
      if (this.#turn !== this.#machine.turn || from < this.#from || from >= this.#to)
        this.#look(window, from, to);
      while (this.#next < this.#count) {
        const at = places[this.#next] ?? 0;
        this.#next += 1;
        if (this.#from + at < from) continue;
        this.kinds = kinds[at] ?? 0;
        return this.#from + at;
      }
      if (this.#to >= to) return to;
      from = this.#to;
    }
  }

  #look(window: Window, from: number, to: number): void {
    this.#from = from;
    this.#to = Math.min(to, from + BLOCK_BYTES);
    this.#count = this.#machine.find(this.#tables, window, from, this.#to);
    this.#turn = this.#machine.turn;
    this.#next = 0;
  }
}
