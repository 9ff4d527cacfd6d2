import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { BodyReader } from '../../../gateway/src/wire/postgres/bytes/body-reader.ts';
import { FrameScanner } from '../../../gateway/src/wire/postgres/frame-scanner.ts';
import { BACKEND_TYPES, typeSet } from '../../../gateway/src/wire/postgres/frame-types.ts';
import { decodeBackend, encode } from '../../../gateway/src/wire/postgres/index.ts';
import type { BackendKeyData } from '../../../gateway/src/wire/postgres/messages/backend/backend-key-data.ts';
import { encodeStartUpPacket } from '../../../gateway/src/wire/postgres/messages/frontend/start-up.ts';
import type { ProtocolVersion } from '../../../gateway/src/wire/postgres/messages/protocol-version.ts';
import {
  answerServerFirst,
  beginScramClient,
  checkServerFinal,
  keysOfPassword,
} from '../../../gateway/src/wire/postgres/scram/scram-client.ts';
import type { Route } from './lab.ts';

/** One frame as it came: its type's letter and its body. */
export type RawFrame = { type: string; body: Buffer };

export type RawOptions = { version?: ProtocolVersion; parameters?: Readonly<Record<string, string>> };

/** A client that sends what it is told and keeps every frame that it gets. */
export class RawSession {
  readonly socket: Socket;
  /** Frames between the end of authentication and the first ReadyForQuery, that one included. */
  greeting: RawFrame[] = [];
  key: BackendKeyData | null = null;
  readonly #scanner = new FrameScanner({
    known: BACKEND_TYPES,
    streamed: typeSet(''),
    maxFrameBytes: 64 * 1024 * 1024,
    startsUp: false,
  });

  constructor(socket: Socket) {
    this.socket = socket;
  }

  send(...frames: readonly Uint8Array[]): void {
    for (const frame of frames) this.socket.write(frame);
  }

  /** The next frame; null when the peer has closed. */
  async frame(): Promise<RawFrame | null> {
    while (this.#scanner.next() === 'none') {
      const chunk = await this.#read();
      if (chunk === null) return null;
      this.#scanner.push(chunk);
    }
    const { type, bytes, bodyStart, end } = this.#scanner;
    return { type: String.fromCharCode(type), body: Buffer.from(bytes.subarray(bodyStart, end)) };
  }

  /** Every frame up to one of this type (by default ReadyForQuery), or up to the end of the connection. */
  async until(type = 'Z', times = 1): Promise<RawFrame[]> {
    const frames: RawFrame[] = [];
    for (let seen = 0; seen < times; ) {
      const next = await this.frame();
      if (next === null) return frames;
      frames.push(next);
      if (next.type === type) seen += 1;
    }
    return frames;
  }

  async query(text: string): Promise<RawFrame[]> {
    this.send(encode({ type: 'query', query: text }));
    return await this.until();
  }

  /** Nothing is taken off the socket unless somebody waits for it. */
  async #read(): Promise<Buffer | null> {
    const { socket } = this;
    for (;;) {
      const chunk: Buffer | null = socket.read();
      if (chunk !== null) return chunk;
      if (socket.readableEnded || socket.destroyed) return null;
      await new Promise<void>((resolve) => {
        const events = ['readable', 'end', 'close'];
        const wake = () => {
          for (const event of events) socket.off(event, wake);
          resolve();
        };
        for (const event of events) socket.on(event, wake);
      });
    }
  }

  async close(): Promise<void> {
    if (this.socket.destroyed) return;
    this.send(encode({ type: 'terminate' }));
    this.socket.end();
    this.socket.resume();
    await once(this.socket, 'close');
  }
}

/** Logs in with SCRAM. Throws when the server refuses. */
export async function openRaw(route: Route, options: RawOptions = {}): Promise<RawSession> {
  const session = await connectRaw(route);
  session.send(startUp(route, options));
  await authenticate(session, route.password);
  session.greeting = await session.until();
  for (const frame of session.greeting) {
    const message = decoded(frame);
    if (message.type === 'backendKeyData') session.key = message;
    if (message.type === 'errorResponse') throw new Error(message.fields.message);
  }
  return session;
}

export async function connectRaw(route: Route): Promise<RawSession> {
  const socket = connect({ host: route.host, port: route.port, noDelay: true });
  // Errors end the iterator; without a listener they would end the process.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return new RawSession(socket);
}

export function startUp(route: Route, options: RawOptions = {}): Buffer {
  const parameters = new Map(
    Object.entries({ user: route.user, database: route.database, ...options.parameters }),
  );
  const version = options.version ?? { major: 3, minor: 0 };
  return encodeStartUpPacket({ type: 'startupMessage', version, parameters });
}

export function decoded(frame: RawFrame) {
  return decodeBackend(frame.type.charCodeAt(0), new BodyReader(frame.body));
}

async function authenticate(session: RawSession, password: string): Promise<void> {
  const asked = await expect(session, 'authenticationSasl');
  const begun = beginScramClient({
    offered: asked.mechanisms,
    endPoint: null,
    nonce: randomBytes(18).toString('base64'),
  });
  session.send(encode({ type: 'saslInitialResponse', mechanism: begun.mechanism, data: begun.data }));
  const first = await expect(session, 'authenticationSaslContinue');
  const answer = await answerServerFirst(begun.awaiting, first.data, keysOfPassword(password));
  session.send(encode({ type: 'saslResponse', data: answer.data }));
  checkServerFinal(answer.awaiting, (await expect(session, 'authenticationSaslFinal')).data);
  await expect(session, 'authenticationOk');
}

type Decoded = ReturnType<typeof decoded>;

async function expect<Type extends Decoded['type']>(
  session: RawSession,
  type: Type,
): Promise<Extract<Decoded, { type: Type }>> {
  for (;;) {
    const frame = await session.frame();
    if (frame === null) throw new Error(`the connection ended where ${type} was due`);
    const message = decoded(frame);
    if (message.type === 'negotiateProtocolVersion') continue;
    if (message.type === 'errorResponse')
      throw new Error(`${message.fields.code}: ${message.fields.message}`);
    if (!is(message, type)) throw new Error(`${message.type} came where ${type} was due`);
    return message;
  }
}

function is<Type extends Decoded['type']>(
  message: Decoded,
  type: Type,
): message is Extract<Decoded, { type: Type }> {
  return message.type === type;
}
