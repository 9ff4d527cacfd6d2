import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { SluiceError } from '../../../contract/error.ts';
import { TargetName } from '../../../contract/ids.ts';
import type { LoginDirectory } from '../../core/access/principals.ts';
import { newSessionId } from '../../core/flow/session-id.ts';
import { FRONTEND_STREAMED, FRONTEND_TYPES } from '../../wire/postgres/frame-types.ts';
import { encode } from '../../wire/postgres/index.ts';
import { decodeStartUpPacket, type StartUpPacket } from '../../wire/postgres/messages/frontend/start-up.ts';
import { tlsServerEndPoint } from '../../wire/postgres/scram/tls-server-end-point.ts';
import { ByteChannel } from './byte-channel.ts';
import { FrameReader } from './frame-reader.ts';
import { CancelKeys } from './front/cancel-keys.ts';
import { errorResponse } from './front/error.ts';
import { checkLogin } from './front/login.ts';
import { isLoopback } from './front/loopback.ts';
import { checkStartUpParameters } from './front/start-up-parameters.ts';
import { Outbox } from './session/outbox.ts';
import { asSluiceError, isFault, sqlStateOf } from './session/session.ts';
import type { PostgresSettings } from './settings.ts';
import type { PostgresTarget } from './target.ts';
import { ParameterRefused } from './upstream/connect.ts';

export type PostgresProxyOptions = {
  /** Targets by name; a client asks for one as its database. */
  targets: ReadonlyMap<string, PostgresTarget>;
  directory: LoginDirectory;
  /** Asked for each connection, so that a renewed certificate counts from the next one on. */
  secureContext: () => SecureContext;
  settings: PostgresSettings;
  /** Told of sessions that the gateway ended, with the cause in the error. */
  onFault?: (error: SluiceError) => void;
  /** Told of clients that were refused before a session began: whom, why, and their address. */
  onRefused?: (why: string, network: string) => void;
};

type StartUp = Extract<StartUpPacket, { type: 'startupMessage' }>;
type Opened = { channel: ByteChannel; reader: FrameReader; endPoint: Buffer | null; startUp: StartUp };

/** A client that was told why, and is gone. */
class Refused extends Error {
  readonly frame: Buffer;

  constructor(code: string, message: string, hint: string) {
    super(message);
    this.frame = errorResponse('FATAL', code, message, { hint });
  }
}

/** The Postgres listener's other half: takes accepted sockets of all targets from first byte to last. */
export class PostgresProxy {
  readonly #options: PostgresProxyOptions;
  readonly #keys = new CancelKeys();
  readonly #sockets = new Set<Socket>();

  constructor(options: PostgresProxyOptions) {
    this.#options = options;
  }

  /** Serves one accepted socket. Resolves when it is gone; never rejects. */
  async serve(socket: Socket): Promise<void> {
    const { settings, onFault, onRefused } = this.#options;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on('error', () => socket.destroy());
    this.#sockets.add(socket);
    const client: { channel: ByteChannel } = { channel: new ByteChannel(socket) };
    const grace = setTimeout(() => socket.destroy(), settings.loginGraceMs);
    try {
      if (this.#sockets.size > settings.maxConnections) {
        throw new Refused('53300', 'this gateway has too many connections', 'Try again in a moment.');
      }
      const opened = await this.#open(client, socket);
      if (opened !== null) await this.#logIn(opened, socket, () => clearTimeout(grace));
    } catch (error) {
      if (error instanceof Refused) {
        onRefused?.(`a PostgreSQL client: ${error.message}`, socket.remoteAddress ?? '');
        client.channel.send(error.frame);
      } else {
        const fault = asSluiceError(error);
        if (isFault(fault)) onFault?.(fault);
        client.channel.send(errorResponse('FATAL', sqlStateOf(fault), fault.message, { hint: fault.next }));
      }
    } finally {
      clearTimeout(grace);
      client.channel.end();
      this.#sockets.delete(socket);
    }
  }

  /** Ends what has not yet logged in; sessions are ended by their targets. */
  close(): void {
    for (const socket of this.#sockets) socket.destroySoon();
  }

  /** Up to the StartupMessage, with TLS where it is asked for. Null when there is nothing more to serve. */
  async #open(client: { channel: ByteChannel }, socket: Socket): Promise<Opened | null> {
    let reader = this.#readerOf(client.channel, true);
    let endPoint: Buffer | null = null;
    let secured = false;
    for (;;) {
      if ((await reader.next()) === null) return null;
      const packet = decodeStartUpPacket(reader.scanner.body());
      switch (packet.type) {
        case 'cancelRequest':
          // The client may go on once this connection closes, and its next statement is not the one that was meant.
          await this.#keys.cancel(packet.processId, packet.secretKey);
          return null;
        case 'gssEncRequest':
          client.channel.send(NO);
          break;
        case 'sslRequest': {
          if (secured || !reader.scanner.idle || !client.channel.release()) throw tooEarly();
          secured = true;
          const tls = await this.#secure(socket);
          if (tls === null) return null;
          client.channel = new ByteChannel(tls);
          reader = this.#readerOf(client.channel, true);
          const certificate = tls.getCertificate();
          const raw = certificate !== null && 'raw' in certificate ? certificate.raw : null;
          endPoint = Buffer.isBuffer(raw) ? tlsServerEndPoint(raw) : null;
          break;
        }
        case 'startupMessage':
          if (!secured && !this.#mayBePlain(socket)) {
            throw new Refused(
              '28000',
              'this gateway accepts encrypted connections only',
              'Connect with sslmode=require or stricter.',
            );
          }
          reader.scanner.startedUp();
          return { channel: client.channel, reader, endPoint, startUp: packet };
      }
    }
  }

  #readerOf(channel: ByteChannel, startsUp: boolean): FrameReader {
    const { maxFrameBytes } = this.#options.settings;
    return new FrameReader(channel, {
      known: FRONTEND_TYPES,
      streamed: FRONTEND_STREAMED,
      maxFrameBytes: Math.min(maxFrameBytes, MAX_FRAME_BYTES_BEFORE_LOGIN),
      startsUp,
    });
  }

  #mayBePlain(socket: Socket): boolean {
    return this.#options.settings.plaintextOnLoopback && isLoopback(socket.remoteAddress ?? '');
  }

  /** Null where the handshake came to nothing: there is nobody left who could be told. */
  #secure(socket: Socket): Promise<TLSSocket | null> {
    socket.write(YES);
    const tls = new TLSSocket(socket, {
      isServer: true,
      secureContext: this.#options.secureContext(),
      ALPNProtocols: ['postgresql'],
    });
    return new Promise((resolve) => {
      const failed = () => resolve(null);
      tls.on('error', failed);
      tls.once('close', failed);
      tls.once('secure', () => {
        tls.off('error', failed);
        tls.off('close', failed);
        resolve(tls);
      });
    });
  }

  async #logIn(
    { channel, reader, endPoint, startUp }: Opened,
    socket: Socket,
    loggedIn: () => void,
  ): Promise<void> {
    const { directory, targets, settings } = this.#options;
    const minor = this.#negotiate(channel, startUp);
    const parameters = checkStartUpParameters(startUp.parameters);
    if (parameters.kind === 'refused') throw new Refused('22023', parameters.message, parameters.hint);
    const user = startUp.parameters.get('user') ?? '';
    if (user === '') throw new Refused('28000', 'no user name was given at start-up', 'Give a user name.');
    const name = startUp.parameters.get('database') ?? user;
    const principal = await checkLogin(reader, user, name, directory, endPoint);
    const current = principal?.current() ?? null;
    if (principal === null || current === null) {
      throw new Refused(
        '28P01',
        `password authentication failed for user "${user}"`,
        'Check name and password; a short-lived credential may have expired: run sluice connect again.',
      );
    }
    const target = TargetName.safeParse(name).success ? targets.get(name) : undefined;
    if (target === undefined || !target.mayBeUsedBy(current)) {
      throw new Refused(
        '3D000',
        `there is no target "${name}" that you may use`,
        "Give a target's name as the database; the explorer and `sluice targets` list yours.",
      );
    }
    const connection = await target.connect(parameters.parameters, current).catch((error: unknown) => {
      if (!(error instanceof ParameterRefused)) throw error;
      throw new Refused('22023', error.message, 'Change the setting in what the client sends at start-up.');
    });
    loggedIn();
    const id = newSessionId();
    const session = target.session(id, principal, 'postgres', socket.remoteAddress ?? '');
    reader.scanner.maxFrameBytes = settings.maxFrameBytes;
    const outbox = new Outbox(channel);
    const opened = target.open(session, { reader, outbox }, connection, null);
    const key = this.#keys.issue(minor >= 2 ? 32 : 4, () => opened.session.cancel());
    const greeting = [encode({ type: 'authenticationOk' })];
    for (const [parameter, value] of connection.upstream.login.parameters) {
      if (parameter === 'session_authorization') continue;
      const shown = parameter === 'is_superuser' ? 'off' : value;
      greeting.push(encode({ type: 'parameterStatus', name: parameter, value: shown }));
    }
    greeting.push(encode({ type: 'parameterStatus', name: 'session_authorization', value: user }));
    greeting.push(
      encode({ type: 'backendKeyData', processId: key.processId, secretKey: Buffer.from(key.secret) }),
    );
    greeting.push(encode({ type: 'readyForQuery', status: 'idle' }));
    await outbox.send(...greeting);
    const fault = await opened.ended;
    this.#keys.revoke(key);
    if (fault !== null && isFault(fault)) this.#options.onFault?.(fault);
  }

  /** Protocol 3.2 is spoken; a newer minor version, or options nobody knows, are told what there is. */
  #negotiate(channel: ByteChannel, { version, parameters }: StartUp): number {
    const unrecognizedOptions = [...parameters.keys()].filter((name) => name.startsWith('_pq_.'));
    const minor = version.minor >= NEWEST_MINOR ? NEWEST_MINOR : 0;
    if (version.minor !== minor || unrecognizedOptions.length > 0) {
      const newest = { major: 3, minor };
      channel.send(encode({ type: 'negotiateProtocolVersion', newest, unrecognizedOptions }));
    }
    return minor;
  }
}

const YES = Buffer.from('S');
const NO = Buffer.from('N');
const NEWEST_MINOR = 2;
const MAX_FRAME_BYTES_BEFORE_LOGIN = 65_536;

function tooEarly(): SluiceError {
  return new SluiceError(
    'wire.protocolViolation',
    'Bytes came between the request for TLS and its handshake.',
    'Check what stands between the client and this gateway.',
  );
}
