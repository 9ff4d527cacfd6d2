import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Captured, StatementReader } from './frontend-messages.ts';

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;

/** Stands between a tool and a server, passes everything on, and keeps the statements that the tool runs. */
export class Recorder {
  readonly statements: Captured[] = [];
  readonly #server: Server;
  #connections = 0;

  constructor(upstream: { host: string; port: number }) {
    this.#server = createServer((client) => this.#serve(client, connect(upstream)));
  }

  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(address !== null && typeof address === 'object' ? address.port : 0);
      });
    });
  }

  close(): void {
    this.#server.close();
  }

  #serve(client: Socket, upstream: Socket): void {
    let reader: StatementReader | null = null;
    let connection = 0;
    client.on('data', (chunk) => {
      const code = chunk.length === 8 ? chunk.readInt32BE(4) : 0;
      if (reader === null && (code === SSL_REQUEST || code === GSS_REQUEST)) {
        client.write('N');
        return;
      }
      if (reader === null) {
        this.#connections += 1;
        connection = this.#connections;
        reader = new StatementReader((captured) => {
          if (connection > 1) captured.connection = connection;
          this.statements.push(captured);
        });
      } else {
        reader.push(chunk);
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => client.write(chunk));
    client.on('close', () => upstream.end());
    upstream.on('close', () => client.end());
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  }
}
