import type { Client, ClientChannel } from 'ssh2';
import { SluiceError } from '../../../../contract/error.ts';
import { Frames } from '../../../wire/ssh/sftp/frames.ts';
import { PACKET, STATUS } from '../../../wire/ssh/sftp/numbers.ts';
import { readReply, type SftpReply, statusPacket } from '../../../wire/ssh/sftp/reply.ts';
import { idOf, packetOf, requestPacket, setId } from '../../../wire/ssh/sftp/write-request.ts';

const VERSION = 3;

/** Takes one reply, as it came: what it aliases is good until this returns. */
export type OnReply = (packet: Buffer) => void;

/** The SFTP server of a host: requests go under ids of the gateway's own, and each reply comes to whoever asked. */
export class HostSftp {
  /** Extensions that it has and the gateway understands. */
  readonly extensions: readonly string[];
  readonly #channel: ClientChannel;
  readonly #waiting: Map<number, OnReply>;
  #lastId = 0;

  private constructor(channel: ClientChannel, waiting: Map<number, OnReply>, extensions: readonly string[]) {
    this.#channel = channel;
    this.#waiting = waiting;
    this.extensions = extensions;
    channel.once('close', () => {
      const unanswered = [...waiting.values()];
      waiting.clear();
      for (const onReply of unanswered) onReply(gone());
    });
  }

  /**
   * Starts the SFTP server of a host.
   * @throws SluiceError `target.unreachable` where it has none, or one of another version
   */
  static async open(upstream: Client): Promise<HostSftp> {
    const channel = await new Promise<ClientChannel>((resolve, reject) => {
      upstream.subsys('sftp', (error, opened) =>
        error === undefined ? resolve(opened) : reject(noSftp(error)),
      );
    });
    const waiting = new Map<number, OnReply>();
    const extensions = await new Promise<string[]>((resolve, reject) => {
      let isOpen = false;
      const frames = new Frames((packet) => {
        if (isOpen) return take(packet, waiting);
        isOpen = true;
        const version = readReply(packet);
        if (version.ok && version.value.type === 'version' && version.value.version === VERSION)
          resolve(version.value.extensions);
        else reject(noSftp(undefined));
      });
      channel.on('data', (chunk: Buffer) => {
        if (!frames.push(chunk)) channel.close();
      });
      channel.once('close', () => reject(noSftp(undefined)));
      channel.on('error', () => channel.close());
      channel.stderr.resume();
      channel.write(packetOf(PACKET.init, (writer) => writer.uint32(VERSION)));
    });
    return new HostSftp(channel, waiting, extensions);
  }

  /** Sends a request, its id overwritten in place. */
  send(packet: Buffer, onReply: OnReply): void {
    if (!this.#channel.writable) {
      onReply(gone());
      return;
    }
    do this.#lastId = (this.#lastId + 1) >>> 0;
    while (this.#waiting.has(this.#lastId));
    this.#waiting.set(this.#lastId, onReply);
    this.#channel.write(setId(packet, this.#lastId));
  }

  /** Asks something of the gateway's own. */
  ask(packet: Buffer): Promise<SftpReply> {
    return new Promise((resolve) => {
      this.send(packet, (reply) => resolve(copied(reply)));
    });
  }

  /** Where a path leads, links followed. The last part need not be there. */
  async realpath(path: string): Promise<SftpReply> {
    return this.ask(requestPacket('realpath', (writer) => writer.string(path)));
  }

  /** False when the host takes no more for now: wait for `onDrain`. */
  get hasRoom(): boolean {
    return !this.#channel.writableNeedDrain;
  }

  onDrain(listener: () => void): void {
    this.#channel.on('drain', listener);
  }

  /** No more replies are read until `resume`. */
  pause(): void {
    this.#channel.pause();
  }

  resume(): void {
    this.#channel.resume();
  }

  onClose(listener: () => void): void {
    this.#channel.once('close', listener);
  }

  close(): void {
    this.#channel.end();
    this.#channel.close();
  }
}

function take(packet: Buffer, waiting: Map<number, OnReply>): void {
  if (packet.length < 9) return;
  const id = idOf(packet);
  const onReply = waiting.get(id);
  waiting.delete(id);
  onReply?.(packet);
}

/** A reply that is looked into here. */
export function readOf(packet: Buffer): SftpReply {
  const reply = readReply(packet);
  return reply.ok ? reply.value : { type: 'status', status: { code: STATUS.badMessage, message: reply.why } };
}

function copied(packet: Buffer): SftpReply {
  return readOf(Buffer.from(packet));
}

/** What stands for an answer once the host has left. */
function gone(): Buffer {
  return statusPacket(0, { code: STATUS.failure, message: 'The host has closed the connection.' });
}

function noSftp(cause: unknown): SluiceError {
  return new SluiceError(
    'target.unreachable',
    'The host has no SFTP server of version 3.',
    'Set up the subsystem sftp there, or use scp -O.',
    { cause },
  );
}
