import type { Socket } from 'node:net';
import ssh2, {
  type AcceptConnection,
  type AuthContext,
  type Connection,
  type RejectConnection,
  type Session as SshSession,
} from 'ssh2';
import type { SluiceError } from '../../../contract/error.ts';
import type { PrincipalHandle } from '../../core/access/principals.ts';
import type { Secret } from '../../core/access/secret.ts';
import { newSessionId } from '../../core/flow/session-id.ts';
import { SshConnection } from './connection.ts';
import { asSluiceError } from './fault.ts';
import { logInByCertificate } from './login/certificate.ts';
import type { SshDirectory } from './login/directory.ts';
import { parseLoginName } from './login/login-name.ts';
import { StartUps } from './login/start-ups.ts';
import type { SshSettings } from './settings.ts';
import type { Account, SshTarget } from './target.ts';
import { connectUpstream } from './upstream/connect.ts';
import { homeOf } from './upstream/home.ts';

export type SshProxyOptions = {
  /** Targets by name. */
  targets: ReadonlyMap<string, SshTarget>;
  directory: SshDirectory;
  /** The gateway's own key, in OpenSSH's format. */
  hostKey: Secret;
  settings: SshSettings;
  now: () => Date;
  onFault: (error: SluiceError) => void;
};

type LoggedIn = { principal: PrincipalHandle; target: SshTarget; account: Account };

/** The SSH listener's other half: takes accepted sockets from first byte to last. */
export class SshProxy {
  readonly #options: SshProxyOptions;
  readonly #startUps: StartUps;
  readonly #sockets = new Set<Socket>();

  constructor(options: SshProxyOptions) {
    this.#options = options;
    this.#startUps = new StartUps(options.settings.maxStartups);
  }

  /** Takes one accepted socket. Returns at once; never throws. */
  serve(socket: Socket): void {
    const { settings } = this.#options;
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    if (this.#sockets.size >= settings.maxConnections) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    this.#startUps.add(socket);
    const grace = setTimeout(() => socket.destroy(), settings.loginGraceMs);
    const started = () => {
      clearTimeout(grace);
      this.#startUps.done(socket);
    };
    socket.once('close', () => {
      started();
      this.#sockets.delete(socket);
    });
    const { hostKey } = this.#options;
    // A server for each socket: the library doesn't tell which of a server's sockets a connection came by.
    const server = new ssh2.Server({
      hostKeys: [hostKey.reveal()],
      ident: 'Sluice',
      keepaliveInterval: settings.keepaliveMs,
      keepaliveCountMax: 3,
    });
    server.once('connection', (client, { ip }) => {
      this.#startUps.spoke(socket);
      this.#onConnection(client, ip, started);
    });
    server.injectSocket(socket);
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #onConnection(client: Connection, ip: string, started: () => void): void {
    const { settings } = this.#options;
    let failures = 0;
    let loggedIn: LoggedIn | null = null;
    client.on('error', () => client.end());
    client.on('authentication', (context) => {
      const login = this.#logIn(context, ip);
      if (login === 'mayProve') return context.accept();
      if (login === null) {
        failures += context.method === 'none' ? 0 : 1;
        if (failures >= settings.maxAuthTries) return client.end();
        return context.reject(['publickey']);
      }
      loggedIn = login;
      context.accept();
    });
    client.once('ready', () => {
      started();
      if (loggedIn === null) return client.end();
      void this.#open(client, loggedIn, ip);
    });
  }

  /** `mayProve`: a key that would do, and is yet to be proved. Null: not this way. */
  #logIn(context: AuthContext, ip: string): LoggedIn | 'mayProve' | null {
    if (context.method !== 'publickey') return null;
    const { targets, directory, now } = this.#options;
    const login = logInByCertificate(context, directory, now().getTime(), ip);
    if (login.kind === 'refused') return null;
    const name = parseLoginName(context.username);
    const target = targets.get(name.target);
    const account = target?.accounts.find((one) => name.account === null || one.name === name.account);
    if (target === undefined || account === undefined) return null;
    return login.kind === 'mayProve' ? 'mayProve' : { principal: login.principal, target, account };
  }

  async #open(client: Connection, { principal, target, account }: LoggedIn, network: string): Promise<void> {
    const waiting = queueSessions(client);
    try {
      const upstream = await connectUpstream(target, account);
      const home = await homeOf(upstream);
      const session = {
        id: newSessionId(),
        surface: 'ssh',
        principal,
        target: target.target,
        network,
      } as const;
      new SshConnection({ client, session, target, account, upstream, home, onFault: this.#options.onFault });
      waiting.release();
    } catch (error) {
      this.#options.onFault(asSluiceError(error));
      client.end();
    }
  }
}

type Accept = AcceptConnection<SshSession>;

/** Channels that are asked for while the target is being reached wait for it. */
function queueSessions(client: Connection): { release: () => void } {
  const waiting: Array<[Accept, RejectConnection]> = [];
  const keep = (accept: Accept, reject: RejectConnection) => waiting.push([accept, reject]);
  client.on('session', keep);
  return {
    release: () => {
      client.off('session', keep);
      for (const [accept, reject] of waiting.splice(0)) client.emit('session', accept, reject);
    },
  };
}
