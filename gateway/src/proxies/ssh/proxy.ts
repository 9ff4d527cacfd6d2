import type { Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type KeyboardAuthContext } from 'ssh2';
import type { SluiceError } from '../../../contract/error.ts';
import type { DeviceSignIns } from '../../core/access/device-sign-ins.ts';
import type { PrincipalHandle } from '../../core/access/principals.ts';
import type { Secret } from '../../core/access/secret.ts';
import { newSessionId } from '../../core/flow/session-id.ts';
import { LentAgent } from './agent/lent-agent.ts';
import { SshConnection } from './connection.ts';
import { keepEarlyRequests } from './early-requests.ts';
import { asSluiceError } from './fault.ts';
import { logInByCertificate } from './login/certificate.ts';
import { logInByDevice, tell } from './login/device.ts';
import type { SshDirectory } from './login/directory.ts';
import { parseLoginName } from './login/login-name.ts';
import { StartUps } from './login/start-ups.ts';
import { rekeyInTime } from './rekeying.ts';
import type { SshSettings } from './settings.ts';
import type { Account, SshTarget } from './target.ts';
import { connectUpstream } from './upstream/connect.ts';
import { homeOf } from './upstream/home.ts';
import { writeTogether } from './writes-together.ts';

export type SshProxyOptions = {
  /** Targets by name. */
  targets: ReadonlyMap<string, SshTarget>;
  directory: SshDirectory;
  /** For clients without a certificate. */
  devices: DeviceSignIns;
  /** The gateway's own key, in OpenSSH's format. */
  hostKey: Secret;
  settings: SshSettings;
  now: () => Date;
  onFault: (error: SluiceError) => void;
  /** Told of clients that tried to sign in and left without: as whom, and their address. */
  onRefused?: (why: string, network: string) => void;
};

type Place = { target: SshTarget; account: Account };
type LoggedIn = Place & {
  principal: PrincipalHandle;
  /** Ends a sign-in that was for this connection alone. */
  end?: () => void;
};

/** Characters of a login name that a record shows. */
const MAX_SHOWN_NAME = 100;

type AuthMethod = 'publickey' | 'keyboard-interactive';

/** The time until a client has logged in. */
type StartUp = { mayTake: (ms: number) => void; done: () => void; hangUp: () => void };

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
    writeTogether(socket);
    socket.on('error', () => socket.destroy());
    if (this.#sockets.size >= settings.maxConnections) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    this.#startUps.add(socket);
    const startUp = this.#startUp(socket);
    startUp.mayTake(settings.loginGraceMs);
    const life = setTimeout(() => socket.destroy(), settings.maxLifeMs);
    socket.once('close', () => {
      startUp.done();
      clearTimeout(life);
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
      rekeyInTime(client, socket, settings);
      this.#onConnection(client, ip, startUp);
    });
    server.injectSocket(socket);
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #startUp(socket: Socket): StartUp {
    let grace: NodeJS.Timeout | undefined;
    return {
      mayTake: (ms) => {
        clearTimeout(grace);
        grace = setTimeout(() => socket.destroy(), ms);
      },
      done: () => {
        clearTimeout(grace);
        this.#startUps.done(socket);
      },
      hangUp: () => socket.destroy(),
    };
  }

  #onConnection(client: Connection, ip: string, startUp: StartUp): void {
    const { settings } = this.#options;
    let failures = 0;
    let methods: AuthMethod[] = ['publickey', 'keyboard-interactive'];
    let loggedIn: LoggedIn | null = null;
    let tried: string | null = null;
    client.on('error', () => client.end());
    const left = new Promise<void>((resolve) => client.once('close', () => resolve()));
    const refuse = (context: AuthContext) => {
      failures += context.method === 'none' ? 0 : 1;
      if (failures >= settings.maxAuthTries) return client.end();
      return context.reject(methods);
    };
    client.on('authentication', (context) => {
      if (context.method !== 'none') tried = context.username.slice(0, MAX_SHOWN_NAME);
      if (context.method === 'keyboard-interactive') {
        // Clients would ask three times: who refused a code is not shown another.
        if (!methods.includes('keyboard-interactive')) return refuse(context);
        methods = ['publickey'];
        startUp.mayTake(settings.signInMs);
        this.#signIn(context, ip, left)
          .then((signedIn) => {
            loggedIn = signedIn;
            return signedIn === null ? refuse(context) : context.accept();
          })
          .catch((error) => this.#fail(client, error));
        return;
      }
      const login = this.#logIn(context, ip);
      if (login === 'mayProve') return context.accept();
      if (login === null) return refuse(context);
      loggedIn = login;
      context.accept();
    });
    void left.then(() => {
      if (tried === null || loggedIn !== null) return;
      this.#options.onRefused?.(`an SSH client: nobody signed in as "${tried}"`, ip);
    });
    client.once('ready', () => {
      startUp.done();
      if (loggedIn === null) return client.end();
      void left.then(loggedIn.end);
      void this.#open(client, loggedIn, ip, startUp.hangUp);
    });
  }

  /** `mayProve`: a key that would do, and is yet to be proved. Null: not this way. */
  #logIn(context: AuthContext, ip: string): LoggedIn | 'mayProve' | null {
    if (context.method !== 'publickey') return null;
    const { directory, now } = this.#options;
    const login = logInByCertificate(context, directory, now().getTime(), ip);
    const place = this.#placeOf(context.username);
    if (login.kind === 'refused' || place === null) return null;
    return login.kind === 'mayProve' ? 'mayProve' : { principal: login.principal, ...place };
  }

  async #signIn(context: KeyboardAuthContext, ip: string, left: Promise<void>): Promise<LoggedIn | null> {
    const asking = { login: context.username, address: ip };
    const signedIn = await logInByDevice(context, this.#options.devices, asking, left);
    if (signedIn === null) return null;
    // Which hosts there are is told to nobody who has not signed in.
    const place = this.#placeOf(context.username);
    if (place !== null) return { ...signedIn, ...place };
    signedIn.end();
    tell(context, `There is no host ${context.username} behind this gateway. \`sluice targets\` lists them.`);
    return null;
  }

  #placeOf(loginName: string): Place | null {
    const name = parseLoginName(loginName);
    const target = this.#options.targets.get(name.target);
    const account = target?.accounts.find((one) => name.account === null || one.name === name.account);
    return target === undefined || account === undefined ? null : { target, account };
  }

  async #open(
    client: Connection,
    { principal, target, account }: LoggedIn,
    network: string,
    hangUp: () => void,
  ): Promise<void> {
    const waiting = keepEarlyRequests(client);
    try {
      const agent = new LentAgent();
      const upstream = await connectUpstream(target, account, agent);
      const home = await homeOf(upstream);
      if (waiting.hasLeft()) {
        upstream.end();
        return;
      }
      const session = {
        id: newSessionId(),
        surface: 'ssh',
        principal,
        target: target.target,
        network,
      } as const;
      const { onFault } = this.#options;
      new SshConnection({ client, hangUp, session, target, account, upstream, agent, home, onFault });
      waiting.release();
    } catch (error) {
      this.#fail(client, error);
    }
  }

  #fail(client: Connection, error: unknown): void {
    this.#options.onFault(asSluiceError(error));
    client.end();
  }
}
