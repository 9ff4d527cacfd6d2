import type {
  AcceptConnection,
  Client,
  Connection,
  ExecInfo,
  RejectConnection,
  ServerChannel,
  Session as SshSession,
} from 'ssh2';
import type { SluiceError } from '../../../contract/error.ts';
import type { Session } from '../../core/flow/session.ts';
import { Exec } from './exec/exec.ts';
import { asSluiceError } from './fault.ts';
import { channelTerminal, listen } from './shell/client-terminal.ts';
import { GovernedShell } from './shell/governed-shell.ts';
import type { Terminal } from './shell/remote-shell.ts';
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
    let terminal: Terminal | null = null;
    let shell: GovernedShell | null = null;
    session.on('pty', (accepted, _refused, { term, cols, rows, width, height }) => {
      terminal = { term: safeTerm(term), ...sizeOf({ cols, rows, width, height }) };
      accepted?.();
    });
    session.on('window-change', (accepted, _refused, { cols, rows, width, height }) => {
      shell?.resize(sizeOf({ cols, rows, width, height }));
      accepted?.();
    });
    session.on('shell', (accepted, refused) => {
      if (taken || terminal === null) return refused();
      taken = true;
      shell = this.#shell(accepted(), terminal);
    });
    session.on('exec', (accepted, refused, info: ExecInfo) => {
      if (taken) return refused();
      taken = true;
      this.#exec(accepted(), info.command);
    });
    // RFC 4254 section 6.4: what is not taken over has no effect, and most clients ask for LANG unasked.
    for (const request of ['env', 'subsystem', 'x11', 'auth-agent'] as const)
      session.on(request, (_accepted: unknown, refused: (() => void) | undefined) => refused?.());
  }

  #shell(channel: ServerChannel, terminal: Terminal): GovernedShell {
    const { session, target, account, upstream } = this.#parts;
    const shell = new GovernedShell({
      session,
      account: account.name,
      services: target.services,
      upstream,
      client: channelTerminal(channel),
      terminal,
      now: () => performance.now(),
      onFault: (error) => this.#fail(error),
    });
    listen(channel, shell);
    shell.start().catch((error: unknown) => this.#fail(error));
    return shell;
  }

  #fail(error: unknown): void {
    const { client, onFault } = this.#parts;
    onFault(asSluiceError(error));
    client.end();
  }

  #exec(channel: ServerChannel, command: string): void {
    const { session, target, account, upstream, home } = this.#parts;
    const exec = new Exec({
      session,
      account: account.name,
      services: target.services,
      home,
      upstream,
      channel,
      now: () => performance.now(),
    });
    exec.run(command).catch((error: unknown) => this.#fail(error));
  }
}

/** A terminal's name goes to the host's programs: what is no name of one is the plainest. */
function safeTerm(term: string): string {
  return /^[\w.+-]{1,64}$/.test(term) ? term : 'dumb';
}

type Window = { cols: number; rows: number; width: number; height: number };

/** A client without a window sends zeros (RFC 4254 section 6.2: they are ignored). */
function sizeOf({ cols, rows, width, height }: Window): Omit<Terminal, 'term'> {
  return { columns: cols || 80, rows: rows || 24, width, height };
}
