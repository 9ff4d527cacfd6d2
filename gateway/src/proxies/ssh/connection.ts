import type {
  AcceptConnection,
  Client,
  Connection,
  ExecInfo,
  RejectConnection,
  Session as SshSession,
} from 'ssh2';
import type { SluiceError } from '../../../contract/error.ts';
import type { Session } from '../../core/flow/session.ts';
import { Exec } from './exec/exec.ts';
import type { Account, SshTarget } from './target.ts';

export type ConnectionParts = {
  client: Connection;
  session: Session;
  target: SshTarget;
  account: Account;
  upstream: Client;
  home: string | null;
  onFault: (error: SluiceError) => void;
};

/** One logged-in client with its channels, until either side ends. Everything of a channel is refused but what is decided. */
export class SshConnection {
  readonly #parts: ConnectionParts;
  #channels = 0;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    const { client, upstream, session } = parts;
    const stop = session.principal.onRevoked(() => client.end());
    client.on('session', (accept, reject) => this.#onSession(accept, reject));
    client.on('tcpip', (_accept, reject) => reject());
    client.on('request', (_accept, reject) => reject?.());
    client.once('close', () => {
      stop();
      upstream.end();
    });
    upstream.once('close', () => client.end());
    upstream.on('error', () => client.end());
  }

  #onSession(accept: AcceptConnection<SshSession>, reject: RejectConnection): void {
    if (this.#channels >= this.#parts.target.settings.maxSessions) {
      reject();
      return;
    }
    this.#channels += 1;
    const session = accept();
    session.once('close', () => {
      this.#channels -= 1;
    });
    let taken = false;
    session.on('exec', (accepted, refused, info: ExecInfo) => {
      if (taken) return refused();
      taken = true;
      this.#exec(accepted(), info.command);
    });
    // RFC 4254 section 6.4: what is not taken over has no effect, and most clients ask for LANG unasked.
    for (const request of ['env', 'pty', 'shell', 'subsystem', 'x11', 'auth-agent'] as const)
      session.on(request, (_accepted: unknown, refused: (() => void) | undefined) => refused?.());
  }

  #exec(channel: ConstructorParameters<typeof Exec>[0]['channel'], command: string): void {
    const { session, target, account, upstream, home, client, onFault } = this.#parts;
    const exec = new Exec({
      session,
      account: account.name,
      services: target.services,
      home,
      upstream,
      channel,
      now: () => performance.now(),
    });
    exec.run(command).catch((error: SluiceError) => {
      onFault(error);
      client.end();
    });
  }
}
