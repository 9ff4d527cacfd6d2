/** A small real gateway (HTTP and WebSocket) that speaks the contract, for tests of the client. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { QUERY_CHANNEL_PATH, QUERY_CHANNEL_SUBPROTOCOL } from '../../../gateway/contract/endpoints.ts';
import { CONTRACT_VERSION } from '../../../gateway/contract/hello.ts';
import {
  encodeRowBatch,
  QueryEvent,
  QueryRequest,
  type RowBatch,
} from '../../../gateway/contract/query-channel.ts';

export type Answer = { status?: number; json: unknown };
export type Script = (request: QueryRequest, session: FixtureSession) => void;

export type FixtureSession = {
  event(event: unknown): void;
  rows(batch: RowBatch): void;
  socket: WebSocket;
};

export type FixtureGateway = {
  url: string;
  /** Answers by `METHOD path`; set by the test. */
  answers: Map<string, (request: IncomingMessage, body: unknown) => Answer>;
  /** What happens on each request of a query channel. */
  script: Script;
  sessions: number;
  close(): Promise<void>;
};

export const HELLO = {
  product: 'sluice',
  version: '0.1.0',
  contract: CONTRACT_VERSION,
  issuer: 'http://127.0.0.1:1',
  clientId: 'sluice-editor',
  builtInIdentity: true,
};

export async function startGateway(): Promise<FixtureGateway> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const path = (request.url ?? '').split('?')[0];
    const answer = fixture.answers.get(`${request.method} ${path}`)?.(
      request,
      text === '' ? null : JSON.parse(text),
    );
    response.writeHead(answer?.status ?? (answer === undefined ? 404 : 200), {
      'content-type': 'application/json',
    });
    response.end(JSON.stringify(answer?.json ?? {}));
  });
  const sockets = new WebSocketServer({
    server,
    path: QUERY_CHANNEL_PATH,
    handleProtocols: (offered) => offered.has(QUERY_CHANNEL_SUBPROTOCOL) && QUERY_CHANNEL_SUBPROTOCOL,
    verifyClient: ({ req }: { req: IncomingMessage }) => req.headers.authorization === 'Bearer good',
  });
  sockets.on('connection', (socket, request) => {
    fixture.sessions++;
    const target = new URL(request.url ?? '/', 'http://x').searchParams.get('target') ?? '';
    const session: FixtureSession = {
      socket,
      event: (event) => socket.send(JSON.stringify(QueryEvent.parse(event))),
      rows: (batch) => socket.send(encodeRowBatch(batch)),
    };
    socket.on('message', (data) => fixture.script(QueryRequest.parse(JSON.parse(data.toString())), session));
    session.event({ type: 'open', session: 's1', target, serverVersion: '18.0' });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const fixture: FixtureGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers: new Map([['GET /v1/hello', () => ({ json: HELLO })]]),
    script: () => undefined,
    sessions: 0,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return fixture;
}
