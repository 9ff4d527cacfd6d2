import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import {
  TERMINAL_CHANNEL_PATH,
  TERMINAL_CHANNEL_SUBPROTOCOL,
  TERMINAL_FRAME_BYTES,
  TERMINAL_WINDOW_BYTES,
  TerminalEvent,
  type TerminalRequest,
} from '../../../contract/terminal-channel.ts';
import { SHOP, type TestApi, testApi } from '../api.fixture.ts';
import { ScriptedHost } from './scripted-host.fixture.ts';

/** One connection to a terminal, and what came on it. */
class Connection {
  readonly events: TerminalEvent[] = [];
  bytes = 0;
  shown = '';
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  #wake: () => void = () => undefined;

  constructor(api: TestApi, query: string, token = 'ana') {
    const url = `${api.url.replace('http', 'ws')}${TERMINAL_CHANNEL_PATH}?${query}`;
    const headers = { authorization: `Bearer ${token}` };
    this.socket = new WebSocket(url, TERMINAL_CHANNEL_SUBPROTOCOL, { headers });
    this.socket.on('message', (data, isBinary) => {
      const frame = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
      if (isBinary) {
        this.bytes += frame.byteLength;
        this.shown += frame.toString();
      } else this.events.push(TerminalEvent.parse(JSON.parse(frame.toString())));
      this.#wake();
    });
    this.closed = once(this.socket, 'close').then(([code]) => code);
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async open(): Promise<Extract<TerminalEvent, { type: 'open' }>> {
    await this.until(() => this.events.length > 0);
    const [first] = this.events;
    assert.ok(first?.type === 'open');
    return first;
  }

  send(request: TerminalRequest): void {
    this.socket.send(JSON.stringify(request));
  }
}

async function hostApi(context: TestContext, terminalKeepMs = 60_000) {
  const host = new ScriptedHost(SHOP);
  const api = await testApi(context, undefined, undefined, {
    hosts: new Map([[SHOP, host]]),
    terminalKeepMs,
  });
  return { api, host };
}

async function refusal(connection: Connection): Promise<string> {
  const [, response] = await once(connection.socket, 'unexpected-response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return `${response.statusCode} ${JSON.parse(body).message}`;
}

test('what is typed goes to the shell, what it shows comes back, and its end is told', async (context) => {
  const { api, host } = await hostApi(context);
  const opened = host.next();
  const ana = new Connection(api, 'target=shop&columns=100&rows=30');
  const terminal = await opened;
  assert.deepEqual(terminal.wanted, { target: SHOP, account: 'deploy', columns: 100, rows: 30 });
  const { session, account, from } = await ana.open();
  assert.deepEqual([session, account, from], [terminal.session, 'deploy', 0]);
  ana.socket.send(Buffer.from('ls\r'));
  ana.send({ type: 'resize', columns: 90, rows: 20 });
  await terminal.has('resize 90x20');
  assert.deepEqual(terminal.notes, ['typed ls\r', 'resize 90x20']);
  terminal.show('a  b\r\n');
  terminal.screen.watched([{ id: 'person:dora' as never, name: 'Dora' }]);
  terminal.screen.ended(3, '');
  assert.equal(await ana.closed, 1000);
  assert.equal(ana.shown, 'a  b\r\n');
  assert.deepEqual(ana.events.slice(1), [
    { type: 'watchers', watchers: [{ id: 'person:dora', name: 'Dora' }] },
    { type: 'ended', exitCode: 3, why: '' },
  ]);
});

test('a connection that is lost finds its shell again, from the first byte that was not acknowledged', async (context) => {
  const { api, host } = await hostApi(context);
  const opened = host.next();
  const first = new Connection(api, 'target=shop');
  const terminal = await opened;
  const { session } = await first.open();
  terminal.show('0123456789');
  await first.until(() => first.bytes === 10);
  first.send({ type: 'seen', bytes: 4 });
  first.socket.send(Buffer.from('x'));
  await terminal.has('typed x');
  first.socket.terminate();
  await first.closed;
  terminal.show('abc');
  const second = new Connection(api, `session=${session}`);
  assert.equal((await second.open()).from, 4);
  await second.until(() => second.bytes === 9);
  assert.equal(second.shown, '456789abc');
  const third = new Connection(api, `session=${session}`);
  assert.equal(await second.closed, 4409, 'it is shown in one place');
  await third.open();
  terminal.screen.ended(0, '');
  await third.closed;
  assert.match(await refusal(new Connection(api, `session=${session}`)), /^404 This terminal is over/);
});

test('nobody else gets it, and one that is closed or left for too long is ended', async (context) => {
  const { api, host } = await hostApi(context, 0);
  const opened = host.next();
  const ana = new Connection(api, 'target=shop');
  const terminal = await opened;
  const { session } = await ana.open();
  assert.match(
    await refusal(new Connection(api, `session=${session}`, 'dora')),
    /^404 This terminal is over/,
  );
  ana.socket.terminate();
  await terminal.has('close');
  assert.match(await refusal(new Connection(api, `session=${session}`)), /^404/);
  const again = host.next();
  const other = new Connection(api, 'target=shop&account=root');
  const closed = await again;
  await other.open();
  other.send({ type: 'close' });
  await closed.has('close');
  assert.equal(await other.closed, 1000);
});

test('a client that takes nothing stops the host, and lets it go on when it has caught up', async (context) => {
  const { api, host } = await hostApi(context);
  const opened = host.next();
  const ana = new Connection(api, 'target=shop');
  const terminal = await opened;
  await ana.open();
  const half = 'x'.repeat(TERMINAL_WINDOW_BYTES / 2);
  assert.equal(terminal.show(half), true);
  assert.equal(terminal.show(half), false);
  await ana.until(() => ana.bytes === TERMINAL_WINDOW_BYTES);
  ana.send({ type: 'seen', bytes: TERMINAL_WINDOW_BYTES });
  await terminal.has('drained');
  assert.equal(terminal.show('y'), true);
  ana.send({ type: 'seen', bytes: TERMINAL_WINDOW_BYTES * 2 });
  assert.equal(await ana.closed, 1008, 'nobody has seen what was never shown');
});

test('what a program does not take yet waits for it, in its order and within bounds; acknowledging goes on', async (context) => {
  const { api, host } = await hostApi(context);
  const opened = host.next();
  const ana = new Connection(api, 'target=shop');
  const terminal = await opened;
  await ana.open();
  terminal.screen.pause();
  const frame = Buffer.alloc(TERMINAL_FRAME_BYTES, 'x');
  for (let count = 0; count < 17; count += 1) ana.socket.send(frame);
  await ana.until(() => ana.shown === '\x07');
  ana.send({ type: 'seen', bytes: 1 });
  ana.send({ type: 'resize', columns: 90, rows: 20 });
  await terminal.has('resize 90x20');
  assert.deepEqual(terminal.notes, ['resize 90x20']);
  terminal.screen.resume();
  assert.equal(terminal.notes.length, 17);
  ana.socket.send(Buffer.from('y'));
  await terminal.has('typed y');
});

test('what can not be opened says why: no such host, account, room or right', async (context) => {
  const { api } = await hostApi(context);
  assert.match(await refusal(new Connection(api, 'columns=3')), /^400 The address names no terminal/);
  assert.match(await refusal(new Connection(api, 'target=other')), /^404 There is no host called other/);
  assert.match(await refusal(new Connection(api, 'target=shop&account=me')), /^400 shop has no account me/);
  assert.match(await refusal(new Connection(api, 'target=shop', 'ana.page')), /^403/);
  await new Connection(api, 'target=shop').open();
  await new Connection(api, 'target=shop').open();
  assert.match(await refusal(new Connection(api, 'target=shop')), /^400 You have 2/);
});
