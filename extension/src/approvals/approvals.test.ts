import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import { SluiceError } from '../../../gateway/contract/error.ts';
import { RequestId } from '../../../gateway/contract/ids.ts';
import { aRequest, shown } from '../../contract/request.fixture.ts';
import { HttpClient } from '../gateway/http-client.ts';
import { Approvals } from './approvals.ts';

const ID = RequestId.parse('request-1');
const BOUNDS = { maxRows: null, windowSeconds: null };

let server: Server;
let sockets: WebSocketServer;
let answers: Map<string, { status: number; json: unknown }>;
let asked: string[];
let approvals: Approvals;

beforeEach(async () => {
  answers = new Map();
  asked = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const what = `${request.method} ${request.url}`;
    asked.push(`${what} ${Buffer.concat(chunks).toString()}`.trim());
    const { status, json } = answers.get(what) ?? UNKNOWN;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  sockets = new WebSocketServer({ server });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = async () => 'good';
  approvals = new Approvals({ client: async () => new HttpClient({ url, token }), token });
});

afterEach(() => {
  approvals.stop();
  for (const client of sockets.clients) client.terminate();
  server.close();
});

const UNKNOWN = { status: 404, json: { code: 'approval.unknown', message: 'There is none.', next: '' } };
const ok = (json: unknown) => ({ status: 200, json });

/** Waits until what is known is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise<void>((resolve) => {
      const stop = approvals.book.shown.follow(() => {
        stop();
        resolve();
      });
    });
  }
}

async function connected(): Promise<WebSocket> {
  const [socket] = (await once(sockets, 'connection')) as [WebSocket];
  return socket;
}

test('an act names the effect that was seen, and its answer is known at once', async () => {
  answers.set('POST /v1/requests/request-1/approve', ok(shown({ status: 'approved', revision: 1 })));
  const { effect } = aRequest();
  await approvals.act('approve', ID, { effect, bounds: BOUNDS });
  assert.equal(approvals.book.find(ID)?.request.status, 'approved');
  assert.deepEqual(asked, [
    `POST /v1/requests/request-1/approve ${JSON.stringify({ effect, bounds: BOUNDS })}`,
  ]);
});

test('who is refused sees what became of it meanwhile', async () => {
  approvals.book.put(shown());
  const refused = { code: 'approval.refused', message: 'It was denied already.', next: '' };
  answers.set('POST /v1/requests/request-1/withdraw', { status: 409, json: refused });
  answers.set('GET /v1/requests/request-1', ok(shown({ status: 'denied', revision: 4 })));
  await assert.rejects(approvals.act('withdraw', ID, {}), SluiceError);
  await until(() => approvals.book.find(ID)?.request.status === 'denied');
});

test('what was settled while nobody listened is looked up; what is seen no longer is forgotten', async () => {
  approvals.book.put(shown({ id: 'settled' }), shown({ id: 'gone' }));
  answers.set('GET /v1/requests/settled', ok(shown({ id: 'settled', status: 'used', revision: 2 })));
  approvals.follow();
  (await connected()).send(JSON.stringify({ type: 'open', requests: [shown()] }));
  await until(() => approvals.book.find(RequestId.parse('gone')) === null);
  await until(() => approvals.book.find(RequestId.parse('settled'))?.request.status === 'used');
  assert.equal(approvals.isLive.value, true);
});

test('history comes when it is asked for, and again after a reconnect', async () => {
  answers.set('GET /v1/requests?status=all', ok({ requests: [shown({ id: 'old', status: 'denied' })] }));
  await approvals.loadHistory();
  assert.equal(approvals.book.find(RequestId.parse('old'))?.request.status, 'denied');
  answers.set('GET /v1/requests?status=all', ok({ requests: [shown({ id: 'newer', status: 'used' })] }));
  approvals.follow();
  (await connected()).send(JSON.stringify({ type: 'open', requests: [] }));
  await until(() => approvals.book.find(RequestId.parse('newer')) !== null);
});

test('once signed out, nothing of what one person was shown is left', () => {
  approvals.book.put(shown());
  approvals.stop();
  assert.deepEqual(approvals.book.shown.value, []);
});
