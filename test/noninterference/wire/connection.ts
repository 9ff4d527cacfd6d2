import type { Socket } from 'node:net';
import { Client } from 'pg';
import { clientParts } from '../../../gateway/src/proxies/postgres/testing/client-parts.ts';

const READY_FOR_QUERY = 0x5a;
const HEADER_BYTES = 5;
const SSL_OFF = { ssl: false } as const;

export type Address = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  options?: string;
};

/** What came back for what was sent, whole and as it came. */
export type Answer = {
  bytes: Buffer;
  /** The other end closed the connection. */
  closed: boolean;
  ms: number;
};

/** A PostgreSQL connection that hands over bytes: nothing is decoded, and nothing is left out. */
export class Connection {
  readonly #socket: Socket;
  #chunks: Buffer[] = [];
  /** Bytes of the frame under way that are still to come, and what of a header has come. */
  #rest = 0;
  #header = Buffer.alloc(0);
  #wanted = 0;
  #resolve: ((answer: Answer) => void) | null = null;
  #sentAtMs = 0;
  closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      this.#settle();
    });
  }

  static async open(address: Address): Promise<Connection> {
    const client = new Client({ ...address, ...SSL_OFF });
    client.on('error', () => undefined);
    await client.connect();
    return new Connection(clientParts(client).stream);
  }

  /** Sends messages that are answered by `readies` ReadyForQuery, and takes everything up to the last of them. */
  ask(messages: Buffer, readies: number): Promise<Answer> {
    if (this.closed) return Promise.resolve({ bytes: Buffer.alloc(0), closed: true, ms: 0 });
    this.#wanted = readies;
    this.#sentAtMs = performance.now();
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#socket.write(messages);
    });
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    let at = 0;
    while (at < chunk.length) {
      if (this.#rest > 0) {
        const taken = Math.min(this.#rest, chunk.length - at);
        this.#rest -= taken;
        at += taken;
        continue;
      }
      const missing = HEADER_BYTES - this.#header.length;
      this.#header = Buffer.concat([this.#header, chunk.subarray(at, at + missing)]);
      at += missing;
      if (this.#header.length < HEADER_BYTES) break;
      if (this.#header[0] === READY_FOR_QUERY) this.#wanted -= 1;
      this.#rest = this.#header.readInt32BE(1) - (HEADER_BYTES - 1);
      this.#header = Buffer.alloc(0);
    }
    // The last ReadyForQuery has come whole when nothing is left of its frame.
    if (this.#wanted <= 0 && this.#rest === 0) this.#settle();
  }

  #settle(): void {
    const resolve = this.#resolve;
    if (resolve === null) return;
    this.#resolve = null;
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    resolve({ bytes, closed: this.closed, ms: performance.now() - this.#sentAtMs });
  }
}
