import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ShownRequest } from '../../../gateway/contract/approval-request.ts';
import {
  REQUEST_CHANNEL_PATH,
  REQUEST_CHANNEL_SUBPROTOCOL,
} from '../../../gateway/contract/request-endpoints.ts';
import { shown } from '../../contract/request.fixture.ts';
import { RequestChannel } from './request-channel.ts';

let server: WebSocketServer;
let url: string;
let heard: string[];
let waits: Array<{ ms: number; go: () => void }>;
let access: { url: string; token: string } | null;
let channel: RequestChannel;
let wake: () => void;

beforeEach(async () => {
  server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    path: REQUEST_CHANNEL_PATH,
    handleProtocols: (offered) => offered.has(REQUEST_CHANNEL_SUBPROTOCOL) && REQUEST_CHANNEL_SUBPROTOCOL,
    verifyClient: ({ req }: { req: { headers: { authorization?: string } } }) =>
      req.headers.authorization === 'Bearer good',
  });
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  heard = [];
  waits = [];
  access = { url, token: 'good' };
  wake = () => undefined;
  const note = (what: string) => {
    heard.push(what);
    wake();
  };
  const ids = (requests: ShownRequest[]) => requests.map(({ request }) => request.id).join();
  channel = new RequestChannel({
    access: async () => access,
    onOpen: (requests) => note(`open ${ids(requests)}`),
    onRequest: (one) => note(`request ${one.request.id} ${one.request.revision}`),
    onLost: () => note('lost'),
    schedule: (go, ms) => {
      waits.push({ ms, go });
      wake();
      return () => undefined;
    },
  });
});

afterEach(() => {
  channel.stop();
  for (const client of server.clients) client.terminate();
  server.close();
});

/** Waits until something is so; everything that can make it so wakes. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

async function connected(): Promise<WebSocket> {
  const [socket] = (await once(server, 'connection')) as [WebSocket];
  return socket;
}

const send = (socket: WebSocket, event: unknown) => socket.send(JSON.stringify(event));

test('the full list comes first, then changes', async () => {
  channel.start();
  const socket = await connected();
  send(socket, { type: 'open', requests: [shown()] });
  send(socket, { type: 'request', shown: shown({ revision: 1 }) });
  await until(() => heard.length === 2);
  assert.deepEqual(heard, ['open request-1', 'request request-1 1']);
});

test('a lost connection is made again, with back-off that ends once it works', async () => {
  channel.start();
  (await connected()).terminate();
  await until(() => waits.length === 1);
  waits[0]?.go();
  (await connected()).terminate();
  await until(() => waits.length === 2);
  waits[1]?.go();
  const third = await connected();
  send(third, { type: 'open', requests: [] });
  await until(() => heard.includes('open '));
  third.terminate();
  await until(() => waits.length === 3);
  assert.deepEqual(
    waits.map(({ ms }) => ms),
    [500, 1000, 500],
  );
  assert.deepEqual(heard, ['lost', 'lost', 'open ', 'lost']);
});

test('a gateway that is not there, and a token that it refuses, are tried again', async () => {
  access = null;
  channel.start();
  await until(() => waits.length === 1);
  access = { url, token: 'old' };
  waits[0]?.go();
  await until(() => waits.length === 2);
  access = { url, token: 'good' };
  waits[1]?.go();
  await connected();
});

test('what it does not understand ends the connection rather than being shown', async () => {
  channel.start();
  send(await connected(), { type: 'open', requests: [{ request: 'nonsense', acts: [] }] });
  await until(() => waits.length === 1);
  assert.deepEqual(heard, ['lost']);
});

test('starting again does not wait for the back-off, and opens no second connection', async () => {
  access = null;
  channel.start();
  await until(() => waits.length === 1);
  access = { url, token: 'good' };
  channel.start();
  channel.start();
  const socket = await connected();
  waits[0]?.go();
  send(socket, { type: 'open', requests: [] });
  await until(() => heard.length === 1);
  assert.equal(server.clients.size, 1);
});

test('once stopped, nothing is heard and nothing is tried', async () => {
  channel.start();
  const socket = await connected();
  const closed = once(socket, 'close');
  channel.stop();
  send(socket, { type: 'open', requests: [] });
  await closed;
  assert.deepEqual(heard, []);
  assert.deepEqual(waits, []);
});
