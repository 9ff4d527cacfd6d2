import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { ShownRequest } from '../../gateway/contract/approval-request.ts';
import { endpoints } from '../../gateway/contract/endpoints.ts';
import {
  REQUEST_CHANNEL_PATH,
  REQUEST_CHANNEL_SUBPROTOCOL,
  RequestEvent,
} from '../../gateway/contract/request-endpoints.ts';
import { Channel, type GovernedShop, governedShop, Person } from './gateway.fixture.ts';

/** Deletes ask; Adam, an administrator, stands in for the group that is asked. */
function policyFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'sluice-policy-')), 'policy.yaml');
  writeFileSync(
    file,
    `version: 1
delegations:
  - { group: dba, to: [adam@shop.example], from: 2020-01-01, until: 2100-01-01, owner: o, because: holidays }
rules:
  - { id: read, owner: o, who: everyone, on: { targets: [shop] }, doing: [select], then: allow, because: b }
  - id: deletes-ask
    owner: dba@shop.example
    who: { groups: [developers] }
    on: { targets: [shop] }
    doing: [delete]
    then: { approve: { by: [dba], breakGlass: [developers] } }
    because: What is deleted does not come back.
`,
  );
  return file;
}

/** A statement held on its way to a real database, decided by somebody else over the API. */

let shop: GovernedShop;
const hooks = createServer();
const posted: string[] = [];

before(async () => {
  hooks.on('request', (request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      posted.push(JSON.parse(body).event);
      hooks.emit('posted');
      response.end();
    });
  });
  await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
  const { port } = hooks.address() as AddressInfo;
  shop = await governedShop(
    `
webhooks: [{name: hook, url: "http://127.0.0.1:${port}/", secret: {value: swordfish-swordfish}}]`,
    policyFile(),
  );
});
after(async () => {
  await shop.close();
  hooks.close();
});

const signedIn = (name: string) => new Person(`${name}@shop.example`, shop.gateway).token();

/** The requests that somebody sees, one event after the other. */
function watching(token: string) {
  const url = shop.gateway.url.replace('http', 'ws') + REQUEST_CHANNEL_PATH;
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(url, REQUEST_CHANNEL_SUBPROTOCOL, { headers });
  const events: RequestEvent[] = [];
  let wake: () => void = () => undefined;
  socket.on('message', (data) => {
    events.push(RequestEvent.parse(JSON.parse(String(data))));
    wake();
  });
  const until = async (wanted: (shown: ShownRequest) => boolean): Promise<ShownRequest> => {
    for (;;) {
      const event = events.shift();
      if (event?.type === 'request' && wanted(event.shown)) return event.shown;
      if (event === undefined) await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { socket, until };
}

async function post(token: string, path: string, body: unknown): Promise<ShownRequest> {
  const response = await fetch(`${shop.gateway.url}/v1/requests${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const json: unknown = await response.json();
  assert.equal(response.status, 200, JSON.stringify(json));
  return ShownRequest.parse(json);
}

const tagOf = (events: ReadonlyArray<{ type: string; tag?: string }>) =>
  events.find(({ type }) => type === 'complete')?.tag;

test('held, shown to who may decide, approved, and it runs; a webhook was told both', async () => {
  const [ana, dana] = await Promise.all([signedIn('ana'), signedIn('dana')]);
  const desk = watching(dana);
  const channel = new Channel(shop.gateway, ana);
  const run = channel.run('delete from order_items where order_id = 7');
  const { request, acts } = await desk.until(({ request: { status } }) => status === 'pending');
  assert.ok(acts.includes('approve'));
  assert.equal(request.requester.id, 'person:ana@shop.example');
  const bounds = { maxRows: 1000, windowSeconds: null };
  await post(dana, `/${request.id}/approve`, { effect: request.effect, bounds });
  assert.match(tagOf((await run).events) ?? '', /^DELETE [1-9]/);
  await desk.until(({ request: { status } }) => status === 'used');
  for (const event of ['made', 'decided']) assert.ok(await arrived(event), `${event}: ${posted.join()}`);
  desk.socket.close();
  channel.socket.close();
});

test('a narrower statement that was proposed runs without asking again, once', async () => {
  const [ana, dana] = await Promise.all([signedIn('ana'), signedIn('dana')]);
  const desk = watching(dana);
  const channel = new Channel(shop.gateway, ana);
  const run = channel.run('delete from order_items where order_id > 20');
  const { request } = await desk.until(({ request: { status } }) => status === 'pending');
  const statement = 'delete from order_items where order_id = 21';
  const proposed = await post(dana, `/${request.id}/propose`, { effect: request.effect, statement });
  assert.equal(proposed.request.proposal?.statement, statement);
  await post(ana, `/${request.id}/withdraw`, {});
  await run;
  assert.match(tagOf((await channel.run(statement)).events) ?? '', /^DELETE/);
  const again = channel.run(statement);
  const second = await desk.until(({ request: { status, id } }) => status === 'pending' && id !== request.id);
  assert.deepEqual(second.request.votes, []);
  await post(ana, `/${second.request.id}/withdraw`, {});
  await again;
  desk.socket.close();
  channel.socket.close();
});

test('what was asked for beforehand, and approved on the command line, runs at once', async () => {
  const ana = await signedIn('ana');
  const dana = new Person('dana@shop.example', shop.gateway);
  const statement = 'delete from order_items where order_id = 8';
  const { request } = await post(ana, '', {
    kind: 'statement',
    target: 'shop',
    statement,
    reason: 'planned',
  });
  const listed = await dana.sluice(['requests']);
  assert.match(listed.out, /delete from order_items where order_id = 8/);
  const { exit, out } = await dana.sluice(['approve', request.id.slice(-8), '--max-rows', '1000']);
  assert.equal(exit, 0, dana.said.join('\n'));
  assert.match(out, /approved by Dana/);
  const channel = new Channel(shop.gateway, ana);
  assert.match(tagOf((await channel.run(statement)).events) ?? '', /^DELETE/);
  channel.socket.close();
});

test('who stands in for a group decides for it', async () => {
  const [ana, adam] = await Promise.all([signedIn('ana'), signedIn('adam')]);
  const desk = watching(adam);
  const channel = new Channel(shop.gateway, ana);
  const run = channel.run('delete from order_items where order_id = 40');
  const { request } = await desk.until(({ request: { status } }) => status === 'pending');
  const decided = await post(adam, `/${request.id}/deny`, { effect: request.effect, reason: 'not today' });
  assert.deepEqual(decided.request.votes[0]?.groups, ['dba']);
  const failed = (await run).events.find(({ type }) => type === 'failed');
  assert.match(failed?.type === 'failed' ? failed.error.message : '', /Denied by Adam.*: not today/);
  desk.socket.close();
  channel.socket.close();
});

test('glass that is broken runs it at once, tells everybody, and waits for a review', async () => {
  const [ana, dana] = await Promise.all([signedIn('ana'), signedIn('dana')]);
  const desk = watching(dana);
  const channel = new Channel(shop.gateway, ana);
  const run = channel.run('delete from order_items where order_id = 41');
  const { request } = await desk.until(({ request: { status } }) => status === 'pending');
  await post(ana, `/${request.id}/break-glass`, { reason: 'the shop is down' });
  assert.match(tagOf((await run).events) ?? '', /^DELETE/);
  const broken = await desk.until(({ request: { status } }) => status === 'brokenGlass');
  assert.deepEqual(broken.acts, ['review']);
  assert.ok(await arrived('brokenGlass'));
  const response = await fetch(`${shop.gateway.url}/v1/records`, {
    headers: { authorization: `Bearer ${ana}` },
  });
  const { records } = endpoints.records.reply.parse(await response.json());
  const record = records.find(({ statement }) => statement.endsWith('order_id = 41'));
  assert.deepEqual(
    [record?.decision.approval?.request, record?.decision.approval?.brokenGlass],
    [request.id, true],
  );
  assert.equal((await post(dana, `/${request.id}/review`, {})).request.status, 'reviewed');
  desk.socket.close();
  channel.socket.close();
});

/** Whether a message about this has come; looks as often as others come. */
async function arrived(event: string): Promise<boolean> {
  while (!posted.includes(event)) await new Promise((resolve) => hooks.once('posted', resolve));
  return true;
}

test('what was asked for beforehand can be answered with a narrower statement too', async () => {
  const [ana, dana] = await Promise.all([signedIn('ana'), signedIn('dana')]);
  const asked = {
    kind: 'statement',
    target: 'shop',
    statement: 'delete from order_items where order_id > 30',
    reason: '',
  };
  const { request } = await post(ana, '', asked);
  const statement = 'delete from order_items where order_id = 31';
  await post(dana, `/${request.id}/propose`, { effect: request.effect, statement });
  const channel = new Channel(shop.gateway, ana);
  assert.match(tagOf((await channel.run(statement)).events) ?? '', /^DELETE/);
  channel.socket.close();
});
