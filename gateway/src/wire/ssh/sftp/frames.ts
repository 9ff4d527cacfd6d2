/** The largest packet that OpenSSH takes, without its length. */
export const MAX_PACKET_BYTES = 256 * 1024;
const LENGTH_BYTES = 4;

/** Cuts a stream of SFTP into packets: each with its length before it, as it came, and aliasing it where it can. */
export class Frames {
  readonly #onPacket: (packet: Buffer) => void;
  #partial: Buffer[] = [];
  #partialBytes = 0;
  /** Of the packet that has begun; unknown until its first four bytes are there. */
  #wanted = LENGTH_BYTES;

  constructor(onPacket: (packet: Buffer) => void) {
    this.#onPacket = onPacket;
  }

  /** False when a packet is empty or larger than may be: nothing that follows means anything. */
  push(chunk: Buffer): boolean {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#partialBytes + rest.length < this.#wanted) {
        this.#partial.push(rest);
        this.#partialBytes += rest.length;
        return true;
      }
      const isSplit = this.#partialBytes > 0;
      const take = this.#wanted - this.#partialBytes;
      const whole = this.#joined(rest.subarray(0, take));
      if (this.#wanted === LENGTH_BYTES) {
        const length = whole.readUInt32BE();
        if (length === 0 || length > MAX_PACKET_BYTES) return false;
        this.#wanted = LENGTH_BYTES + length;
        // Where it isn't split it is left there, so that the packet is one piece of the chunk.
        if (isSplit) {
          this.#partial = [whole];
          this.#partialBytes = LENGTH_BYTES;
          rest = rest.subarray(take);
        }
        continue;
      }
      this.#wanted = LENGTH_BYTES;
      rest = rest.subarray(take);
      this.#onPacket(whole);
    }
    return true;
  }

  #joined(last: Buffer): Buffer {
    if (this.#partialBytes === 0) return last;
    const whole = Buffer.concat([...this.#partial, last]);
    this.#partial = [];
    this.#partialBytes = 0;
    return whole;
  }
}
