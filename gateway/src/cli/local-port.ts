import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { ConnectCredential } from '../../contract/endpoints.ts';
import type { TargetName } from '../../contract/ids.ts';
import { Secret } from '../core/access/secret.ts';
import { boundAddress, listen } from '../listen.ts';
import { ByteChannel } from '../proxies/postgres/byte-channel.ts';
import { FrameReader } from '../proxies/postgres/frame-reader.ts';
import type { UpstreamAddress } from '../proxies/postgres/upstream/address.ts';
import { cancelUpstream, connectUpstream, type UpstreamLogin } from '../proxies/postgres/upstream/connect.ts';
import { FRONTEND_TYPES, typeSet } from '../wire/postgres/frame-types.ts';
import { decodeFrontend, encode } from '../wire/postgres/index.ts';
import { decodeStartUpPacket } from '../wire/postgres/messages/frontend/start-up.ts';
import { explain } from './command.ts';

const LIMITS = { connectMs: 15_000, maxFrameBytes: 65_536 };
const LOGIN = 'sluice';
const PASSWORD_BYTES = 18;
const NOT_ENCRYPTED = Buffer.from('N');

/** A port of this machine that leads to one target of the gateway. */
export type LocalPort = { port: number; connectionString: string; close(): Promise<void> };

/**
 * Opens a port on loopback. Clients log in with a password made up for this run, so that others on this machine
 * don't get in; each gets a fresh credential at the gateway, over TLS.
 */
export async function openLocalPort(
  port: number,
  target: TargetName,
  mint: () => Promise<ConnectCredential>,
  say: (text: string) => void,
): Promise<LocalPort> {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    serveClient(new ByteChannel(socket), password, mint).catch((error: unknown) => {
      say(explain(error).text);
      socket.destroy();
    });
  });
  await listen(server, 'postgres', { host: '127.0.0.1', port });
  const bound = boundAddress(server, '127.0.0.1');
  return {
    port: bound.port,
    connectionString: `postgres://${LOGIN}:${password}@127.0.0.1:${bound.port}/${target}`,
    close: () => closed(server, sockets),
  };
}

function closed(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}

async function serveClient(
  client: ByteChannel,
  password: string,
  mint: () => Promise<ConnectCredential>,
): Promise<void> {
  const reader = new FrameReader(client, {
    known: FRONTEND_TYPES,
    streamed: typeSet(''),
    maxFrameBytes: LIMITS.maxFrameBytes,
    startsUp: true,
  });
  const parameters = await startUp(reader, mint);
  if (parameters === null) return client.end();
  if (!(await knowsPassword(reader, password))) {
    client.send(refusal('28P01', 'The password is not the one that this `sluice connect` printed.'));
    return client.end();
  }
  let upstream: UpstreamLogin;
  try {
    upstream = await connectUpstream(gatewayOf(await mint()), parameters, LIMITS);
  } catch (error) {
    client.send(refusal('08006', explain(error).text));
    client.end();
    throw error;
  }
  client.send(...greeting(upstream));
  await Promise.all([relay(client, upstream.channel), relay(upstream.channel, client)]);
}

/** The client's start-up parameters, or null when it only wanted to cancel or left. */
async function startUp(
  reader: FrameReader,
  mint: () => Promise<ConnectCredential>,
): Promise<ReadonlyMap<string, string> | null> {
  for (;;) {
    if ((await reader.next()) === null) return null;
    const packet = decodeStartUpPacket(reader.scanner.body());
    switch (packet.type) {
      case 'sslRequest':
      case 'gssEncRequest':
        reader.channel.send(NOT_ENCRYPTED);
        break;
      case 'cancelRequest':
        await cancelUpstream(gatewayOf(await mint()), packet, LIMITS.connectMs);
        return null;
      case 'startupMessage': {
        reader.scanner.startedUp();
        const own = new Set(['user', 'database']);
        return new Map(
          [...packet.parameters].filter(([name]) => !own.has(name) && !name.startsWith('_pq_.')),
        );
      }
    }
  }
}

async function knowsPassword(reader: FrameReader, password: string): Promise<boolean> {
  reader.channel.send(encode({ type: 'authenticationCleartextPassword' }));
  if ((await reader.next()) === null) return false;
  const message = decodeFrontend(reader.scanner.type, reader.scanner.body(), 'passwordMessage');
  if (message.type !== 'passwordMessage') return false;
  const given = Buffer.from(message.password);
  const expected = Buffer.from(password);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function gatewayOf(minted: ConnectCredential): UpstreamAddress {
  return {
    host: minted.host,
    port: minted.port,
    user: minted.user,
    password: new Secret(minted.password),
    database: minted.database,
    tls: 'verify-full',
    ca: minted.caCertificate,
  };
}

function greeting({ parameters, processId, secretKey }: UpstreamLogin): Buffer[] {
  return [
    encode({ type: 'authenticationOk' }),
    ...[...parameters].map(([name, value]) => encode({ type: 'parameterStatus', name, value })),
    encode({ type: 'backendKeyData', processId, secretKey }),
    encode({ type: 'readyForQuery', status: 'idle' }),
  ];
}

async function relay(from: ByteChannel, to: ByteChannel): Promise<void> {
  for (;;) {
    const chunk = await from.read();
    if (chunk === null) return to.end();
    await to.write([chunk]);
  }
}

function refusal(code: string, message: string): Buffer {
  return encode({
    type: 'errorResponse',
    fields: { severity: 'FATAL', severityNonLocalized: 'FATAL', code, message },
  });
}
