import type { Client, ServerChannel } from 'ssh2';
import type { Session } from '../../../core/flow/session.ts';
import type { SshServices } from '../context.ts';

export type SftpChannelParts = {
  session: Session;
  account: string;
  services: SshServices;
  upstream: Client;
  channel: ServerChannel;
  now: () => number;
  /** The connection must end: a record can't be kept. */
  onFault: (error: unknown) => void;
};

/** Whether a command is the SFTP server itself: `sftp -s /usr/lib/openssh/sftp-server`. It is spoken to, not run. */
export function isSftpServer(command: string): boolean {
  return /^(internal-sftp|(\/[\w./-]+\/)?sftp-server)$/.test(command);
}

/** One SFTP channel. */
export class SftpChannel {
  readonly #parts: SftpChannelParts;

  constructor(parts: SftpChannelParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#parts.channel.exit(1);
    this.#parts.channel.end();
  }
}
