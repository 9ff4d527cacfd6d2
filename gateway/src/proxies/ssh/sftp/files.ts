import type { Client } from 'ssh2';
import type { RecordOutcome } from '../../../../contract/record.ts';
import { detectorSetOf } from '../../../core/detectors/detector-set.ts';
import type { Counts } from '../../../core/detectors/redact.ts';
import type { Session } from '../../../core/flow/session.ts';
import {
  type FileAttributes,
  type FileEntry,
  readAttributes,
  readNames,
} from '../../../wire/ssh/sftp/names.ts';
import { OPEN, PACKET, STATUS } from '../../../wire/ssh/sftp/numbers.ts';
import type { NamingRequest } from '../../../wire/ssh/sftp/request.ts';
import { requestPacket } from '../../../wire/ssh/sftp/write-request.ts';
import type { SshServices } from '../context.ts';
import { FileGate, type Opened } from './gate.ts';
import { HostSftp, readOf } from './host-sftp.ts';
import { packetFor } from './packets.ts';
import { Paths } from './paths.ts';
import { ScannedReading } from './scanned-reading.ts';
import { foundWords } from './words.ts';

export type HostFilesParts = {
  session: Session;
  account: string;
  services: SshServices;
  upstream: Client;
  /** Shows whoever asks for whom it waits. */
  tell: (words: string) => void;
};

/** What came of it. `refused` is the policy's no, `failed` the host's; `words` are for people. */
export type FilesAnswer<Value> =
  | { kind: 'done'; value: Value }
  | { kind: 'refused' | 'failed'; words: string };

type Ended<Value> = { answer: FilesAnswer<Value>; bytes?: number; detected?: Record<string, number> };

const PIECE_BYTES = 128 * 1024;
const OPENING = { flags: OPEN.read, attributes: Buffer.alloc(4) };

/**
 * Looks at a host's files for somebody who is no SSH client: each look is decided, recorded and then taken. Where `left`
 * aborts nobody waits for it any more: what waits for an approval is withdrawn.
 */
export class HostFiles {
  readonly #host: HostSftp;
  readonly #gate: FileGate;
  readonly #home: string;

  private constructor(host: HostSftp, gate: FileGate, home: string) {
    this.#host = host;
    this.#gate = gate;
    this.#home = home;
  }

  /** @throws SluiceError `target.unreachable` where the host has no SFTP server */
  static async open({ upstream, ...parts }: HostFilesParts): Promise<HostFiles> {
    const host = await HostSftp.open(upstream);
    const paths = await Paths.open(host);
    return new HostFiles(host, new FileGate({ ...parts, paths }), paths.home);
  }

  /** Where relative paths begin. */
  get home(): string {
    return this.#home;
  }

  /** What a path leads to. */
  stat(path: string, left: AbortSignal): Promise<FilesAnswer<FileAttributes>> {
    return this.#asked({ type: 'stat', id: 0, path }, left, async (packet) => {
      const reply = await this.#ask(packet);
      const attributes = reply[4] === PACKET.attrs ? readAttributes(reply) : null;
      return { answer: attributes?.ok ? done(attributes.value) : failed(reply) };
    });
  }

  /** What is in a folder, without `.` and `..`; at most `max` of it. */
  list(path: string, max: number, left: AbortSignal): Promise<FilesAnswer<FileEntry[]>> {
    return this.#asked({ type: 'opendir', id: 0, path }, left, async (packet) => {
      const opened = await this.#ask(packet);
      const handle = readOf(opened);
      if (handle.type !== 'handle') return { answer: failed(opened) };
      const entries: FileEntry[] = [];
      while (entries.length < max) {
        const names = readNames(await this.#ask(forHandle('readdir', handle.handle)));
        if (!names.ok || names.value.length === 0) break;
        entries.push(...names.value.filter(({ name }) => name !== '.' && name !== '..'));
      }
      await this.#ask(forHandle('close', handle.handle));
      return { answer: done(entries.slice(0, max)) };
    });
  }

  /** A file, from its beginning to its end or to `maxBytes`. One in which a rule finds what it looks for is not given. */
  read(path: string, maxBytes: number, left: AbortSignal): Promise<FilesAnswer<Buffer>> {
    return this.#asked({ type: 'open', id: 0, path, ...OPENING }, left, async (packet, opened) => {
      const reply = await this.#ask(packet);
      const handle = readOf(reply);
      if (handle.type !== 'handle') return { answer: failed(reply) };
      const ended = await this.#readAll(handle.handle, maxBytes, path, opened);
      await this.#ask(forHandle('close', handle.handle));
      return ended;
    });
  }

  async close(): Promise<void> {
    await this.#gate.abandon();
    this.#host.close();
  }

  async #readAll(
    handle: string,
    maxBytes: number,
    path: string,
    { decision }: Opened,
  ): Promise<Ended<Buffer>> {
    const counts: Counts = new Map();
    const words = foundWords(path, decision);
    const found = () => ({ code: STATUS.failure, message: words });
    const reading = new ScannedReading(
      this.#host,
      handle,
      detectorSetOf(decision.detections ?? []),
      counts,
      found,
    );
    const pieces: Buffer[] = [];
    let bytes = 0;
    while (bytes < maxBytes) {
      const wanted = Math.min(PIECE_BYTES, maxBytes - bytes);
      const offset = bytes;
      const result = await new Promise<Parameters<Parameters<ScannedReading['read']>[2]>[0]>((resolve) =>
        reading.read(offset, wanted, resolve),
      );
      if (result.kind === 'status' && result.status.code === STATUS.eof) break;
      if (result.kind === 'status') {
        const detected = Object.fromEntries(counts);
        return {
          answer: { kind: counts.size > 0 ? 'refused' : 'failed', words: result.status.message },
          bytes,
          detected,
        };
      }
      pieces.push(result.data);
      bytes += result.data.length;
      if (result.data.length < wanted) break;
    }
    return { answer: done(Buffer.concat(pieces)), bytes };
  }

  async #asked<Value>(
    request: NamingRequest,
    left: AbortSignal,
    take: (packet: Buffer, opened: Opened) => Promise<Ended<Value>>,
  ): Promise<FilesAnswer<Value>> {
    const permission = await this.#gate.ask(request, left);
    if (permission.kind === 'nowhere') return { kind: 'failed', words: permission.status.message };
    if (permission.kind === 'abandoned') return { kind: 'failed', words: 'Nobody waits for it any more.' };
    if (permission.kind === 'refused') return permission;
    const packet = packetFor(permission.operation);
    if (packet === null) return { kind: 'failed', words: 'That is not read.' };
    const startedMs = performance.now();
    const { answer, bytes = 0, detected = {} } = await take(packet, permission);
    const outcome: RecordOutcome = {
      status: answer.kind === 'done' ? 'done' : 'failed',
      sqlState: null,
      rows: 0,
      bytes,
      durationMs: performance.now() - startedMs,
      ...(Object.keys(detected).length === 0 ? {} : { detected }),
    };
    await permission.record.close(outcome);
    return answer;
  }

  #ask(packet: Buffer): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#host.send(packet, (reply) => resolve(Buffer.from(reply)));
    });
  }
}

function forHandle(type: 'readdir' | 'close', handle: string): Buffer {
  return requestPacket(type, (writer) => writer.string(Buffer.from(handle, 'latin1')));
}

function done<Value>(value: Value): FilesAnswer<Value> {
  return { kind: 'done', value };
}

function failed(packet: Buffer): { kind: 'failed'; words: string } {
  const reply = readOf(packet);
  return {
    kind: 'failed',
    words: reply.type === 'status' ? reply.status.message : 'The host gave no answer.',
  };
}
