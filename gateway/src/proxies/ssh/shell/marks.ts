import { Stop } from '../../../shell/strict/stop.ts';
import { readWord } from '../../../shell/strict/words.ts';
import { MARK } from './start-up.ts';

/** What bash tells of itself between the outputs of programs. */
export type Mark =
  | { kind: 'fifo'; path: string }
  /** The line of that number has ended. `folder` is null where its name is none that can be told. */
  | { kind: 'prompt'; number: number; exitCode: number; folder: string | null };

const ESCAPE = 0x1b;
const MAX_MARK_BYTES = 32_768;

/**
 * Cuts marks out of a terminal's output, in chunks cut anywhere. Only those with the nonce are marks; all else is the
 * programs' own. Holds back at most what could still be the beginning of a mark.
 */
export class Marks {
  readonly #prefix: Buffer;
  readonly #end: Buffer;
  readonly #onMark: (mark: Mark) => void;
  readonly #onOutput: (bytes: Buffer) => void;
  #held: Buffer = Buffer.alloc(0);

  constructor(nonce: string, onOutput: (bytes: Buffer) => void, onMark: (mark: Mark) => void) {
    this.#prefix = Buffer.from(`\x1b]${MARK};${nonce};`, 'latin1');
    this.#end = Buffer.from(`;${nonce}\x07`, 'latin1');
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
      const end = bytes.indexOf(this.#end, this.#prefix.byteLength);
      if (end === -1) {
        if (bytes.byteLength <= MAX_MARK_BYTES) break;
        // Too long for a mark: it is a program's.
        this.#onOutput(bytes.subarray(0, this.#prefix.byteLength));
        bytes = bytes.subarray(this.#prefix.byteLength);
        continue;
      }
      const mark = readMark(bytes.toString('utf8', this.#prefix.byteLength, end));
      if (mark === null) this.#onOutput(bytes.subarray(0, end + this.#end.byteLength));
      else this.#onMark(mark);
      bytes = bytes.subarray(end + this.#end.byteLength);
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
  const fifo = /^fifo;(.*)$/s.exec(text)?.[1];
  if (fifo !== undefined) return { kind: 'fifo', path: fifo };
  const [, number, exitCode, folder] = /^(\d{1,9});(\d{1,3});(.*)$/s.exec(text) ?? [];
  if (number === undefined || exitCode === undefined || folder === undefined) return null;
  return { kind: 'prompt', number: Number(number), exitCode: Number(exitCode), folder: unquoted(folder) };
}

/** What `printf %q` wrote; the terminal can't have changed it where there is nothing in it but plain characters. */
function unquoted(word: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  if (/[\x00-\x1f\x7f\uFFFD]/.test(word)) return null;
  try {
    const read = readWord(word, 0);
    return read.end === word.length && read.text.startsWith('/') ? read.text : null;
  } catch (error) {
    if (error instanceof Stop) return null;
    throw error;
  }
}
