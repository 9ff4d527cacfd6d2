import { BodyReader } from './bytes/body-reader.ts';
import type { TypeSet } from './frame-types.ts';
import { frameTooLarge, violation } from './violation.ts';

/** The server's own limit for a start-up packet (MAX_STARTUP_PACKET_LENGTH). */
export const MAX_START_UP_BYTES = 10_000;

const NOTHING = Buffer.alloc(0);
const FIRST_ALLOCATION_BYTES = 4096;

export type FrameScannerOptions = {
  /** Types that this peer may send; any other is a protocol violation. */
  known: TypeSet;
  /** Types whose bytes are passed on as they come; every other is given whole. */
  streamed: TypeSet;
  /** Limit for the frames given whole, type and length included. */
  maxFrameBytes: number;
  /** True on the side of a client, whose first packets carry no type byte. */
  startsUp: boolean;
};

/**
 * - `frame`: one whole frame: `bytes[start, end)`, its body from `bodyStart`, its type byte in `type` (0 for a
 *   start-up packet). It aliases the chunk unless it came in several.
 * - `passed`: bytes of streamed frames, as many as stand in a row: `bytes[start, end)`; `ended` of them ended.
 * - `none`: nothing more until the next `push`.
 */
export type Piece = 'frame' | 'passed' | 'none';

/**
 * Cuts a byte stream into frames (manual, "Overview" of the protocol: a type byte, then an int32 length that
 * counts itself). Push a chunk, then call `next` until it says `none`, and read the piece's fields after each
 * call. No byte of a frame that came in one chunk is copied, and a streamed frame is never held.
 *
 * `next` throws `wire.protocolViolation` or `wire.frameTooLarge`; the connection is then lost for good.
 */
export class FrameScanner {
  /** May be changed at any time, for example once the peer has logged in. */
  maxFrameBytes: number;
  type = 0;
  bytes: Buffer = NOTHING;
  start = 0;
  bodyStart = 0;
  end = 0;
  ended = 0;

  readonly #known: TypeSet;
  readonly #streamed: TypeSet;
  #startsUp: boolean;
  #chunk: Buffer = NOTHING;
  #at = 0;
  /** Bytes still to come of a streamed frame that has begun. */
  #streamLeft = 0;
  /** What has come of a frame (or only of its header) that the last chunk did not hold whole. */
  #partial: Buffer = NOTHING;
  #partialBytes = 0;

  constructor(options: FrameScannerOptions) {
    this.#known = options.known;
    this.#streamed = options.streamed;
    this.maxFrameBytes = options.maxFrameBytes;
    this.#startsUp = options.startsUp;
  }

  /** Gives the next bytes of the stream. What `next` has not yet consumed stays in front of them. */
  push(chunk: Buffer): void {
    const unread = this.#chunk.length - this.#at;
    this.#chunk = unread === 0 ? chunk : Buffer.concat([this.#chunk.subarray(this.#at), chunk]);
    this.#at = 0;
  }

  /** From here on frames carry a type byte. */
  startedUp(): void {
    this.#startsUp = false;
  }

  /** True between two frames, when no byte of a next one has come. */
  get idle(): boolean {
    return this.#at === this.#chunk.length && this.#partialBytes === 0 && this.#streamLeft === 0;
  }

  /** True inside a streamed frame that has begun and not ended. */
  get midStream(): boolean {
    return this.#streamLeft > 0;
  }

  /** A reader over the body of the present `frame`. */
  body(): BodyReader {
    return new BodyReader(this.bytes, this.bodyStart, this.end);
  }

  /** Looks for the next piece. */
  next(): Piece {
    if (this.#partialBytes > 0) return this.#resume();
    if (this.#startsUp) return this.#cut();
    const from = this.#at;
    const ended = this.#skipStreamed();
    return this.#at > from ? this.#passed(this.#chunk, from, this.#at, ended) : this.#cut();
  }

  /** Moves over all streamed frames that stand in a row here; tells how many ended. */
  #skipStreamed(): number {
    const chunk = this.#chunk;
    const end = chunk.length;
    const taken = Math.min(this.#streamLeft, end - this.#at);
    this.#streamLeft -= taken;
    let at = this.#at + taken;
    let ended = taken > 0 && this.#streamLeft === 0 ? 1 : 0;
    while (end - at >= 5 && this.#streamed[chunk[at] ?? 0] === 1) {
      const frameEnd = at + this.#frameBytes(chunk, at);
      if (frameEnd > end) {
        this.#streamLeft = frameEnd - end;
        at = end;
      } else {
        ended += 1;
        at = frameEnd;
      }
    }
    this.#at = at;
    return ended;
  }

  /** Cuts a whole frame off the chunk, or keeps the beginning of one. */
  #cut(): Piece {
    const chunk = this.#chunk;
    const at = this.#at;
    const available = chunk.length - at;
    if (available >= this.#headerBytes()) {
      const frameBytes = this.#frameBytes(chunk, at);
      if (frameBytes <= available) {
        this.#at = at + frameBytes;
        return this.#frame(chunk, at, this.#at);
      }
    }
    if (available > 0) this.#keep(available, available);
    this.#chunk = NOTHING;
    this.#at = 0;
    this.bytes = NOTHING;
    return 'none';
  }

  /** Goes on with a frame that began in an earlier chunk. */
  #resume(): Piece {
    const headerBytes = this.#headerBytes();
    if (this.#partialBytes < headerBytes && !this.#keepUpTo(headerBytes, headerBytes)) return 'none';
    const partial = this.#partial;
    const frameBytes = this.#frameBytes(partial, 0);
    if (!this.#startsUp && this.#streamed[partial[0] ?? 0] === 1) {
      this.#streamLeft = frameBytes - headerBytes;
      this.#partialBytes = 0;
      return this.#passed(partial, 0, headerBytes, this.#streamLeft === 0 ? 1 : 0);
    }
    if (!this.#keepUpTo(frameBytes, frameBytes)) return 'none';
    this.#partialBytes = 0;
    const whole = this.#partial;
    this.#partial = NOTHING;
    return this.#frame(whole, 0, frameBytes);
  }

  #keepUpTo(wanted: number, frameBytes: number): boolean {
    const taken = Math.min(wanted - this.#partialBytes, this.#chunk.length - this.#at);
    if (taken > 0) this.#keep(taken, frameBytes);
    return this.#partialBytes === wanted;
  }

  /** Memory grows with the bytes that came, never with the length that was announced. */
  #keep(count: number, frameBytes: number): void {
    const needed = this.#partialBytes + count;
    if (needed > this.#partial.length || this.#partialBytes === 0) {
      const doubled = Math.max(needed, this.#partialBytes * 2, FIRST_ALLOCATION_BYTES);
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(doubled, frameBytes)));
      this.#partial.copy(larger, 0, 0, this.#partialBytes);
      this.#partial = larger;
    }
    this.#chunk.copy(this.#partial, this.#partialBytes, this.#at, this.#at + count);
    this.#partialBytes = needed;
    this.#at += count;
  }

  #headerBytes(): number {
    return this.#startsUp ? 4 : 5;
  }

  /** Reads and checks the header at `at`; gives the size of the frame with its header. */
  #frameBytes(bytes: Buffer, at: number): number {
    if (this.#startsUp) return startUpBytes(bytes.readInt32BE(at));
    const type = bytes[at] ?? 0;
    const length = bytes.readInt32BE(at + 1);
    if (this.#known[type] !== 1) throw violation(`there is no message of type ${typeName(type)}`);
    if (length < 4)
      throw violation(`a message of type ${typeName(type)} says that it is ${length} bytes long`);
    if (length >= this.maxFrameBytes && this.#streamed[type] !== 1) {
      throw frameTooLarge(`message of type ${typeName(type)}`, length + 1, this.maxFrameBytes);
    }
    return length + 1;
  }

  #frame(bytes: Buffer, start: number, end: number): Piece {
    this.type = this.#startsUp ? 0 : (bytes[start] ?? 0);
    this.bytes = bytes;
    this.start = start;
    this.bodyStart = start + this.#headerBytes();
    this.end = end;
    return 'frame';
  }

  #passed(bytes: Buffer, start: number, end: number, ended: number): Piece {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.ended = ended;
    return 'passed';
  }
}

function startUpBytes(length: number): number {
  if (length < 8) throw violation(`a start-up packet says that it is ${length} bytes long`);
  if (length > MAX_START_UP_BYTES) throw frameTooLarge('start-up packet', length, MAX_START_UP_BYTES);
  return length;
}

function typeName(type: number): string {
  return type > 32 && type < 127
    ? `"${String.fromCharCode(type)}"`
    : `0x${type.toString(16).padStart(2, '0')}`;
}
