import { SluiceError } from '../../../../contract/error.ts';

/** Begins a frame with its type byte: `frame('Z').text('I').end()`. */
export function frame(type: string): FrameBuilder {
  return new FrameBuilder(type);
}

/** Begins a start-up packet, which has a length but no type. */
export function untypedFrame(): FrameBuilder {
  return new FrameBuilder('');
}

/** Writes one frame from front to back; `end()` fills in the length. Integers are big-endian. */
export class FrameBuilder {
  #bytes = Buffer.allocUnsafe(64);
  #at: number;
  readonly #lengthAt: number;

  constructor(type: string) {
    this.#lengthAt = this.#bytes.write(type, 'latin1');
    this.#at = this.#lengthAt + 4;
  }

  uint8(value: number): this {
    const at = this.#grow(1);
    this.#bytes.writeUInt8(value, at);
    return this;
  }

  /** Signed or unsigned: -32768 to 65535. */
  int16(value: number): this {
    const at = this.#grow(2);
    if (value < 0) this.#bytes.writeInt16BE(value, at);
    else this.#bytes.writeUInt16BE(value, at);
    return this;
  }

  /** Signed or unsigned: -2^31 to 2^32 - 1. */
  int32(value: number): this {
    const at = this.#grow(4);
    if (value < 0) this.#bytes.writeInt32BE(value, at);
    else this.#bytes.writeUInt32BE(value, at);
    return this;
  }

  /** UTF-8 and a NUL. @throws SluiceError `wire.protocolViolation` when `value` contains a NUL itself. */
  cstring(value: string): this {
    return this.text(value).uint8(0);
  }

  /** UTF-8 without an end mark. @throws SluiceError `wire.protocolViolation` on NUL or a lone surrogate. */
  text(value: string): this {
    if (value.includes('\0')) throw unwritable('NUL can not be sent in a PostgreSQL text');
    if (!value.isWellFormed()) throw unwritable('a text with half a surrogate pair has no UTF-8');
    const length = Buffer.byteLength(value);
    const at = this.#grow(length);
    this.#bytes.write(value, at, length, 'utf8');
    return this;
  }

  bytes(value: Uint8Array): this {
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** An int32 length and the bytes; NULL is -1 and nothing. */
  nullableBytes(value: Uint8Array | null): this {
    return value === null ? this.int32(-1) : this.int32(value.length).bytes(value);
  }

  /** An int16 count and each item. */
  list<Item>(items: readonly Item[], write: (builder: this, item: Item) => void): this {
    this.int16(items.length);
    for (const item of items) write(this, item);
    return this;
  }

  /** The finished frame. The builder must not be used again. */
  end(): Buffer {
    this.#bytes.writeInt32BE(this.#at - this.#lengthAt, this.#lengthAt);
    return this.#bytes.subarray(0, this.#at);
  }

  #grow(length: number): number {
    const at = this.#at;
    this.#at = at + length;
    if (this.#at > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#at, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    return at;
  }
}

function unwritable(why: string): SluiceError {
  return new SluiceError('wire.protocolViolation', `A message can not be written: ${why}.`);
}
