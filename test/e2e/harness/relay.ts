import { connect, createServer, type Server, type Socket } from 'node:net';

/** A network between two programs that a test can cut: every byte goes through it, or none. */
export class Relay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #to = 0;
  #isCut = false;
  port = 0;

  private constructor() {
    this.#server = createServer((socket) => this.#carry(socket));
  }

  static async start(): Promise<Relay> {
    const relay = new Relay();
    await new Promise<void>((listening) => relay.#server.listen(0, '127.0.0.1', listening));
    const address = relay.#server.address();
    relay.port = typeof address === 'object' && address !== null ? address.port : 0;
    return relay;
  }

  /** What comes goes to this port of the machine. */
  leadTo(port: number): void {
    this.#to = port;
  }

  /** Whoever is connected no longer is, and nobody gets through. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  stop(): void {
    this.cut();
    this.#server.close();
  }

  #carry(socket: Socket): void {
    if (this.#isCut) {
      socket.destroy();
      return;
    }
    const upstream = connect(this.#to, '127.0.0.1');
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
