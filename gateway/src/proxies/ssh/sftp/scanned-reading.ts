import type { DetectorSet } from '../../../core/detectors/detector-set.ts';
import type { Counts } from '../../../core/detectors/redact.ts';
import { Redactor } from '../../../core/detectors/redactor.ts';
import { STATUS } from '../../../wire/ssh/sftp/numbers.ts';
import type { Status } from '../../../wire/ssh/sftp/reply.ts';
import { requestPacket } from '../../../wire/ssh/sftp/write-request.ts';
import { type HostSftp, readOf } from './host-sftp.ts';

const PIECE_BYTES = 32 * 1024;
const MAX_ASKED = 16;
/** Fits one packet. */
const MAX_READ_BYTES = 255 * 1024;
/** More than this is not read ahead of the client. */
const MAX_READY_BYTES = 1024 * 1024;
const EOF: Status = { code: STATUS.eof, message: 'End of file' };
const NOT_IN_ORDER: Status = {
  code: STATUS.failure,
  message: 'sluice: A file in which a rule looks for something is read from its beginning to its end.',
};

export type ReadResult = { kind: 'data'; data: Buffer } | { kind: 'status'; status: Status };
type Waiting = { length: number; answer: (result: ReadResult) => void };

/**
 * Reads a file ahead of the client, and gives what detectors have looked at to the end and found nothing in. Once they
 * find something nothing more is given.
 */
export class ScannedReading {
  readonly #host: HostSftp;
  readonly #handle: Buffer;
  readonly #counts: Counts;
  readonly #redactor: Redactor;
  readonly #whenFound: () => Status;
  readonly #waiting: Waiting[] = [];
  /** Where the client's next request must begin. */
  #next = 0;
  #ready: Buffer[] = [];
  #readyBytes = 0;
  /** Asked of the host and not answered, by where they begin; a short answer makes all that are left void. */
  #asked = 0;
  #askedTo = 0;
  #cameTo = 0;
  #generation = 0;
  readonly #early = new Map<number, ReadResult>();
  #end: Status | null = null;

  /** @param whenFound is called once; what it gives answers every request from then on */
  constructor(host: HostSftp, handle: string, set: DetectorSet, counts: Counts, whenFound: () => Status) {
    this.#host = host;
    this.#handle = Buffer.from(handle, 'latin1');
    this.#counts = counts;
    this.#redactor = new Redactor(set, counts);
    this.#whenFound = whenFound;
  }

  read(offset: number, length: number, answer: (result: ReadResult) => void): void {
    const isBehindEnd = this.#end !== null && this.#readyBytes === 0 && this.#waiting.length === 0;
    if (offset !== this.#next && !isBehindEnd) {
      answer({ kind: 'status', status: NOT_IN_ORDER });
      return;
    }
    const taken = Math.min(length, MAX_READ_BYTES);
    this.#next = offset + taken;
    this.#waiting.push({ length: taken, answer });
    this.#serve();
    this.#fetch();
  }

  #fetch(): void {
    while (this.#end === null && this.#asked < MAX_ASKED && this.#readyBytes < MAX_READY_BYTES) {
      const offset = this.#askedTo;
      const generation = this.#generation;
      this.#askedTo += PIECE_BYTES;
      this.#asked += 1;
      const packet = requestPacket('read', (writer) =>
        writer.string(this.#handle).uint64(BigInt(offset)).uint32(PIECE_BYTES),
      );
      this.#host.send(packet, (reply) => {
        if (generation !== this.#generation) return;
        this.#asked -= 1;
        this.#came(offset, resultOf(reply));
      });
    }
  }

  #came(offset: number, result: ReadResult): void {
    this.#early.set(offset, result);
    for (let next = this.#taken(); next !== undefined; next = this.#taken()) this.#take(next);
    this.#serve();
    this.#fetch();
  }

  #taken(): ReadResult | undefined {
    const next = this.#early.get(this.#cameTo);
    this.#early.delete(this.#cameTo);
    return this.#end === null ? next : undefined;
  }

  #take(result: ReadResult): void {
    if (result.kind === 'status') {
      this.#settle(this.#redactor.end());
      this.#end ??= result.status;
      return;
    }
    this.#cameTo += result.data.length;
    if (result.data.length < PIECE_BYTES) {
      this.#generation += 1;
      this.#asked = 0;
      this.#askedTo = this.#cameTo;
      this.#early.clear();
    }
    this.#settle(this.#redactor.push(result.data));
  }

  #settle(bytes: Buffer): void {
    if (this.#counts.size > 0) {
      this.#ready = [];
      this.#readyBytes = 0;
      this.#end = this.#whenFound();
    } else if (bytes.length > 0) {
      this.#ready.push(bytes);
      this.#readyBytes += bytes.length;
    }
  }

  #serve(): void {
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      const { length, answer } = first;
      if (this.#readyBytes < length && this.#end === null) return;
      this.#waiting.shift();
      const status = this.#end ?? EOF;
      if (this.#readyBytes === 0 && length > 0) answer({ kind: 'status', status });
      else answer({ kind: 'data', data: this.#cut(length) });
    }
  }

  #cut(length: number): Buffer {
    const parts: Buffer[] = [];
    let wanted = length;
    for (let [first] = this.#ready; first !== undefined && wanted > 0; [first] = this.#ready) {
      const part = first.subarray(0, wanted);
      parts.push(part);
      wanted -= part.length;
      if (part.length === first.length) this.#ready.shift();
      else this.#ready[0] = first.subarray(part.length);
    }
    this.#readyBytes -= length - wanted;
    return Buffer.concat(parts);
  }
}

function resultOf(packet: Buffer): ReadResult {
  const reply = readOf(packet);
  if (reply.type === 'data') return { kind: 'data', data: Buffer.from(reply.data) };
  return { kind: 'status', status: reply.type === 'status' ? reply.status : EOF };
}
