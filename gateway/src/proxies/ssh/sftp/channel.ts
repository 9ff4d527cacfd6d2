import type { Client, ServerChannel } from 'ssh2';
import { SluiceError } from '../../../../contract/error.ts';
import type { Session } from '../../../core/flow/session.ts';
import type { OpenSession } from '../../../core/sessions/open-session.ts';
import { Frames } from '../../../wire/ssh/sftp/frames.ts';
import type { SshServices } from '../context.ts';
import { told } from '../words.ts';
import { FileGate } from './gate.ts';
import { HostSftp } from './host-sftp.ts';
import { Paths } from './paths.ts';
import { SftpRelay } from './relay.ts';

export type SftpChannelParts = {
  session: Session;
  /** The session as others see it, end it and lock it. */
  live: OpenSession;
  account: string;
  services: SshServices;
  upstream: Client;
  channel: ServerChannel;
  now: () => number;
  /** The connection must end: a record can't be kept. */
  onFault: (error: unknown) => void;
};

/** A client that asks for a thousand files that it may not have is told of the first ones. */
const MAX_SAID = 100;

/** Whether a command is the SFTP server itself: `sftp -s /usr/lib/openssh/sftp-server`. It is spoken to, not run. */
export function isSftpServer(command: string): boolean {
  return /^(internal-sftp|(\/[\w./-]+\/)?sftp-server)$/.test(command);
}

/** One channel of the subsystem `sftp`: the client's stream on one side, the host's on the other. */
export class SftpChannel {
  readonly #parts: SftpChannelParts;
  readonly #said = new Set<string>();
  #isClosed = false;

  constructor(parts: SftpChannelParts) {
    this.#parts = parts;
  }

  /** @throws SluiceError where the host can't be asked */
  async start(): Promise<void> {
    const { upstream, channel } = this.#parts;
    this.#whenClosed(() => {
      this.#isClosed = true;
    });
    try {
      const host = await HostSftp.open(upstream);
      const paths = await Paths.open(host);
      if (this.#isClosed) host.close();
      else this.#relay(host, paths);
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code !== 'target.unreachable') throw error;
      this.#say(told(error.message, error.next));
      channel.exit(1);
      channel.end();
    }
  }

  #relay(host: HostSftp, paths: Paths): void {
    const { session, live, account, services, channel, now, onFault } = this.#parts;
    const gate = new FileGate({ session, account, services, paths, tell: (words) => this.#say(words) });
    const relay = new SftpRelay({
      host,
      home: paths.home,
      gate,
      reply: (packet) => this.#reply(packet, host),
      say: (words) => this.#say(words),
      now,
      onFault,
    });
    // What is asked for waits while the session is locked, and while its answers are not read.
    const hasRoom = () => live.lock === null && relay.hasRoom && host.hasRoom && !channel.writableNeedDrain;
    const takeMore = () => {
      if (hasRoom()) channel.resume();
    };
    const frames = new Frames((packet) => {
      relay.receive(packet);
      if (!hasRoom()) channel.pause();
    });
    relay.onRoom(takeMore);
    host.onDrain(takeMore);
    channel.on('drain', () => {
      host.resume();
      takeMore();
    });
    channel.on('data', (chunk: Buffer) => {
      if (!frames.push(chunk)) this.#end(1);
    });
    channel.once('end', () => this.#end(0));
    const unlisten = [
      live.onLock((isLocked) => (isLocked ? channel.pause() : takeMore())),
      live.onNote(({ sentence }) => this.#say(told(sentence, ''))),
    ];
    this.#whenClosed(() => {
      for (const stop of unlisten) stop();
      host.close();
      gate.abandon().catch(onFault);
      relay.end().catch(onFault);
    });
    host.onClose(() => {
      relay.end().catch(onFault);
      this.#end(1);
    });
  }

  /** While the client takes no more nothing more is asked for, nor answered by the host. */
  #reply(packet: Buffer, host: HostSftp): void {
    const { channel } = this.#parts;
    if (this.#isClosed || !channel.writable || channel.write(packet)) return;
    host.pause();
    channel.pause();
  }

  /** Clients show no message of a server's, but what comes on the other stream; the same is said once. */
  #say(words: string): void {
    if (this.#isClosed || this.#said.has(words) || this.#said.size >= MAX_SAID) return;
    this.#said.add(words);
    this.#parts.channel.stderr.write(`${words}\n`);
  }

  #end(code: number): void {
    if (this.#isClosed) return;
    const { channel } = this.#parts;
    channel.exit(code);
    channel.end();
  }

  /** While nobody reads a channel, the end of its other stream is all that the library tells of it. */
  #whenClosed(listener: () => void): void {
    const { channel } = this.#parts;
    channel.once('close', listener);
    channel.stderr.once('finish', listener);
  }
}
