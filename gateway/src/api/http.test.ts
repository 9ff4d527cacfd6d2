import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { ErrorBody } from '../../contract/error.ts';
import { aRecord } from '../adapters/store/a-record.fixture.ts';
import { testApi } from './api.fixture.ts';
import { newHttpServer } from './server.ts';

const codeOf = (body: unknown) => ErrorBody.parse(body).code;

test('hello needs no sign-in; everything else does', async (context) => {
  const api = await testApi(context);
  assert.equal((await api.get('/v1/hello')).status, 200);
  const refused = await api.get('/v1/me');
  assert.deepEqual([refused.status, codeOf(refused.body)], [401, 'identity.signInRequired']);
  const unknown = await api.get('/v1/me', 'made-up');
  assert.deepEqual([unknown.status, codeOf(unknown.body)], [401, 'identity.tokenInvalid']);
});

test('a revoked sign-in counts for nothing from the next request on', async (context) => {
  const api = await testApi(context);
  assert.equal((await api.get('/v1/me', 'ana')).status, 200);
  api.signIns.get('ana')?.revoke();
  assert.equal((await api.get('/v1/me', 'ana')).status, 401);
});

test('a target that one may not use is as unknown as one that is not there', async (context) => {
  const api = await testApi(context);
  const { body } = await api.get('/v1/targets', 'ana');
  assert.deepEqual(body, { targets: [{ name: 'shop', kind: 'postgres', labels: {} }] });
  const hidden = await api.get('/v1/targets/hidden/catalogue', 'ana');
  const absent = await api.get('/v1/targets/absent/catalogue', 'ana');
  assert.deepEqual([hidden.status, codeOf(hidden.body)], [404, 'target.unknown']);
  assert.deepEqual([absent.status, codeOf(absent.body)], [404, 'target.unknown']);
});

test('a token of the approval page is good for requests alone', async (context) => {
  const api = await testApi(context);
  assert.equal((await api.get('/v1/requests', 'ana.page')).status, 200);
  assert.equal((await api.get('/v1/me', 'ana.page')).status, 200);
  for (const path of ['/v1/targets', '/v1/records', '/v1/targets/shop/catalogue']) {
    assert.equal((await api.get(path, 'ana.page')).status, 403, path);
  }
  const credential = await api.get('/v1/targets/shop/credentials', 'ana.page', { method: 'POST' });
  assert.equal(credential.status, 403);
  const socket = api.channel('ana.page');
  socket.on('error', () => undefined);
  const [, response] = await once(socket, 'unexpected-response');
  assert.equal(response.statusCode, 403);
  socket.terminate();
});

test('a credential for other clients is minted for a person', async (context) => {
  const api = await testApi(context);
  const { status, body } = await api.get('/v1/targets/shop/credentials', 'ana', { method: 'POST' });
  assert.equal(status, 200);
  assert.deepEqual(body, {
    user: 'ana-1',
    password: 'swordfish',
    database: 'shop',
    host: '127.0.0.1',
    port: 5433,
    caCertificate: 'PEM',
    expiresAt: '1970-01-01T00:00:00.000Z',
  });
});

test("records: one's own, and everybody's for auditors", async (context) => {
  const api = await testApi(context);
  await api.get('/v1/records?limit=5&target=shop&principal=person:dora&outcome=held', 'ana');
  await api.get('/v1/records', 'audrey');
  assert.deepEqual(api.recordQueries, [
    {
      principal: 'person:ana',
      search: { principal: 'person:dora', outcome: 'held' },
      target: 'shop',
      before: null,
      limit: 5,
    },
    { principal: null, search: {}, target: null, before: null, limit: 100 },
  ]);
  assert.equal((await api.get('/v1/records?outcome=gone', 'ana')).status, 400);
});

test('what an answer held comes with its record only when it is asked for', async (context) => {
  const api = await testApi(context);
  const outcome = { status: 'done', sqlState: null, rows: 1, bytes: 9, durationMs: 1 } as const;
  const answer = { columns: ['id'], rows: [['1']], isCut: false };
  api.records.push(aRecord(1, { outcome: { ...outcome, answer } }));
  const outcomeOf = async (query: string) => (await api.get(`/v1/records${query}`, 'ana')).body;
  assert.deepEqual(await outcomeOf(''), { records: [aRecord(1, { outcome })], next: null });
  const whole = { records: [aRecord(1, { outcome: { ...outcome, answer } })], next: null };
  assert.deepEqual(await outcomeOf('?answers=include'), whole);
});

test('what does not parse is refused with a code and a sentence', async (context) => {
  const api = await testApi(context);
  const post = (body: string, type = 'application/json') =>
    api.get('/v1/targets/shop/verdicts', 'ana', { method: 'POST', body, headers: { 'content-type': type } });
  assert.equal((await post('{"text": "select 1"}')).status, 200);
  for (const wrong of [post('{"text": 7}'), post('{'), post('text=1', 'application/x-www-form-urlencoded')]) {
    const { status, body } = await wrong;
    assert.deepEqual([status, codeOf(body)], [400, 'request.invalid']);
  }
  const badLimit = await api.get('/v1/records?limit=many', 'ana');
  assert.equal(badLimit.status, 400);
});

test('a body over the limit is refused', async (context) => {
  const api = await testApi(context);
  const body = JSON.stringify({ text: 'x'.repeat(200_000) });
  const headers = { 'content-type': 'application/json' };
  const { status } = await api.get('/v1/targets/shop/verdicts', 'ana', { method: 'POST', body, headers });
  assert.equal(status, 413);
});

test('an unknown path and another method are told apart', async (context) => {
  const api = await testApi(context);
  assert.equal((await api.get('/v1/nothing', 'ana')).status, 404);
  assert.equal((await api.get('/v1/me', 'ana', { method: 'POST' })).status, 405);
  assert.equal((await api.get('/v1/targets/%zz/catalogue', 'ana')).status, 400);
});

test('a name that is not the gateway’s, and another page’s origin, are refused', async (context) => {
  const api = await testApi(context);
  const { port } = new URL(api.url);
  const statusWith = (headers: Record<string, string>) =>
    new Promise((resolve) => {
      request({ host: '127.0.0.1', port, path: '/v1/hello', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
  assert.equal(await statusWith({ host: `localhost:${port}` }), 200);
  assert.equal(await statusWith({ host: `rebound.example:${port}` }), 400);
  assert.equal(await statusWith({ host: `x@localhost:${port}` }), 400);
  assert.equal(await statusWith({ origin: 'https://evil.example' }), 400);
  assert.equal(await statusWith({ origin: 'null' }), 400);
});

test('a request target that is no path is refused, and is no fault of the gateway', async (context) => {
  const api = await testApi(context);
  const { port, hostname } = new URL(api.url);
  for (const path of ['//', '//evil/x', 'http://[', '/v1/%', '/\\evil']) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ host: hostname, port, path }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    assert.equal(status, 400, path);
  }
});

test('a gateway that listens and is not ready yet says so, and keeps nobody waiting', async (context) => {
  const server = newHttpServer(null).listen(0, '127.0.0.1');
  context.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const answer = await fetch(`http://127.0.0.1:${address.port}/v1/hello`);
  assert.equal(answer.status, 503);
  assert.match(ErrorBody.parse(await answer.json()).message, /starting/);
});
