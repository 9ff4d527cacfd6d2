import { once } from 'node:events';
import { Client, type ClientConfig } from 'pg';
import { clientParts } from '../../../gateway/src/proxies/postgres/testing/client-parts.ts';
import { BodyReader } from '../../../gateway/src/wire/postgres/bytes/body-reader.ts';
import { FrameScanner } from '../../../gateway/src/wire/postgres/frame-scanner.ts';
import { BACKEND_TYPES, typeSet } from '../../../gateway/src/wire/postgres/frame-types.ts';
import { encode, type FrontendMessage } from '../../../gateway/src/wire/postgres/index.ts';
import {
  decodeErrorFields,
  type ErrorFields,
} from '../../../gateway/src/wire/postgres/messages/backend/error-fields.ts';

/** One message of the server's as it came: its type's letter and its body. */
export type Frame = { type: string; body: Buffer };

/** Longer than anything takes on a loaded machine, and than a lock is waited for. */
const ANSWER_MS = 120_000;

/** A logged-in client that sends what it is told and keeps every byte that it gets. */
export class WireSession {
  /** Everything since the log-in, or since it was last taken. */
  #frames: Frame[] = [];
  readonly #stream: ReturnType<typeof clientParts>['stream'];
  readonly #scanner = new FrameScanner({
    known: BACKEND_TYPES,
    streamed: typeSet(''),
    maxFrameBytes: 64 * 1024 * 1024,
    startsUp: false,
  });
  #wake: () => void = () => undefined;
  closed = false;
  /** In a transaction (`T`), a failed one (`E`) or none (`I`), as the server last said. */
  status = 'I';

  private constructor(client: Client) {
    this.#stream = clientParts(client).stream;
    this.#stream.removeAllListeners('data');
    this.#stream.on('data', (chunk: Buffer) => this.#take(chunk));
    const ended = () => {
      this.closed = true;
      this.#wake();
    };
    this.#stream.on('close', ended).on('end', ended);
  }

  /** Logs in. The settings are asked for at start-up, next to what every client asks for. */
  static async open(
    config: ClientConfig,
    startUp: Readonly<Record<string, string>> = {},
  ): Promise<WireSession> {
    const client = new Client({ ...config, application_name: 'corpus' });
    client.on('error', () => undefined);
    const own = Reflect.get(client, 'getStartupConf');
    Reflect.set(client, 'getStartupConf', () => ({ ...own.call(client), ...startUp }));
    await client.connect();
    return new WireSession(client);
  }

  /** Sends messages and waits for as many ReadyForQuery; COPY data that is asked for is `copyData`. */
  async ask(messages: readonly FrontendMessage[], ready: number, copyData = ''): Promise<void> {
    if (this.closed) return;
    const from = this.#frames.length;
    this.#stream.write(Buffer.concat(messages.map(encode)));
    let given = 0;
    for (;;) {
      const since = this.#frames.slice(from);
      if (this.closed || since.filter(({ type }) => type === 'Z').length >= ready) break;
      const wanted = since.filter(({ type }) => type === 'G').length;
      if (wanted > given) {
        given = wanted;
        this.#stream.write(
          Buffer.concat([
            encode({ type: 'copyData', data: Buffer.from(copyData) }),
            encode({ type: 'copyDone' }),
          ]),
        );
      }
      await this.#more();
    }
    this.status = this.#frames.findLast(({ type }) => type === 'Z')?.body.toString() ?? this.status;
  }

  query(text: string, copyData = ''): Promise<void> {
    return this.ask([{ type: 'query', query: text }], 1, copyData);
  }

  /** What came since the last time. */
  taken(): Frame[] {
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }

  async close(): Promise<void> {
    if (!this.closed) {
      this.#stream.end(encode({ type: 'terminate' }));
      if (!this.closed) await once(this.#stream, 'close');
    }
    this.#stream.destroy();
  }

  /** Ends it without a word. */
  destroy(): void {
    this.#stream.destroy();
  }

  async #more(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const late = setTimeout(() => reject(new Error('no answer came')), ANSWER_MS);
    await promise.finally(() => clearTimeout(late));
  }

  #take(chunk: Buffer): void {
    this.#scanner.push(chunk);
    while (this.#scanner.next() !== 'none') {
      const { type, bytes, bodyStart, end } = this.#scanner;
      this.#frames.push({
        type: String.fromCharCode(type),
        body: Buffer.from(bytes.subarray(bodyStart, end)),
      });
    }
    this.#wake();
  }
}

export function errorsIn(frames: readonly Frame[]): ErrorFields[] {
  return frames.filter(({ type }) => type === 'E').map(({ body }) => decodeErrorFields(new BodyReader(body)));
}
