import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { type Line, NotTaken, type Sink, unreachable } from './sink.ts';

export type SyslogSinkOptions = {
  host: string;
  port: number;
  /** Further options of TLS: the authority to trust, a client's certificate. */
  tls: Pick<ConnectionOptions, 'ca' | 'cert' | 'key'>;
  /** RFC 5424 section 6.2.1. */
  facility: number;
  timeoutMs?: number;
};

const TIMEOUT_MS = 30_000;
/** So long a server may take to close a connection that it will not read, */
const LEAST_GRACE_MS = 50;
/** or so many times as long as it took to connect: a busy machine takes long for both. */
const GRACE_PER_CONNECT = 4;
/** RFC 5424 severities: warning and informational. */
const SEVERITIES = { 1: 6, 3: 4 } as const;
const NIL = '-';

/**
 * Syslog over TLS (RFC 5425, RFC 5424). Syslog has no acknowledgement: that bytes were written says nothing. So each
 * batch has a connection of its own, which is ended in order: a server that closes it in turn, without an error, has
 * read all of it. One that closes first has not: a relay does whose own server is down, with the batch in its buffers. So
 * that this is seen, the end is held back for a moment.
 */
export class SyslogSink implements Sink {
  readonly #options: SyslogSinkOptions;

  constructor(options: SyslogSinkOptions) {
    this.#options = options;
  }

  async send(lines: readonly Line[], stopped: AbortSignal): Promise<void> {
    const bytes = Buffer.concat(lines.map((line) => frame(line, this.#options.facility)));
    const startedAtMs = performance.now();
    const socket = await this.#connected(stopped);
    const graceMs = Math.max(LEAST_GRACE_MS, GRACE_PER_CONNECT * (performance.now() - startedAtMs));
    await this.#delivered(socket, bytes, graceMs, stopped);
  }

  #connected(stopped: AbortSignal): Promise<TLSSocket> {
    const { host, port, tls, timeoutMs = TIMEOUT_MS } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
    const servername = /^[\d.:]+$/.test(host) ? {} : { servername: host };
    const socket = connect({ ...tls, ...servername, host, port, minVersion: 'TLSv1.2' });
    const giveUp = () => socket.destroy(new Error('stopped'));
    stopped.addEventListener('abort', giveUp, { once: true });
    socket.setTimeout(timeoutMs, giveUp);
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', (error) => reject(unreachable(`${host}:${port}`, error)));
    socket.once('close', () => {
      stopped.removeEventListener('abort', giveUp);
      reject(unreachable(`${host}:${port}`, null));
    });
    return promise;
  }

  #delivered(socket: TLSSocket, bytes: Buffer, graceMs: number, stopped: AbortSignal): Promise<void> {
    const { host, port } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let hasReadAll = false;
    socket.on('end', () => {
      hasReadAll = socket.writableFinished;
    });
    let grace: NodeJS.Timeout | undefined;
    socket.write(bytes, () => {
      grace = setTimeout(() => socket.end(), graceMs);
    });
    socket.on('error', (error) => reject(unreachable(`${host}:${port}`, error)));
    socket.on('close', () => {
      clearTimeout(grace);
      if (hasReadAll && !stopped.aborted) resolve();
      else reject(new NotTaken(`${host}:${port} did not read all that was sent to it.`));
    });
    socket.resume();
    return promise;
  }
}

/** Octet counting (RFC 5425 section 4.3.1) around a message of RFC 5424. */
function frame({ json, at, severity, className }: Line, facility: number): Buffer {
  const priority = facility * 8 + SEVERITIES[severity];
  const messageId = className.replaceAll(' ', '');
  const head = `<${priority}>1 ${at} ${hostname()} sluice ${process.pid} ${messageId} ${NIL}`;
  // JSON is ASCII or UTF-8, which the byte order mark says (RFC 5424 section 6.4).
  const message = Buffer.from(`${head} \ufeff${json}`);
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}
