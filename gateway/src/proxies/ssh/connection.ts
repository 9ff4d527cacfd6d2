import type { AcceptConnection, Client, Connection, RejectConnection, Session as SshSession } from 'ssh2';
import type { SluiceError } from '../../../contract/error.ts';
import type { Session } from '../../core/flow/session.ts';
import type { OpenSession } from '../../core/sessions/open-session.ts';
import { AgentLending } from './agent/lending.ts';
import type { LentAgent } from './agent/lent-agent.ts';
import { asSluiceError } from './fault.ts';
import { Forwards } from './forward/forwards.ts';
import { SessionChannel } from './session-channel.ts';
import type { Account, SshTarget } from './target.ts';

export type ConnectionParts = {
  client: Connection;
  /** Cuts the connection off, whether or not the client still listens. */
  hangUp: () => void;
  session: Session;
  target: SshTarget;
  account: Account;
  upstream: Client;
  /** What the host is given when it asks for an agent. */
  agent: LentAgent;
  /** Where the account's shell begins; null when that isn't known. */
  home: string | null;
  onFault: (error: SluiceError) => void;
};

/** What a room of channels is given. */
export type ChannelParts = Omit<ConnectionParts, 'onFault' | 'hangUp'> & {
  /** The session as others see it, end it and lock it. */
  live: OpenSession;
  lending: AgentLending;
  /** The connection must end: a record can't be kept, or the host is gone. */
  onFault: (error: unknown) => void;
  /** Tells that a channel is open; the result is called once it is closed. A connection without any is idle. */
  opened: () => () => void;
};

/** How long a client has to leave by itself once its channels are closed, and until it is cut off. */
const LEAVE_MS = 200;
const HANG_UP_MS = 600;

/** One logged-in client with its channels, until either side ends. What no room of these takes is refused. */
export class SshConnection {
  readonly #parts: ChannelParts;
  #sessions = 0;
  #channels = 0;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;
  #isEnding = false;
  readonly #hangUp: () => void;

  constructor(parts: ConnectionParts) {
    const { client, upstream, session, account, target, onFault } = parts;
    this.#hangUp = parts.hangUp;
    const fail = (error: unknown) => {
      onFault(asSluiceError(error));
      this.#end();
    };
    const live = target.services.sessions.open({
      session,
      account: account.name,
      canBeLocked: true,
      end: () => this.#end(),
      now: target.services.now,
    });
    const lending = new AgentLending({
      ...parts,
      account: account.name,
      services: target.services,
      live,
      onFault: fail,
    });
    this.#parts = { ...parts, live, lending, onFault: fail, opened: () => this.#opened() };
    const stop = session.principal.onRevoked(() => live.endRevoked());
    client.on('session', (accept, reject) => this.#onSession(accept, reject));
    const forwards = new Forwards(this.#parts);
    this.#awaitChannel();
    client.once('close', () => {
      this.#closed = true;
      clearTimeout(this.#idle);
      stop();
      live.close();
      forwards.close();
      lending.close();
      upstream.end();
    });
    upstream.once('close', () => this.#end());
    upstream.on('error', () => this.#end());
  }

  /**
   * What runs on the host ends at once. The client may leave by itself, for one that is disconnected shows nothing more
   * of what it was sent; then it is disconnected, and then cut off.
   */
  #end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const { client, upstream } = this.#parts;
    upstream.end();
    const steps = [setTimeout(() => client.end(), LEAVE_MS), setTimeout(this.#hangUp, HANG_UP_MS)];
    client.once('close', () => {
      for (const step of steps) clearTimeout(step);
    });
  }

  #onSession(accept: AcceptConnection<SshSession>, reject: RejectConnection): void {
    if (this.#isEnding || this.#sessions >= this.#parts.target.settings.maxSessions) {
      reject();
      return;
    }
    const session = accept();
    const closed = this.#opened();
    this.#sessions += 1;
    session.once('close', () => {
      this.#sessions -= 1;
      closed();
    });
    new SessionChannel(this.#parts, session);
  }

  #opened(): () => void {
    this.#channels += 1;
    clearTimeout(this.#idle);
    return () => {
      this.#channels -= 1;
      if (this.#channels === 0 && !this.#closed) this.#awaitChannel();
    };
  }

  #awaitChannel(): void {
    const { client, target } = this.#parts;
    this.#idle = setTimeout(() => client.end(), target.settings.idleMs);
  }
}
