import { bigintOfTwosComplement } from './integers.ts';
import { malformed } from './malformed.ts';

const MAX_NAME_CHARACTERS = 64;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the data types of RFC 4251 section 5 from front to back. It is given to the function that `decode` runs, and
 * every method ends that decoding, with the field's name in words, when the bytes are not what the type asks for.
 */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** How many bytes have been read. */
  get at(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  uint8(name: string): number {
    return this.bytes(name, 1).readUInt8();
  }

  uint32(name: string): number {
    return this.bytes(name, 4).readUInt32BE();
  }

  uint64(name: string): bigint {
    return this.bytes(name, 8).readBigUInt64BE();
  }

  /** Every byte but 0 is true, as the RFC has it. */
  boolean(name: string): boolean {
    return this.uint8(name) !== 0;
  }

  /** `length` bytes, aliasing what is read. */
  bytes(name: string, length: number): Buffer {
    if (length > this.remaining) malformed(`${name} ends too soon`);
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  /** What has been read since `start`, aliasing it. */
  since(start: number): Buffer {
    return this.#bytes.subarray(start, this.#at);
  }

  /** A string of any bytes, aliasing what is read. */
  string(name: string): Buffer {
    return this.bytes(name, this.uint32(`the length of ${name}`));
  }

  /** A string that holds UTF-8 without control characters. */
  text(name: string): string {
    const bytes = this.string(name);
    const text = decodedUtf8(bytes) ?? malformed(`${name} is not UTF-8`);
    if (/\p{Cc}/u.test(text)) malformed(`${name} contains a control character`);
    return text;
  }

  /** A whole number of any size and sign, in as few bytes as it can be written. */
  mpint(name: string): bigint {
    return bigintOfTwosComplement(this.#mpintBytes(name));
  }

  /** A number that is not negative: its magnitude, big-endian, without leading zeros; empty for 0. */
  magnitude(name: string): Buffer {
    const bytes = this.#mpintBytes(name);
    if ((bytes[0] ?? 0) >= 0x80) malformed(`${name} is negative`);
    return bytes[0] === 0 ? bytes.subarray(1) : bytes;
  }

  /** One name of RFC 4251 section 6: an algorithm, a type of key, a curve. */
  name(what: string): string {
    const name = this.string(what).toString('latin1');
    if (!isName(name)) malformed(`${what} is empty, too long or not printable ASCII`);
    return name;
  }

  /** Names of RFC 4251 section 6, in their order. */
  nameList(name: string): string[] {
    const text = this.string(name).toString('latin1');
    if (text === '') return [];
    const names = text.split(',');
    if (!names.every(isName)) malformed(`${name} has a name that is empty, too long or not printable ASCII`);
    return names;
  }

  /** Nothing may be left. */
  end(): void {
    if (this.remaining > 0) malformed(`${this.remaining} bytes follow its end`);
  }

  #mpintBytes(name: string): Buffer {
    const bytes = this.string(name);
    const [first, second] = bytes;
    const signOfSecond = (second ?? 0) >= 0x80;
    const isPadded =
      second === undefined ? first === 0 : (first === 0 && !signOfSecond) || (first === 0xff && signOfSecond);
    if (isPadded) malformed(`${name} is written with more bytes than it needs`);
    return bytes;
  }
}

function isName(name: string): boolean {
  return name.length <= MAX_NAME_CHARACTERS && /^[!-~]+$/.test(name);
}

function decodedUtf8(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
