import { MARK } from './start-up.ts';

/** What bash tells of itself between the outputs of programs. */
export type Mark = { kind: 'fifo'; path: string } | { kind: 'prompt'; exitCode: number; folder: string };

const ESCAPE = 0x1b;
const BELL = 0x07;
const MAX_MARK_BYTES = 8192;

/**
 * Cuts marks out of a terminal's output, in chunks cut anywhere. Only those with the nonce are marks; all else is the
 * programs' own. Holds back at most what could still be the beginning of a mark.
 */
export class Marks {
  readonly #prefix: Buffer;
  readonly #onMark: (mark: Mark) => void;
  readonly #onOutput: (bytes: Buffer) => void;
  #held: Buffer = Buffer.alloc(0);

  constructor(nonce: string, onOutput: (bytes: Buffer) => void, onMark: (mark: Mark) => void) {
    this.#prefix = Buffer.from(`\x1b]${MARK};${nonce};`, 'latin1');
    this.#onOutput = onOutput;
    this.#onMark = onMark;
  }

  push(chunk: Buffer): void {
    let bytes = this.#held.byteLength === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    for (;;) {
      const at = this.#beginsAt(bytes);
      if (at > 0) this.#onOutput(bytes.subarray(0, at));
      bytes = bytes.subarray(at);
      if (bytes.byteLength < this.#prefix.byteLength) break;
      const end = bytes.indexOf(BELL, this.#prefix.byteLength);
      if (end === -1) {
        if (bytes.byteLength <= MAX_MARK_BYTES) break;
        // Too long for a mark: it is a program's.
        this.#onOutput(bytes.subarray(0, this.#prefix.byteLength));
        bytes = bytes.subarray(this.#prefix.byteLength);
        continue;
      }
      const mark = readMark(bytes.toString('utf8', this.#prefix.byteLength, end));
      if (mark === null) this.#onOutput(bytes.subarray(0, end + 1));
      else this.#onMark(mark);
      bytes = bytes.subarray(end + 1);
    }
    this.#held = Buffer.from(bytes);
  }

  /** Where a mark begins, or could once more has come; the length where none can. */
  #beginsAt(bytes: Buffer): number {
    for (let at = bytes.indexOf(ESCAPE); at !== -1; at = bytes.indexOf(ESCAPE, at + 1)) {
      const length = Math.min(this.#prefix.byteLength, bytes.byteLength - at);
      if (this.#prefix.compare(bytes, at, at + length, 0, length) === 0) return at;
    }
    return bytes.byteLength;
  }
}

function readMark(text: string): Mark | null {
  const at = text.indexOf(';');
  const [word, rest] = [text.slice(0, at), text.slice(at + 1)];
  if (at === -1) return null;
  if (word === 'fifo') return { kind: 'fifo', path: rest };
  return /^\d{1,3}$/.test(word) ? { kind: 'prompt', exitCode: Number(word), folder: rest } : null;
}
