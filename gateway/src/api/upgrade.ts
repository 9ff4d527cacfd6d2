import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { QUERY_CHANNEL_PATH, QUERY_CHANNEL_SUBPROTOCOL } from '../../contract/endpoints.ts';
import { SluiceError } from '../../contract/error.ts';
import { SessionId, TargetName } from '../../contract/ids.ts';
import { REQUEST_CHANNEL_PATH, REQUEST_CHANNEL_SUBPROTOCOL } from '../../contract/request-endpoints.ts';
import {
  SESSION_CHANNEL_PATH,
  SESSION_CHANNEL_SUBPROTOCOL,
  WATCH_CHANNEL_SUBPROTOCOL,
  WatchFrom,
} from '../../contract/session-endpoints.ts';
import {
  TERMINAL_CHANNEL_PATH,
  TERMINAL_CHANNEL_SUBPROTOCOL,
  TERMINAL_FRAME_BYTES,
  TerminalAddress,
} from '../../contract/terminal-channel.ts';
import type { Reach } from '../core/access/authentication.ts';
import { callerOf } from './bearer.ts';
import { accountOf, type Caller, usableHost, usableTarget } from './handlers.ts';
import { serveQueryChannel } from './query-channel.ts';
import { serveRequestChannel } from './request-channel.ts';
import { errorBody, STATUS } from './respond.ts';
import type { ApiServices } from './services.ts';
import { serveSessionChannel } from './sessions/session-channel.ts';
import { sessionFor } from './sessions/view.ts';
import { serveWatchChannel } from './sessions/watch-channel.ts';
import { serveTerminalChannel } from './terminal/terminal-channel.ts';
import { Terminals } from './terminal/terminals.ts';

/** Turns upgrade requests into channels. What is refused is answered in HTTP, with an error body. */
export type Upgrades = {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  close(): void;
};

/** One kind of channel. `open` says what serves a socket, or throws what is wrong with the address. */
type Channel = {
  subprotocol: string;
  /** What a token must be good for. */
  reach: Reach;
  maxPayloadBytes: number;
  open(caller: Caller, url: URL): (socket: WebSocket) => void;
};

/** A channel's server, and how many sockets each person has open on it. */
type Served = { channel: Channel; sockets: WebSocketServer; open: Map<string, number> };

/** Only a client that misunderstands sends anything to a channel that only tells. */
const MAX_UNASKED_BYTES = 1024;

export function upgrades(services: ApiServices): Upgrades {
  const terminals = new Terminals({
    keepMs: services.terminalKeepMs,
    maxPerPerson: services.maxChannelsPerPerson,
    fault: services.fault,
  });
  const served = new Map([
    [QUERY_CHANNEL_PATH, serve(queryChannel(services))],
    [REQUEST_CHANNEL_PATH, serve(requestChannel(services))],
    [TERMINAL_CHANNEL_PATH, serve(terminalChannel(services, terminals))],
    [SESSION_CHANNEL_PATH, serve(sessionChannel(services))],
  ]);
  const watched = serve(watchChannel(services));
  return {
    accept: async (request, socket, head) => {
      socket.on('error', () => undefined);
      try {
        const url = new URL(request.url ?? '/', 'http://gateway');
        const at = WATCH_CHANNEL_PATH.test(url.pathname) ? watched : served.get(url.pathname);
        if (at === undefined) {
          throw new SluiceError('request.notFound', `There is no WebSocket at ${url.pathname}.`, '');
        }
        const caller = await admitted(services, request, at);
        const serveOn = at.channel.open(caller, url);
        count(at.open, caller, 1);
        socket.once('close', () => count(at.open, caller, -1));
        at.sockets.handleUpgrade(request, socket, head, serveOn);
      } catch (error) {
        if (!(error instanceof SluiceError)) services.fault(error);
        refuse(socket, error);
      }
    },
    close: () => {
      terminals.close();
      for (const { sockets } of [...served.values(), watched]) {
        for (const socket of sockets.clients) socket.close(1001, 'The gateway is stopping.');
        sockets.close();
      }
    },
  };
}

function queryChannel(services: ApiServices): Channel {
  return {
    subprotocol: QUERY_CHANNEL_SUBPROTOCOL,
    reach: 'everything',
    maxPayloadBytes: services.maxRequestBytes,
    open: (caller, url) => {
      const name = TargetName.safeParse(url.searchParams.get('target'));
      if (!name.success) {
        throw new SluiceError('request.invalid', 'The address names no target.', 'Add ?target=NAME.');
      }
      const target = usableTarget(services, caller.principal, name.data);
      return (socket) => {
        void serveQueryChannel(socket, target, caller.signedIn.principal, services.fault);
      };
    },
  };
}

function requestChannel(services: ApiServices): Channel {
  return {
    subprotocol: REQUEST_CHANNEL_SUBPROTOCOL,
    reach: 'requests',
    maxPayloadBytes: MAX_UNASKED_BYTES,
    open: (caller) => (socket) => serveRequestChannel(socket, caller.signedIn.principal, services),
  };
}

function terminalChannel(services: ApiServices, terminals: Terminals): Channel {
  return {
    subprotocol: TERMINAL_CHANNEL_SUBPROTOCOL,
    reach: 'everything',
    maxPayloadBytes: TERMINAL_FRAME_BYTES,
    open: ({ principal, signedIn }, url) => {
      const read = TerminalAddress.safeParse(Object.fromEntries(url.searchParams));
      if (!read.success) {
        const why = `The address names no terminal: ${z.prettifyError(read.error)}`;
        throw new SluiceError('request.invalid', why, 'Add ?target=NAME, or ?session=ID.');
      }
      const address = read.data;
      if ('session' in address) {
        const terminal = terminals.find(principal.id, address.session);
        return (socket) => serveTerminalChannel(socket, terminal);
      }
      const host = usableHost(services, principal, address.target);
      const wanted = { ...address, account: accountOf(host, address.account) };
      terminals.requireRoom(principal.id);
      return (socket) => {
        const terminal = terminals.open(principal.id, signedIn.principal, host, wanted);
        serveTerminalChannel(socket, terminal);
      };
    },
  };
}

function sessionChannel(services: ApiServices): Channel {
  return {
    subprotocol: SESSION_CHANNEL_SUBPROTOCOL,
    reach: 'everything',
    maxPayloadBytes: MAX_UNASKED_BYTES,
    open: (caller) => (socket) => serveSessionChannel(socket, caller.signedIn.principal, services),
  };
}

/** The session stands in the path, which `watchChannelPath` makes. */
const WATCH_CHANNEL_PATH = /^\/v1\/sessions\/([^/]+)\/watch$/;

const WatchAddress = z.object({
  session: SessionId,
  terminal: z.coerce.number().int().positive().default(1),
  from: WatchFrom.default('start'),
});

function watchChannel(services: ApiServices): Channel {
  return {
    subprotocol: WATCH_CHANNEL_SUBPROTOCOL,
    reach: 'everything',
    maxPayloadBytes: MAX_UNASKED_BYTES,
    open: ({ principal, signedIn }, url) => {
      const session = decodeURIComponent(WATCH_CHANNEL_PATH.exec(url.pathname)?.[1] ?? '');
      const read = WatchAddress.safeParse({ ...Object.fromEntries(url.searchParams), session });
      if (!read.success) {
        const why = `The address names nothing to watch: ${z.prettifyError(read.error)}`;
        throw new SluiceError('request.invalid', why, '');
      }
      const watched = sessionFor(principal, read.data.session, 'watch', services);
      return (socket) => {
        void serveWatchChannel(socket, watched, read.data, signedIn.principal, services);
      };
    },
  };
}

function serve(channel: Channel): Served {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: channel.maxPayloadBytes,
    perMessageDeflate: false,
    clientTracking: true,
    handleProtocols: () => channel.subprotocol,
  });
  return { channel, sockets, open: new Map() };
}

async function admitted(services: ApiServices, request: IncomingMessage, { channel, open }: Served) {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(channel.subprotocol)) {
    throw new SluiceError(
      'contract.mismatch',
      `This channel speaks ${channel.subprotocol}, and this client does not offer it.`,
      'Update the extension or the gateway, whichever is older.',
    );
  }
  const caller = await callerOf(request, services.authentication, channel.reach);
  if ((open.get(caller.principal.id) ?? 0) >= services.maxChannelsPerPerson) {
    throw new SluiceError(
      'request.invalid',
      `You have ${services.maxChannelsPerPerson} of these channels open, which is as many as this gateway allows.`,
      'Close one of them, or have limits.maxChannelsPerPerson raised.',
    );
  }
  return caller;
}

function count(open: Map<string, number>, { principal }: Caller, change: number): void {
  const channels = (open.get(principal.id) ?? 0) + change;
  if (channels > 0) open.set(principal.id, channels);
  else open.delete(principal.id);
}

function refuse(socket: Duplex, error: unknown): void {
  const body = errorBody(error);
  const status = STATUS[body.code];
  const text = JSON.stringify(body);
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(text)}`,
      'connection: close',
      '',
      text,
    ].join('\r\n'),
  );
}
