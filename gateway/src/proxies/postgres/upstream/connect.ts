import { randomBytes } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { SluiceError } from '../../../../contract/error.ts';
import { BACKEND_TYPES, typeSet } from '../../../wire/postgres/frame-types.ts';
import { type BackendMessage, decodeBackend, encode } from '../../../wire/postgres/index.ts';
import {
  encodeStartUpPacket,
  type StartUpPacket,
} from '../../../wire/postgres/messages/frontend/start-up.ts';
import {
  answerServerFirst,
  beginScramClient,
  checkServerFinal,
  keysOfPassword,
} from '../../../wire/postgres/scram/scram-client.ts';
import { tlsServerEndPoint } from '../../../wire/postgres/scram/tls-server-end-point.ts';
import { ByteChannel } from '../byte-channel.ts';
import { FrameReader } from '../frame-reader.ts';
import { type UpstreamAddress, upstreamTls } from './address.ts';

/** The server does not take the value of a start-up parameter of the client's. */
export class ParameterRefused extends Error {}

/** A target's server after login, before the first statement. */
export type UpstreamLogin = {
  channel: ByteChannel;
  /** ParameterStatus values as the server told them. */
  parameters: ReadonlyMap<string, string>;
  processId: number;
  secretKey: Buffer;
};

/**
 * Connects to a target's server, with TLS as `address` asks, and logs in by SCRAM-SHA-256, bound to the TLS
 * channel where the server offers it. Messages name neither address nor user: clients may see them.
 *
 * @throws SluiceError `target.unreachable`, `target.certificateRefused`, `target.credentialRefused`
 * @throws ParameterRefused
 */
export async function connectUpstream(
  address: UpstreamAddress,
  parameters: ReadonlyMap<string, string>,
  limits: { connectMs: number; maxFrameBytes: number },
): Promise<UpstreamLogin> {
  const opening: { socket: Socket | null } = { socket: null };
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(unreachable(`no answer within ${limits.connectMs} ms`)), limits.connectMs);
  });
  try {
    return await Promise.race([logIn(address, parameters, limits.maxFrameBytes, opening), tooLate]);
  } catch (error) {
    opening.socket?.destroy();
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** Sends a CancelRequest on a connection of its own (manual, "Canceling Requests in Progress"). */
export async function cancelUpstream(
  address: UpstreamAddress,
  key: { processId: number; secretKey: Buffer },
  connectMs: number,
): Promise<void> {
  const opening: { socket: Socket | null } = { socket: null };
  const late = setTimeout(() => opening.socket?.destroy(), connectMs);
  try {
    const socket = await openSocket(address, opening);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    socket.resume();
    const packet: StartUpPacket = { type: 'cancelRequest', ...key };
    socket.end(encodeStartUpPacket(packet));
    await closed;
  } catch {
    // The connection that was to be cancelled fails by itself when its server can't be reached.
  } finally {
    clearTimeout(late);
  }
}

async function logIn(
  address: UpstreamAddress,
  parameters: ReadonlyMap<string, string>,
  maxFrameBytes: number,
  opening: { socket: Socket | null },
): Promise<UpstreamLogin> {
  const socket = await openSocket(address, opening);
  const channel = new ByteChannel(socket);
  const reader = new FrameReader(channel, {
    known: BACKEND_TYPES,
    streamed: typeSet(''),
    maxFrameBytes,
    startsUp: false,
  });
  const all = new Map([['user', address.user], ['database', address.database], ...parameters]);
  channel.send(
    encodeStartUpPacket({ type: 'startupMessage', version: { major: 3, minor: 0 }, parameters: all }),
  );
  await authenticate(reader, channel, address, endPointOf(socket));
  return { channel, ...(await untilReady(reader)) };
}

async function openSocket(address: UpstreamAddress, opening: { socket: Socket | null }): Promise<Socket> {
  const socket = connectTcp({ host: address.host, port: address.port, noDelay: true, keepAlive: true });
  opening.socket = socket;
  await event(socket, 'connect', 'target.unreachable');
  const options = upstreamTls(address);
  if (options === null) return socket;
  socket.write(encodeStartUpPacket({ type: 'sslRequest' }));
  const answer = await firstByte(socket);
  if (answer !== 'S') {
    throw new SluiceError(
      'target.certificateRefused',
      'The target does not offer TLS, and its configuration asks for it.',
      'Ask the administrator to enable TLS on the target.',
    );
  }
  const secured = connectTls({ ...options, socket });
  opening.socket = secured;
  await event(secured, 'secureConnect', 'target.certificateRefused');
  return secured;
}

function event(
  socket: Socket,
  name: string,
  code: 'target.unreachable' | 'target.certificateRefused',
): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => {
      reject(
        code === 'target.unreachable'
          ? unreachable('the connection failed', error)
          : new SluiceError(
              code,
              "The target's certificate was not accepted.",
              "Ask the administrator to check the target's tls and ca settings.",
              { cause: error },
            ),
      );
    };
    const closed = () => failed(new Error('closed'));
    socket.once('error', failed);
    socket.once('close', closed);
    socket.once(name, () => {
      socket.off('error', failed);
      socket.off('close', closed);
      resolve();
    });
  });
}

/** One byte and not more: what came with it was not protected by TLS (CVE-2021-23222). */
function firstByte(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(unreachable('the connection was closed'));
    socket.once('close', gone);
    socket.once('data', (chunk: Buffer) => {
      socket.pause();
      socket.off('close', gone);
      resolve(chunk.length === 1 ? chunk.toString('latin1') : '');
    });
  });
}

function endPointOf(socket: Socket): Buffer | null {
  const certificate = 'getPeerCertificate' in socket ? (socket as TLSSocket).getPeerCertificate() : null;
  return certificate?.raw === undefined ? null : tlsServerEndPoint(certificate.raw);
}

async function message(reader: FrameReader): Promise<BackendMessage> {
  for (;;) {
    if ((await reader.next()) === null) throw unreachable('the connection was closed during login');
    const next = decodeBackend(reader.scanner.type, reader.scanner.body());
    if (next.type === 'noticeResponse' || next.type === 'negotiateProtocolVersion') continue;
    if (next.type === 'errorResponse') throw refused(next.fields.code ?? '', next.fields.message ?? '');
    return next;
  }
}

async function authenticate(
  reader: FrameReader,
  channel: ByteChannel,
  address: UpstreamAddress,
  endPoint: Buffer | null,
): Promise<void> {
  const asked = await message(reader);
  if (asked.type === 'authenticationOk') return;
  if (asked.type !== 'authenticationSasl') {
    throw refused('', `it asks for ${asked.type}, and only SCRAM-SHA-256 is spoken to targets`);
  }
  const nonce = randomBytes(18).toString('base64');
  const begun = beginScramClient({ offered: asked.mechanisms, endPoint, nonce });
  channel.send(encode({ type: 'saslInitialResponse', mechanism: begun.mechanism, data: begun.data }));
  const first = await message(reader);
  if (first.type !== 'authenticationSaslContinue') throw refused('', 'it broke the login off');
  const keysOf = keysOfPassword(address.password.reveal());
  const answer = await answerServerFirst(begun.awaiting, first.data, keysOf);
  channel.send(encode({ type: 'saslResponse', data: answer.data }));
  const final = await message(reader);
  if (final.type !== 'authenticationSaslFinal') throw refused('', 'it broke the login off');
  checkServerFinal(answer.awaiting, final.data);
  const ok = await message(reader);
  if (ok.type !== 'authenticationOk') throw refused('', 'it broke the login off');
}

async function untilReady(reader: FrameReader): Promise<Omit<UpstreamLogin, 'channel'>> {
  const parameters = new Map<string, string>();
  let key: { processId: number; secretKey: Buffer } = { processId: 0, secretKey: Buffer.alloc(0) };
  for (;;) {
    const next = await message(reader);
    if (next.type === 'parameterStatus') parameters.set(next.name, next.value);
    else if (next.type === 'backendKeyData') {
      key = { processId: next.processId, secretKey: Buffer.from(next.secretKey) };
    } else if (next.type === 'readyForQuery') return { parameters, ...key };
    else throw unreachable(`it sent ${next.type} during login`);
  }
}

function unreachable(why: string, cause?: unknown): SluiceError {
  return new SluiceError(
    'target.unreachable',
    `The target's server can't be reached: ${why}.`,
    'Try again; if it stays so, tell the administrator of this target.',
    { cause },
  );
}

function refused(code: string, why: string): Error {
  if (code === '22023') return new ParameterRefused(why);
  if (code.startsWith('28') || code === '3D000' || code === '') {
    return new SluiceError(
      'target.credentialRefused',
      "The target's server did not accept the gateway's login.",
      "Ask the administrator to check the target's user, password and database.",
      { cause: new Error(`${code} ${why}`) },
    );
  }
  return unreachable(`it refused the connection (SQLSTATE ${code})`, new Error(why));
}
