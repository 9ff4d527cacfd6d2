import type { Server } from 'node:net';
import { SluiceError } from '../contract/error.ts';
import type { ListenAddress } from './config/address.ts';

/**
 * Listens, and says on which address: a port of 0 became a real one.
 *
 * @throws SluiceError `listen.refused` with what to do about a port in use, or one that may not be taken.
 */
export function listen(server: Server, surface: string, address: ListenAddress): Promise<ListenAddress> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(refused(surface, address, error));
    server.once('error', failed);
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', failed);
      resolve(boundAddress(server, address.host));
    });
  });
}

/** The address a server is bound to, with the host as it was asked for. */
export function boundAddress(server: Server, host: string): ListenAddress {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('the server is bound to no port');
  return { host, port: bound.port };
}

/** "127.0.0.1:4000", "[::1]:4000". */
export function addressText({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** An address that clients can connect to, where the gateway listens on every one. */
export function reachable({ host, port }: ListenAddress): ListenAddress {
  if (host === '0.0.0.0') return { host: '127.0.0.1', port };
  return host === '::' ? { host: '::1', port } : { host, port };
}

function refused(surface: string, address: ListenAddress, cause: NodeJS.ErrnoException): SluiceError {
  const where = addressText(address);
  const setting = `listen.${surface}`;
  switch (cause.code) {
    case 'EADDRINUSE':
      return new SluiceError(
        'listen.refused',
        `Another program already listens on ${where}.`,
        `Stop it, or set ${setting} to another address; port 0 takes any free one.`,
        { cause },
      );
    case 'EACCES':
      return new SluiceError(
        'listen.refused',
        `This system does not let the gateway listen on ${where}.`,
        `Set ${setting} to a port above 1023.`,
        { cause },
      );
    default:
      return new SluiceError(
        'listen.refused',
        `The gateway can't listen on ${where}: ${cause.message}.`,
        `Check ${setting}: the address must be one of this machine.`,
        { cause },
      );
  }
}
