import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Endpoint } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { requestEndpoints } from '../../contract/request-endpoints.ts';
import { testApi } from './api.fixture.ts';

/** Every endpoint of the table, as nobody, with less than a whole sign-in, and as somebody who is of no such group. */

/** What endpoints of administrators and auditors are asked with, so that nothing but who asks is wrong. */
const VALID: Record<string, { params?: Record<string, string>; body?: object }> = {
  deadLetters: {},
  auditCheckpoint: {},
  rotateAuditKey: { body: { reason: 'x' } },
  purge: { body: { before: '2026-01-01T00:00:00Z', reason: 'x' } },
  legalHolds: {},
  placeHold: { body: { name: 'case-1', of: { kind: 'target', value: 'shop' }, reason: 'x' } },
  liftHold: { params: { name: 'case-1' }, body: { reason: 'x' } },
  policyReplay: { body: { documents: [] } },
  policyReplaySteps: { body: { documents: [] } },
  policyWho: { params: { target: 'shop', table: 'customers' } },
  policyWhat: { params: { target: 'shop', person: 'ana' } },
  policyVersions: {},
  policyVersion: { params: { version: 'abcdef' } },
  coverage: {},
  policyCheck: { body: { documents: [{ file: 'a.yaml', text: 'version: 1' }] } },
  policyTouches: { body: { documents: [{ file: 'a.yaml', text: 'version: 1' }], file: 'a.yaml', path: [] } },
  policyNames: {},
  policyTargetNames: { params: { target: 'shop' } },
};
/** These answer everybody, each about what is theirs: their own tests say so. */
const OF_SESSIONS = ['endSession', 'lockSession', 'unlockSession', 'recording'];

async function asked(context: TestContext) {
  const api = await testApi(context);
  return async (name: string, endpoint: Endpoint, token?: string): Promise<number> => {
    const { params = {}, body = {} } = VALID[name] ?? {};
    const path = endpoint.path.replace(/\{(\w+)\}/g, (_, part: string) => params[part] ?? 'shop');
    const query = endpoint.method === 'GET' ? `?${new URLSearchParams(params)}` : '';
    const post = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const { status } = await api.get(path + query, token, endpoint.method === 'POST' ? post : {});
    return status;
  };
}

const table = Object.entries<Endpoint>(endpoints);

test('who has not signed in gets nothing but what says where to', async (context) => {
  const ask = await asked(context);
  for (const [name, endpoint] of table) {
    const wanted = name === 'hello' ? 200 : 401;
    assert.deepEqual([name, await ask(name, endpoint)], [name, wanted]);
    if (wanted === 401) assert.deepEqual([name, await ask(name, endpoint, 'nobody')], [name, 401]);
  }
});

test('a sign-in of the approval page is good for requests alone', async (context) => {
  const ask = await asked(context);
  for (const [name, endpoint] of table) {
    if (name === 'hello' || name === 'me' || name in requestEndpoints) continue;
    assert.deepEqual([name, await ask(name, endpoint, 'ana.page')], [name, 403]);
  }
});

test('what is for administrators and auditors is for nobody else', async (context) => {
  const ask = await asked(context);
  const guarded = table.filter(
    ([name, { errors }]) => errors.includes('identity.forbidden') && !OF_SESSIONS.includes(name),
  );
  assert.deepEqual(guarded.map(([name]) => name).toSorted(), Object.keys(VALID).toSorted());
  for (const [name, endpoint] of guarded) {
    for (const token of ['ana', 'nia', 'dora']) {
      assert.deepEqual([name, token, await ask(name, endpoint, token)], [name, token, 403]);
    }
  }
});
