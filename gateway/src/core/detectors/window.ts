/** How far before a position a detector may look, in bytes. */
export const LOOK_BEHIND = 64;
/** How far a detector may look from a position on, in bytes: it decides by these alone. */
export const WINDOW = 512;

/** The bytes around a position: `bytes[start, end)`; outside of it there is nothing. */
export class Window {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;

  constructor(bytes?: Uint8Array, start = 0, end = bytes?.length ?? 0) {
    if (bytes !== undefined) this.set(bytes, start, end);
  }

  set(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  /** The byte at an index; 0 where there is none. */
  at(index: number): number {
    return index >= this.start && index < this.end ? (this.bytes[index] ?? 0) : 0;
  }

  /** Where a detector that decides at `at` must stop looking. */
  limit(at: number): number {
    return Math.min(this.end, at + WINDOW);
  }

  /** The index after the run of bytes of a class that begins at `from`, at most `limit`. */
  run(from: number, limit: number, isIn: ByteClass): number {
    let at = from;
    while (at < limit && isIn[this.bytes[at] ?? 0] === 1) at += 1;
    return at;
  }

  /** Whether the ASCII text stands at `at`. */
  has(at: number, text: string): boolean {
    if (at < this.start || at + text.length > this.end) return false;
    for (let index = 0; index < text.length; index += 1) {
      if (this.bytes[at + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  /** `bytes[from, to)` as Latin-1 text. */
  latin1(from: number, to: number): string {
    let text = '';
    for (let at = from; at < to; at += 1) text += String.fromCharCode(this.bytes[at] ?? 0);
    return text;
  }
}

/** A set of bytes, by index: 1 is in. */
export type ByteClass = Uint8Array;

/** `byteClass('a-z0-9_')`: ranges and single characters, ASCII; `beyond` adds every byte of non-ASCII UTF-8. */
export function byteClass(members: string, beyond = false): ByteClass {
  const set = new Uint8Array(256);
  for (let at = 0; at < members.length; at += 1) {
    const from = members.charCodeAt(at);
    const isRange = members[at + 1] === '-' && at + 2 < members.length;
    const to = isRange ? members.charCodeAt(at + 2) : from;
    for (let byte = from; byte <= to; byte += 1) set[byte] = 1;
    if (isRange) at += 2;
  }
  if (beyond) set.fill(1, 128);
  return set;
}

export const DIGITS = byteClass('0-9');
export const UPPER_CASE = byteClass('A-Z');
export const ALNUM = byteClass('A-Za-z0-9');
export const WORD = byteClass('A-Za-z0-9_');
export const BASE64URL = byteClass('A-Za-z0-9_-');

export function isIn(set: ByteClass, byte: number): boolean {
  return set[byte] === 1;
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Whether a word can begin here: no byte of the class stands before, or it is the end of an escape such as \n. */
export function begins(window: Window, at: number, isPart: ByteClass = WORD): boolean {
  return isPart[window.at(at - 1)] !== 1 || endsEscape(window, at);
}

const ESCAPED = byteClass('bfnrtv0');
const HEX = byteClass('0-9A-Fa-f');
const BACKSLASH = 0x5c;

/** Whether no word can begin at a position, whatever counts as a part of one: cheap, for every byte there is. */
export function isInsideWord(window: Window, at: number): boolean {
  const { bytes, start } = window;
  if (WORD[bytes[at] ?? 0] !== 1 || at === start || WORD[bytes[at - 1] ?? 0] !== 1) return false;
  return window.at(at - 2) !== BACKSLASH && window.at(at - 6) !== BACKSLASH;
}

/** Text that stands in JSON or in source code has `\n` or `\u00e9` before a word as often as a space. */
function endsEscape(window: Window, at: number): boolean {
  if (window.at(at - 2) === BACKSLASH) return isIn(ESCAPED, window.at(at - 1));
  if (window.at(at - 6) !== BACKSLASH || window.at(at - 5) !== 0x75) return false;
  return window.run(at - 4, at, HEX) === at;
}

/** Whether one of the words stands shortly before `at`, whatever its case: `"bsn": "` before a number. */
export function isNamed(window: Window, at: number, words: readonly string[]): boolean {
  const from = Math.max(window.start, at - (LOOK_BEHIND - 24));
  const before = window.latin1(from, at).toLowerCase();
  return words.some((word) => before.includes(word));
}
