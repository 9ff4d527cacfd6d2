import type { Deed } from '../action.ts';
import { destinationOf } from './destination.ts';

export type Place = { host: string; port: number };

const MAX_PORT = 65_535;

/** A connection that the host is to make (RFC 4254 section 7.2). */
export function connectDeed({ host: asked, port }: Place): Deed {
  const host = destinationOf(asked);
  const granted = { kind: 'forward', host: host ?? asked, port } as const;
  return {
    statement: `connect to ${named(granted)}`,
    uses: [granted],
    readOnly: false,
    unknowns: [...(host === null ? [`where "${asked}" leads`] : []), ...noPort(port)],
    granted,
  };
}

/** Connections that the host is to take (RFC 4254 section 7.1). */
export function listenDeed({ host, port }: Place): Deed {
  const granted = { kind: 'remoteForward', host, port } as const;
  // All addresses of the host's are meant by several names.
  const use = { ...granted, host: host === '' ? '*' : host };
  const statement = `listen on ${named(use)}`;
  return { statement, uses: [use], readOnly: false, unknowns: noPort(port), granted };
}

/** "127.0.0.1:22", "[::1]:22". */
export function named({ host, port }: Place): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The protocol has 32 bits for a port, and resolvers leave out the upper ones: 65558 would be 22. */
function noPort(port: number): string[] {
  return port > MAX_PORT ? [`which port ${port} is`] : [];
}
