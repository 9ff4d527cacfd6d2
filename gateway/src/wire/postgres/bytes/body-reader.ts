import { isUtf8 } from 'node:buffer';
import { violation } from '../violation.ts';

const REPLACEMENT = '�';

/**
 * Reads one message's body from front to back. Integers are big-endian (manual, "Message Data Types"). Every
 * method throws `wire.protocolViolation` when the body ends too soon or isn't valid UTF-8.
 */
export class BodyReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  /** Reads `bytes[start, end)` without copying it. */
  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  uint8(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  /** A NUL-terminated string. */
  cstring(): string {
    const { start, end } = this.#takeToNul();
    return this.#utf8(start, end);
  }

  /** A NUL-terminated string of the server's own words, which it may cut in the middle of a character (U+FFFD). */
  words(): string {
    const { start, end } = this.#takeToNul();
    return this.#bytes.toString('utf8', start, end);
  }

  /** `length` bytes, aliasing the frame. */
  bytes(length: number): Buffer {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Everything that is left, aliasing the frame. */
  rest(): Buffer {
    return this.bytes(this.remaining);
  }

  /** Everything that is left as text, without NUL. */
  restAsText(): string {
    const start = this.#take(this.remaining);
    const text = this.#utf8(start, this.#end);
    if (text.includes('\0')) throw violation('a text contains NUL');
    return text;
  }

  /** An int32 length and that many bytes; -1 is NULL. */
  nullableBytes(): Buffer | null {
    const length = this.int32();
    if (length === -1) return null;
    return this.bytes(length);
  }

  /** The same without looking at it. */
  skipNullableBytes(): void {
    const length = this.int32();
    if (length !== -1) this.#take(length);
  }

  /** A count (int16, unsigned as the server reads it) and that many items. */
  list<Item>(item: () => Item): Item[] {
    const count = this.uint16();
    const items: Item[] = [];
    for (let index = 0; index < count; index += 1) items.push(item());
    return items;
  }

  /** Nothing may be left. */
  end(): void {
    if (this.remaining !== 0) throw violation(`${this.remaining} bytes follow the end of a message`);
  }

  #takeToNul(): { start: number; end: number } {
    const start = this.#at;
    const end = this.#bytes.indexOf(0, start);
    if (end === -1 || end >= this.#end) throw violation('a string has no end');
    this.#at = end + 1;
    return { start, end };
  }

  #take(length: number): number {
    const start = this.#at;
    if (length < 0 || length > this.#end - start) throw violation('a message ends too soon');
    this.#at = start + length;
    return start;
  }

  #utf8(start: number, end: number): string {
    const text = this.#bytes.toString('utf8', start, end);
    // Decoding marks every invalid sequence with U+FFFD, so that only texts that contain it are checked twice.
    if (text.includes(REPLACEMENT) && !isUtf8(this.#bytes.subarray(start, end))) {
      throw violation('a string is not valid UTF-8');
    }
    return text;
  }
}
