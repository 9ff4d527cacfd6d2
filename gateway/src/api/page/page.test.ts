import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { approvalsInMemory } from '../../core/approvals/approvals.fixture.ts';
import { ASK, draft } from '../a-draft.fixture.ts';
import { person, testApi } from '../api.fixture.ts';

const ANA = person('ana', ['developers']);

async function bench(context: TestContext, pageScript: string | null = 'run();') {
  const approvals = approvalsInMemory();
  context.after(() => approvals.close());
  const api = await testApi(context, undefined, undefined, { approvals, pageScript });
  const card = async (who: string, id: string) => api.get(`/requests/${id}/card`, who);
  return { approvals, api, card };
}

test('the page is the same for everybody, knows nothing, and runs its own script alone', async (context) => {
  const { approvals, api } = await bench(context);
  const { id } = await approvals.ask(draft(ANA, 'secret note'));
  const response = await fetch(`${api.url}/requests/${id}`);
  assert.equal(response.status, 200);
  const text = await response.text();
  const policy = response.headers.get('content-security-policy') ?? '';
  const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
  assert.ok(nonce.length > 16);
  assert.match(policy, /^default-src 'none';.*form-action 'none'; base-uri 'none'; frame-ancestors 'none'$/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.doesNotMatch(text, /secret note|update customers| on[a-z]+=/);
  assert.deepEqual(
    [...text.matchAll(/<script[^>]*>/g)].map(([tag]) => tag),
    [`<script type="module" nonce="${nonce}" src="/requests/page.js">`],
  );
  const again = await fetch(`${api.url}/requests/no-such-request`);
  assert.notEqual(again.headers.get('content-security-policy'), policy, 'a nonce is used once');
  assert.equal((await again.text()).replace(/nonce="[^"]*"/g, ''), text.replace(/nonce="[^"]*"/g, ''));
  const script = await fetch(`${api.url}/requests/page.js`);
  assert.match(script.headers.get('content-type') ?? '', /^text\/javascript/);
  assert.equal(await script.text(), 'run();');
});

test('without its script the page says how to decide elsewhere', async (context) => {
  const { api } = await bench(context, null);
  assert.match(String((await api.get('/requests/x')).body), /Decide in the editor, or with: sluice approve/);
  assert.equal((await api.get('/requests/page.js')).status, 404);
});

test('a card is for who may see the request, with what they may do', async (context) => {
  const { approvals, card } = await bench(context);
  const { id, effect } = await approvals.ask({ ...draft(ANA, 'one'), reason: 'wrong note' });
  const forms = async (who: string) =>
    [...String((await card(who, id)).body).matchAll(/data-act="([^"]+)"/g)].map(([, act]) => act);
  assert.deepEqual(await forms('dora'), ['approve', 'deny', 'remark']);
  assert.deepEqual(await forms('ana'), ['remark', 'withdraw']);
  assert.deepEqual(await forms('audrey'), []);
  const { body } = await card('dora', id);
  assert.match(String(body), new RegExp(`data-effect="${effect}"`));
  assert.match(String(body), /update customers set note = &#39;one&#39; where id = 1/);
  assert.match(String(body), /wrong note/);
  assert.match(String(body), /<option value="600">It and its like, for 10 minutes<\/option>/);
  assert.equal((await card('nia', id)).status, 404);
  assert.equal((await card('dora', 'no-such-request')).status, 404);
  assert.equal((await card('made-up', id)).status, 401);
});

test('what people write is text, and shows what would not show itself', async (context) => {
  const { approvals, card } = await bench(context);
  const evil = '</pre><script>alert(1)</script>\u202e"\'';
  const made = draft({ ...ANA, name: '<img src=x onerror=alert(1)>' }, 'x', [
    { ...ASK, windowSeconds: null },
  ]);
  const { id } = await approvals.ask({
    ...made,
    wanted: { kind: 'statement', statement: evil, parameters: ['<b>', null] },
    reason: '<i>why</i>',
  });
  const text = String((await card('dora', id)).body);
  assert.doesNotMatch(text, /<script|<img|<i>|<b>|\u202e/);
  assert.match(
    text,
    /&#60;script&#62;alert\(1\)&#60;\/script&#62;\\u\{202e\}&#34;&#39;\n\$1 = &#60;b&#62;\n\$2 = NULL/,
  );
  assert.doesNotMatch(text, /windowSeconds/);
});

test('it only takes GET, and nothing else is there', async (context) => {
  const { api } = await bench(context);
  assert.equal((await api.get('/requests/x', undefined, { method: 'POST' })).status, 405);
  for (const path of ['/requests/', '/requests/x/y', '/requests/x/card/y']) {
    assert.equal((await api.get(path)).status, 404, path);
  }
  assert.equal(
    (await api.get('/requests/x', undefined, { headers: { origin: 'https://evil.example' } })).status,
    400,
  );
});
