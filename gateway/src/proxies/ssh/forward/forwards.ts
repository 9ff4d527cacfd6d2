import type { ChannelParts } from '../connection.ts';

/** Connections that a client forwards (RFC 4254 section 7). */
export class Forwards {
  constructor({ client }: ChannelParts) {
    client.on('tcpip', (_accept, reject) => reject());
    client.on('request', (_accept, reject) => reject?.());
  }

  close(): void {}
}
