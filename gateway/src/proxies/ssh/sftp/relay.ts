import type { DetectorSet } from '../../../core/detectors/detector-set.ts';
import { detectorSetOf } from '../../../core/detectors/detector-set.ts';
import { STATUS } from '../../../wire/ssh/sftp/numbers.ts';
import {
  dataBytesOf,
  dataPacket,
  namePacket,
  okPacket,
  type Status,
  statusPacket,
  versionPacket,
} from '../../../wire/ssh/sftp/reply.ts';
import { type HandleRequest, type NamingRequest, readRequest } from '../../../wire/ssh/sftp/request.ts';
import { extendedPacket, idOf, setId } from '../../../wire/ssh/sftp/write-request.ts';
import { setsSizeAlone } from './attributes.ts';
import { attributesDeed, directionsOf } from './deeds.ts';
import type { FileGate, Opened, Permission } from './gate.ts';
import { type HostSftp, readOf } from './host-sftp.ts';
import { Lane } from './lane.ts';
import { OpenFile } from './open-file.ts';
import { packetFor } from './packets.ts';
import { ScannedReading } from './scanned-reading.ts';
import { ScannedWriting } from './scanned-writing.ts';
import { foundWords } from './words.ts';

/** Requests that wait for a decision, or for what a detector looks at; while there are more none is read. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** What a read counts for, which is short itself: more than a client asks for at once are not kept. */
const WAITING_READ_BYTES = 1024;

export type RelayParts = {
  host: HostSftp;
  home: string;
  gate: FileGate;
  /** To the client. */
  reply: (packet: Buffer) => void;
  /** Something that a person is to read. */
  say: (words: string) => void;
  now: () => number;
  onFault: (error: unknown) => void;
};

/**
 * SFTP between a client and a host. What names a file is decided first, one after the other in the client's order; what
 * is done by a handle passes at once, as far as the file was opened for it.
 */
export class SftpRelay {
  readonly #parts: RelayParts;
  readonly #files = new Map<string, OpenFile>();
  readonly #naming = new Lane();
  #waitingBytes = 0;
  #onRoom: () => void = () => undefined;

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  /** Takes one packet of the client's; throws nothing. */
  receive(packet: Buffer): void {
    const read = readRequest(packet);
    if (!read.ok) {
      const id = packet.length >= 9 ? idOf(packet) : 0;
      this.#status(id, { code: STATUS.badMessage, message: `sluice: ${read.why}.` });
      return;
    }
    const request = read.value;
    switch (request.type) {
      case 'init':
        this.#parts.reply(versionPacket(this.#parts.host.extensions));
        return;
      case 'unsupported':
        this.#status(request.id, {
          code: STATUS.unsupported,
          message: `sluice: ${request.what} is not known.`,
        });
        return;
      case 'limits':
        this.#pass(
          request.id,
          extendedPacket('limits@openssh.com', (writer) => writer),
        );
        return;
      case 'close':
      case 'fstat':
      case 'readdir':
      case 'fsync':
      case 'fstatvfs':
      case 'fsetstat':
      case 'read':
      case 'write':
        this.#onHandle(request, packet);
        return;
      default:
        this.#wait(this.#naming, packet, () => this.#onName(request));
    }
  }

  /** False when no more should come until `onRoom`. */
  get hasRoom(): boolean {
    return this.#waitingBytes < MAX_WAITING_BYTES;
  }

  /** Called when there had been no room, and there is. */
  onRoom(listener: () => void): void {
    this.#onRoom = listener;
  }

  /** The client or the host has left: what is open ends as it stands. */
  async end(): Promise<void> {
    const files = [...this.#files.values()];
    this.#files.clear();
    await Promise.all(files.map((file) => file.close('lost', this.#parts.now())));
  }

  #wait(lane: Lane, { length }: Buffer, task: () => Promise<void>): void {
    this.#waitingBytes += length;
    lane
      .run(task)
      .catch(this.#parts.onFault)
      .finally(() => this.#waited(length));
  }

  #waited(bytes: number): void {
    const wasFull = !this.hasRoom;
    this.#waitingBytes -= bytes;
    if (wasFull && this.hasRoom) this.#onRoom();
  }

  async #onName(request: NamingRequest): Promise<void> {
    const { gate, home, reply } = this.#parts;
    // Where the account begins is no secret of the host's, and clients ask for it first.
    if (request.type === 'realpath' && (request.path === '.' || request.path === '')) {
      reply(namePacket(request.id, home));
      return;
    }
    const permission = await gate.ask(request);
    if (permission.kind !== 'granted') return this.#refuse(request, permission);
    const packet = packetFor(permission.operation);
    if (packet === null) return;
    const startedMs = this.#parts.now();
    this.#parts.host.send(packet, (answer) => {
      if (this.#opens(request, permission, answer)) {
        this.#parts.reply(setId(answer, request.id));
        return;
      }
      const kept = Buffer.from(answer);
      this.#closed(permission, kept, startedMs)
        .then(() => this.#parts.reply(setId(kept, request.id)))
        .catch(this.#parts.onFault);
    });
  }

  #refuse({ id }: NamingRequest, permission: Exclude<Permission, { kind: 'granted' }>): void {
    if (permission.kind === 'nowhere') this.#status(id, permission.status);
    if (permission.kind !== 'refused') return;
    const { words } = permission;
    this.#status(id, { code: STATUS.permissionDenied, message: words });
    this.#parts.say(words);
  }

  /** Whether a file or folder is open now. */
  #opens(request: NamingRequest, opened: Opened, answer: Buffer): boolean {
    if (request.type !== 'open' && request.type !== 'opendir') return false;
    const reply = readOf(answer);
    if (reply.type !== 'handle') return false;
    const directions =
      request.type === 'open' ? directionsOf(request.flags) : { reads: false, writes: false };
    const file = new OpenFile(opened, reply.handle, directions, this.#parts.now());
    this.#scan(file, opened);
    this.#files.set(reply.handle, file);
    return true;
  }

  #scan(file: OpenFile, { decision }: Opened): void {
    const { detections } = decision;
    if (detections === undefined || detections.length === 0) return;
    const { host, say } = this.#parts;
    const set: DetectorSet = detectorSetOf(detections);
    const whenFound = (): Status => {
      const message = foundWords(file.path, decision);
      say(message);
      return { code: STATUS.failure, message };
    };
    if (file.reads) file.reading = new ScannedReading(host, file.handle, set, file.counts, whenFound);
    if (file.writes) file.writing = new ScannedWriting(host, file.handle, set, file.counts, whenFound);
  }

  async #closed({ record }: Opened, answer: Buffer, startedMs: number): Promise<void> {
    const reply = readOf(answer);
    const hasFailed = reply.type === 'status' && reply.status.code !== STATUS.ok;
    const durationMs = this.#parts.now() - startedMs;
    await record.close({
      status: hasFailed ? 'failed' : 'done',
      sqlState: null,
      rows: 0,
      bytes: 0,
      durationMs,
    });
  }

  #onHandle(request: HandleRequest, packet: Buffer): void {
    const file = this.#files.get(request.handle);
    if (file === undefined || file.isClosing) {
      this.#status(request.id, { code: STATUS.failure, message: 'sluice: That is no open file.' });
      return;
    }
    if (request.type !== 'close' && !this.#stillHolds(file)) {
      const message = 'sluice: What you may do has changed since the file was opened. Open it again.';
      this.#status(request.id, { code: STATUS.permissionDenied, message });
      return;
    }
    if (file.lane.isIdle && request.type !== 'fsetstat' && request.type !== 'close') {
      this.#forFile(file, request, packet);
      return;
    }
    if (request.type === 'close') file.isClosing = true;
    this.#wait(file.lane, packet, async () => {
      if (request.type === 'fsetstat' && !(await this.#mayChange(file, request))) return;
      if (request.type === 'close') this.#close(file, request.id, packet);
      else this.#forFile(file, request, packet);
    });
  }

  #stillHolds(file: OpenFile): boolean {
    const { gate } = this.#parts;
    const { standing } = gate;
    if (file.standing === standing) return true;
    if (!gate.stillHolds(file.opened)) return false;
    file.standing = standing;
    return true;
  }

  #forFile(file: OpenFile, request: Exclude<HandleRequest, { type: 'close' }>, packet: Buffer): void {
    const { id, type } = request;
    if (type === 'read' && !file.reads) this.#notOpenFor(id, 'reading');
    else if (type === 'write' && !file.writes) this.#notOpenFor(id, 'writing');
    else if (type === 'read' && file.reading !== null) this.#readScanned(file, file.reading, request);
    else if (type === 'write' && file.writing !== null) this.#writeScanned(file, file.writing, request);
    else {
      if (type === 'write') file.bytes += request.data.length;
      this.#pass(id, packet, (reply) => {
        if (type === 'read') file.bytes += dataBytesOf(reply) ?? 0;
      });
    }
  }

  #readScanned(
    file: OpenFile,
    reading: ScannedReading,
    { id, offset, length }: Extract<HandleRequest, { type: 'read' }>,
  ): void {
    this.#waitingBytes += WAITING_READ_BYTES;
    reading.read(offset, length, (result) => {
      this.#waited(WAITING_READ_BYTES);
      if (result.kind === 'status') return this.#status(id, result.status);
      file.bytes += result.data.length;
      this.#parts.reply(dataPacket(id, result.data));
    });
  }

  #writeScanned(
    file: OpenFile,
    writing: ScannedWriting,
    { id, offset, data }: Extract<HandleRequest, { type: 'write' }>,
  ): void {
    const { length } = data;
    this.#waitingBytes += length;
    writing.write(offset, Buffer.from(data), (status) => {
      this.#waited(length);
      if (status.code === STATUS.ok) file.bytes += length;
      this.#status(id, status);
    });
  }

  /** Truncating a file that is open for writing is writing; every other attribute is a change. */
  async #mayChange(file: OpenFile, request: Extract<HandleRequest, { type: 'fsetstat' }>): Promise<boolean> {
    if (file.writes && setsSizeAlone(request.attributes)) return true;
    const place = { written: file.path, leads: file.path };
    const deed = attributesDeed('fsetstat', place, request.attributes);
    const permission = await this.#parts.gate.askFor(deed, async () => deed);
    if (permission.kind === 'granted') {
      await permission.record.close({ status: 'done', sqlState: null, rows: 0, bytes: 0, durationMs: 0 });
      return true;
    }
    if (permission.kind !== 'refused') return false;
    this.#status(request.id, { code: STATUS.permissionDenied, message: permission.words });
    this.#parts.say(permission.words);
    return false;
  }

  #close(file: OpenFile, id: number, packet: Buffer): void {
    const ended = (status: Status) => {
      this.#parts.host.send(packet, (answer) => {
        this.#files.delete(file.handle);
        const reply = status.code === STATUS.ok ? Buffer.from(answer) : statusPacket(id, status);
        file
          .close(status.code === STATUS.ok ? 'done' : 'failed', this.#parts.now())
          .then(() => this.#parts.reply(setId(reply, id)))
          .catch(this.#parts.onFault);
      });
    };
    if (file.writing === null) ended({ code: STATUS.ok, message: '' });
    else file.writing.end(ended);
  }

  #notOpenFor(id: number, what: string): void {
    this.#status(id, { code: STATUS.permissionDenied, message: `sluice: The file is not open for ${what}.` });
  }

  /** Passes a request on, and its answer back, as they are. */
  #pass(id: number, packet: Buffer, seen?: (reply: Buffer) => void): void {
    this.#parts.host.send(packet, (reply) => {
      seen?.(reply);
      this.#parts.reply(setId(reply, id));
    });
  }

  #status(id: number, status: Status): void {
    this.#parts.reply(status.code === STATUS.ok ? okPacket(id) : statusPacket(id, status));
  }
}
