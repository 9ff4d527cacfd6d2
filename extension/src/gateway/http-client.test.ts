import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SluiceError } from '../../../gateway/contract/error.ts';
import { CONTRACT_VERSION } from '../../../gateway/contract/hello.ts';
import { GatewayConnection, remoteSource } from './connection.ts';
import { type FixtureGateway, HELLO, startGateway } from './gateway.fixture.ts';
import { HttpClient } from './http-client.ts';

let gateway: FixtureGateway;
let token: string | null = 'good';
let client: HttpClient;
before(async () => {
  gateway = await startGateway();
  client = new HttpClient({ url: `${gateway.url}/`, token: async () => token });
});
after(() => gateway.close());

const code = (wanted: string) => (error: unknown) => error instanceof SluiceError && error.code === wanted;

test('parameters go into the path and the query, the token into the header', async () => {
  let asked = '';
  gateway.answers.set('GET /v1/records', (request) => {
    asked = `${request.url} ${request.headers.authorization}`;
    return { json: { records: [], next: null } };
  });
  await client.ask('records', { params: { target: 'shop' as never, limit: 5 } });
  assert.equal(asked, '/v1/records?target=shop&answers=leaveOut&limit=5 Bearer good');
});

test('the gateway’s refusals arrive with their code', async () => {
  gateway.answers.set('POST /v1/targets/shop/verdicts', () => ({
    status: 502,
    json: { code: 'target.unreachable', message: 'shop does not answer.', next: 'Ask its owner.' },
  }));
  await assert.rejects(
    client.ask('verdicts', { params: { target: 'shop' as never }, body: { text: 'select 1' } }),
    code('target.unreachable'),
  );
});

test('a reply that does not parse is a mismatch, never a guess', async () => {
  gateway.answers.set('GET /v1/targets', () => ({ json: { targets: [{ name: 'Not A Name' }] } }));
  await assert.rejects(client.ask('targets'), code('contract.mismatch'));
});

test('signed out: nothing is sent', async () => {
  token = null;
  await assert.rejects(client.ask('me'), code('identity.signInRequired'));
  token = 'good';
});

test('no gateway: said so', async () => {
  const nobody = new HttpClient({ url: 'http://127.0.0.1:1', token: async () => 'x' });
  await assert.rejects(nobody.ask('hello'), code('target.unreachable'));
});

test('a connection says ready, mismatch and unreachable, each in words', async () => {
  const connection = new GatewayConnection(async () => token);
  await connection.use(remoteSource(gateway.url));
  assert.equal((await connection.settled()).kind, 'ready');
  gateway.answers.set('GET /v1/hello', () => ({ json: { ...HELLO, contract: CONTRACT_VERSION + 1 } }));
  await connection.refresh();
  const mismatch = connection.state.value;
  assert.ok(mismatch.kind === 'mismatch' && mismatch.error.next === 'Update the extension.');
  await connection.use(remoteSource('http://127.0.0.1:1'));
  assert.equal((await connection.settled()).kind, 'unreachable');
  await assert.rejects(connection.client(), code('target.unreachable'));
  await connection.stop();
});

test('a gateway that goes away is noticed by the next question, and followed until it is back', async () => {
  const lost = await startGateway();
  const connection = new GatewayConnection(async () => 'good');
  const seen: string[] = [];
  connection.state.follow((state) => seen.push(state.kind));
  await connection.use(remoteSource(lost.url));
  const asked = await (await settledClient(connection)).ask('hello');
  assert.equal(asked.product, 'sluice');
  await connection.refresh();
  assert.deepEqual(seen, ['off', 'starting', 'ready'], 'the same gateway again is no news');
  await lost.close();
  await assert.rejects((await connection.client()).ask('hello'), code('target.unreachable'));
  while (connection.state.value.kind === 'ready') await new Promise((turn) => setImmediate(turn));
  assert.equal(seen.at(-1), 'unreachable');
  await connection.stop();
});

async function settledClient(connection: GatewayConnection): Promise<HttpClient> {
  await connection.settled();
  return connection.client();
}
