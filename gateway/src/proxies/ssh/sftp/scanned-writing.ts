import type { DetectorSet } from '../../../core/detectors/detector-set.ts';
import type { Counts } from '../../../core/detectors/redact.ts';
import { Redactor } from '../../../core/detectors/redactor.ts';
import { STATUS } from '../../../wire/ssh/sftp/numbers.ts';
import type { Status } from '../../../wire/ssh/sftp/reply.ts';
import { requestPacket } from '../../../wire/ssh/sftp/write-request.ts';
import { type HostSftp, readOf } from './host-sftp.ts';

const OK: Status = { code: STATUS.ok, message: 'Success' };
const NOT_IN_ORDER: Status = {
  code: STATUS.failure,
  message: 'sluice: A file in which a rule looks for something is written from front to end.',
};

/**
 * Writes what detectors have looked at to the end and found nothing in; the last few hundred bytes wait for what follows
 * them, or for the file to be closed. Once they find something nothing more is written.
 */
export class ScannedWriting {
  readonly #host: HostSftp;
  readonly #handle: Buffer;
  readonly #counts: Counts;
  readonly #redactor: Redactor;
  readonly #whenFound: () => Status;
  /** Where the client's next request must begin; wherever the first one does. */
  #next: number | null = null;
  #writtenTo = 0;
  #stopped: Status | null = null;

  /** @param whenFound is called once; what it gives answers every request from then on */
  constructor(host: HostSftp, handle: string, set: DetectorSet, counts: Counts, whenFound: () => Status) {
    this.#host = host;
    this.#handle = Buffer.from(handle, 'latin1');
    this.#counts = counts;
    this.#redactor = new Redactor(set, counts);
    this.#whenFound = whenFound;
  }

  write(offset: number, data: Buffer, answer: (status: Status) => void): void {
    if (this.#next === null) this.#writtenTo = offset;
    const isInOrder = this.#next === null || offset === this.#next;
    if (this.#stopped !== null || !isInOrder) {
      answer(this.#stopped ?? NOT_IN_ORDER);
      return;
    }
    this.#next = offset + data.length;
    this.#send(this.#redactor.push(data), answer);
  }

  /** The file is about to be closed: what was held back is written. */
  end(answer: (status: Status) => void): void {
    if (this.#stopped !== null || this.#next === null) {
      answer(this.#stopped ?? OK);
      return;
    }
    this.#next = null;
    this.#send(this.#redactor.end(), answer);
  }

  #send(settled: Buffer, answer: (status: Status) => void): void {
    if (this.#counts.size > 0) this.#stopped ??= this.#whenFound();
    if (this.#stopped !== null || settled.length === 0) {
      answer(this.#stopped ?? OK);
      return;
    }
    const offset = this.#writtenTo;
    this.#writtenTo += settled.length;
    const packet = requestPacket('write', (writer) =>
      writer.string(this.#handle).uint64(BigInt(offset)).string(settled),
    );
    this.#host.send(packet, (reply) => {
      const read = readOf(reply);
      answer(read.type === 'status' ? read.status : NOT_IN_ORDER);
    });
  }
}
