import { bigintOf, twosComplementOf } from './integers.ts';

/** Writes the data types of RFC 4251 section 5 from front to back. */
export class Writer {
  readonly #pieces: Uint8Array[] = [];

  uint8(value: number): this {
    return this.bytes(Uint8Array.of(value));
  }

  uint32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return this.bytes(bytes);
  }

  uint64(value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(value);
    return this.bytes(bytes);
  }

  boolean(value: boolean): this {
    return this.uint8(value ? 1 : 0);
  }

  /** Bytes as they are, without a length. */
  bytes(value: Uint8Array): this {
    this.#pieces.push(value);
    return this;
  }

  /** Bytes, or a text as UTF-8, with their length before them. */
  string(value: Uint8Array | string): this {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    return this.uint32(bytes.length).bytes(bytes);
  }

  mpint(value: bigint): this {
    return this.string(twosComplementOf(value));
  }

  /** A number that is not negative, given as a big-endian magnitude with or without leading zeros. */
  magnitude(value: Uint8Array): this {
    return this.mpint(bigintOf(value));
  }

  nameList(names: readonly string[]): this {
    return this.string(names.join(','));
  }

  /** Everything that was written. */
  end(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}
