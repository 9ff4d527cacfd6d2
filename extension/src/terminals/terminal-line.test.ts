import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import { SessionId, TargetName } from '../../../gateway/contract/ids.ts';
import {
  TERMINAL_CHANNEL_SUBPROTOCOL,
  TERMINAL_FRAME_BYTES,
  type TerminalEvent,
  TerminalRequest,
} from '../../../gateway/contract/terminal-channel.ts';
import { type LineState, TerminalLine } from './terminal-line.ts';

const web = TargetName.parse('web');
const session = SessionId.parse('s-1');

/** A gateway whose terminals the test plays; `refuse` answers the next upgrade with an error body. */
async function playedGateway(context: TestContext) {
  const server = createServer();
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: () => TERMINAL_CHANNEL_SUBPROTOCOL,
  });
  const connections: Array<{
    socket: WebSocket;
    query: string;
    typed: string[];
    requests: TerminalRequest[];
  }> = [];
  let wake: () => void = () => undefined;
  const played = {
    url: '',
    refuse: null as { status: number; code: string; message: string } | null,
    connections,
    async connection(index: number) {
      await this.until(() => connections.length > index);
      const found = connections[index];
      assert.ok(found !== undefined);
      return found;
    },
    async until(isSo: () => boolean): Promise<void> {
      while (!isSo()) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    wake: () => wake(),
  };
  server.on('upgrade', (request, socket, head) => {
    const { refuse } = played;
    if (refuse !== null) {
      const body = JSON.stringify({ code: refuse.code, message: refuse.message, next: '' });
      socket.end(
        `HTTP/1.1 ${refuse.status} No\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      const query = (request.url ?? '').split('?')[1] ?? '';
      const connection = { socket: client, query, typed: [] as string[], requests: [] as TerminalRequest[] };
      connections.push(connection);
      client.on('message', (data, isBinary) => {
        if (isBinary) connection.typed.push(data.toString());
        else connection.requests.push(TerminalRequest.parse(JSON.parse(data.toString())));
        wake();
      });
      wake();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  played.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  context.after(() => {
    for (const client of sockets.clients) client.terminate();
    server.close();
  });
  return played;
}

const say = (socket: WebSocket, event: TerminalEvent) => socket.send(JSON.stringify(event));
const opening = (from: number): TerminalEvent => ({
  type: 'open',
  session,
  target: web,
  account: 'deploy',
  from,
});

function lineTo(gateway: Awaited<ReturnType<typeof playedGateway>>) {
  const shown = { text: '' };
  const line = new TerminalLine({
    place: { target: web },
    size: { columns: 80, rows: 24 },
    access: async () => ({ url: gateway.url, token: 'good' }),
    onBytes: (bytes) => {
      shown.text += Buffer.from(bytes).toString();
      gateway.wake();
    },
    schedule: (action) => {
      const soon = setImmediate(action);
      return () => clearImmediate(soon);
    },
  });
  line.state.follow(() => gateway.wake());
  const states: LineState['kind'][] = [];
  line.state.follow(({ kind }) => states.push(kind));
  return { line, shown, states };
}

test('it asks for a host, types, shows and acknowledges what was shown', async (context) => {
  const gateway = await playedGateway(context);
  const { line, shown } = lineTo(gateway);
  void line.start();
  const { socket, query, typed, requests } = await gateway.connection(0);
  assert.equal(query, 'target=web&columns=80&rows=24');
  say(socket, opening(0));
  await gateway.until(() => line.state.value.kind === 'open');
  assert.deepEqual([line.session, line.account], [session, 'deploy']);
  line.type('é\r');
  line.resize({ columns: 100, rows: 30 });
  socket.send(Buffer.from('hello'));
  await gateway.until(() => requests.some(({ type }) => type === 'seen'));
  assert.deepEqual(typed, ['é\r']);
  const pasted = 'x'.repeat(TERMINAL_FRAME_BYTES + 10);
  line.type(pasted);
  await gateway.until(() => typed.slice(1).join('').length === pasted.length);
  assert.equal(typed.length, 3);
  assert.equal(shown.text, 'hello');
  assert.deepEqual(requests, [
    { type: 'resize', columns: 80, rows: 24 },
    { type: 'resize', columns: 100, rows: 30 },
    { type: 'seen', bytes: 5 },
  ]);
  line.close();
  await gateway.until(() => requests.at(-1)?.type === 'close');
});

test('a lost connection is taken up where it was: nothing twice, nothing typed blindly', async (context) => {
  const gateway = await playedGateway(context);
  const { line, shown, states } = lineTo(gateway);
  void line.start();
  const first = await gateway.connection(0);
  say(first.socket, opening(0));
  first.socket.send(Buffer.from('0123456789'));
  await gateway.until(() => shown.text.length === 10);
  first.socket.terminate();
  await gateway.until(() => line.state.value.kind === 'lost');
  line.type('rm x\r');
  const second = await gateway.connection(1);
  assert.equal(second.query, 'session=s-1');
  say(second.socket, opening(4));
  second.socket.send(Buffer.from('456'));
  second.socket.send(Buffer.from('789abc'));
  await gateway.until(() => shown.text.length === 13);
  assert.equal(shown.text, '0123456789abc');
  await gateway.until(() =>
    second.requests.some((request) => request.type === 'seen' && request.bytes === 13),
  );
  assert.deepEqual(second.typed, []);
  assert.deepEqual(states, ['open', 'lost', 'open']);
  line.close();
});

test('a shell that is over when the network is back says so; a refusal says why', async (context) => {
  const gateway = await playedGateway(context);
  const { line } = lineTo(gateway);
  void line.start();
  const { socket } = await gateway.connection(0);
  say(socket, opening(0));
  await gateway.until(() => line.state.value.kind === 'open');
  gateway.refuse = { status: 404, code: 'request.notFound', message: 'This terminal is over.' };
  socket.terminate();
  await gateway.until(() => line.state.value.kind === 'ended');
  assert.deepEqual(line.state.value, { kind: 'ended', exitCode: 255, why: 'This terminal is over.' });
  gateway.refuse = { status: 404, code: 'target.unknown', message: 'There is no host called web.' };
  const { line: another } = lineTo(gateway);
  void another.start();
  await gateway.until(() => another.state.value.kind === 'ended');
  assert.deepEqual(another.state.value, {
    kind: 'ended',
    exitCode: 255,
    why: 'There is no host called web.',
  });
});

test('an end that the gateway tells, and one that somebody else brought about, are no lost connections', async (context) => {
  const gateway = await playedGateway(context);
  const { line } = lineTo(gateway);
  void line.start();
  const first = await gateway.connection(0);
  say(first.socket, opening(0));
  say(first.socket, { type: 'ended', exitCode: 0, why: '' });
  first.socket.close(1000);
  await gateway.until(() => line.state.value.kind === 'ended');
  assert.deepEqual(line.state.value, { kind: 'ended', exitCode: 0, why: '' });
  const { line: another } = lineTo(gateway);
  void another.start();
  const second = await gateway.connection(1);
  say(second.socket, opening(0));
  await gateway.until(() => another.state.value.kind === 'open');
  second.socket.close(4409, 'Shown somewhere else.');
  await gateway.until(() => another.state.value.kind === 'ended');
  assert.equal(gateway.connections.length, 2);
});
