import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { QUERY_CHANNEL_PATH, QUERY_CHANNEL_SUBPROTOCOL } from '../../contract/endpoints.ts';
import { SluiceError } from '../../contract/error.ts';
import { TargetName } from '../../contract/ids.ts';
import { callerOf } from './bearer.ts';
import { type Caller, usableTarget } from './handlers.ts';
import { serveQueryChannel } from './query-channel.ts';
import { errorBody, STATUS } from './respond.ts';
import type { ApiServices } from './services.ts';

/** Turns upgrade requests into query channels. What is refused is answered in HTTP, with an error body. */
export type Upgrades = {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  close(): void;
};

export function upgrades(services: ApiServices): Upgrades {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: services.maxRequestBytes,
    perMessageDeflate: false,
    clientTracking: true,
    handleProtocols: () => QUERY_CHANNEL_SUBPROTOCOL,
  });
  const open = new Map<string, number>();
  return {
    accept: async (request, socket, head) => {
      socket.on('error', () => undefined);
      try {
        const { caller, target } = await admitted(services, request, open);
        count(open, caller, 1);
        socket.once('close', () => count(open, caller, -1));
        sockets.handleUpgrade(request, socket, head, (channel) => {
          void serveQueryChannel(channel, target, caller.signedIn.principal, services.fault);
        });
      } catch (error) {
        if (!(error instanceof SluiceError)) services.fault(error);
        refuse(socket, error);
      }
    },
    close: () => {
      for (const channel of sockets.clients) channel.close(1001, 'The gateway is stopping.');
      sockets.close();
    },
  };
}

async function admitted(services: ApiServices, request: IncomingMessage, open: ReadonlyMap<string, number>) {
  const url = new URL(request.url ?? '/', 'http://gateway');
  if (url.pathname !== QUERY_CHANNEL_PATH) {
    throw new SluiceError('request.notFound', `There is no WebSocket at ${url.pathname}.`, '');
  }
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(QUERY_CHANNEL_SUBPROTOCOL)) {
    throw new SluiceError(
      'contract.mismatch',
      `The query channel speaks ${QUERY_CHANNEL_SUBPROTOCOL}, and this client does not offer it.`,
      'Update the extension or the gateway, whichever is older.',
    );
  }
  const caller = await callerOf(request, services.authentication);
  if ((open.get(caller.principal.id) ?? 0) >= services.maxChannelsPerPerson) {
    throw new SluiceError(
      'request.invalid',
      `You have ${services.maxChannelsPerPerson} sessions open, which is as many as this gateway allows.`,
      'Close one of them, or have limits.maxChannelsPerPerson raised.',
    );
  }
  const name = TargetName.safeParse(url.searchParams.get('target'));
  if (!name.success)
    throw new SluiceError('request.invalid', 'The address names no target.', 'Add ?target=NAME.');
  return { caller, target: usableTarget(services, caller.principal, name.data) };
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
