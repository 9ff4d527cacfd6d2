import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { z } from 'zod';
import { ShownRequest } from '../../contract/approval-request.ts';
import { ErrorBody } from '../../contract/error.ts';
import { EffectHash } from '../../contract/ids.ts';
import { type Impact, onlySummary } from '../../contract/impact.ts';
import { approvalsInMemory } from '../core/approvals/approvals.fixture.ts';
import type { Drafted, GovernedTarget } from '../core/flow/governed-target.ts';
import { ASK, draft } from './a-draft.fixture.ts';
import { person, SHOP, targetOf, testApi } from './api.fixture.ts';
import { ScriptedHost } from './terminal/scripted-host.fixture.ts';

const ANA = person('ana', ['developers']);
const Listed = z.object({ requests: z.array(ShownRequest) });
const IMPACT: Impact = { ...onlySummary('Changes 1 row.'), rows: { rows: 1, how: 'counted' } };

/** What a text would ask for: a select nothing. */
function drafted(text: string): Drafted {
  if (text.startsWith('select')) return { kind: 'free', statement: text };
  return { kind: 'draft', draft: draft(ANA, text) };
}

async function bench(context: TestContext) {
  const approvals = approvalsInMemory();
  context.after(() => approvals.close());
  const described = Promise.withResolvers<void>();
  approvals.watch(({ impact }) => {
    if (impact !== null) described.resolve();
  });
  const target: GovernedTarget = {
    ...targetOf(SHOP),
    draftOf: async (_principal, text) => drafted(text),
    draftInstead: async (_request, text) => drafted(text),
    impactOf: async () => IMPACT,
  };
  const api = await testApi(context, undefined, undefined, { approvals, targets: new Map([[SHOP, target]]) });
  const post = async (who: string, path: string, body: unknown) => {
    const init = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    };
    return api.get(`/v1/requests${path}`, who, init);
  };
  const acted = async (who: string, path: string, body: unknown) => {
    const answer = await post(who, path, body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return ShownRequest.parse(answer.body);
  };
  const refused = async (who: string, path: string, body: unknown, status = 409) => {
    const answer = await post(who, path, body);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    return ErrorBody.parse(answer.body).message;
  };
  const list = async (who: string, query = '') =>
    Listed.parse((await api.get(`/v1/requests${query}`, who)).body).requests;
  return { approvals, api, acted, refused, list, described: described.promise };
}

test('asking beforehand makes a request, computes what it would do, and asks once for one thing', async (context) => {
  const { approvals, acted, described } = await bench(context);
  const wanted = { kind: 'statement', target: 'shop', statement: 'update', reason: 'why', ticket: 'T-1' };
  const { request, acts } = await acted('ana', '', wanted);
  assert.deepEqual([request.reason, request.ticket, request.status], ['why', 'T-1', 'pending']);
  assert.deepEqual(acts, ['remark', 'explain', 'withdraw']);
  await described;
  assert.equal(approvals.get(request.id)?.impact?.summary, 'Changes 1 row.');
  assert.equal((await acted('ana', '', wanted)).request.id, request.id);
});

test('what needs no approval, and a target that one may not use, are refused', async (context) => {
  const { refused, approvals } = await bench(context);
  const wanted = { kind: 'statement', target: 'shop', statement: 'select 1', reason: '' };
  assert.match(await refused('ana', '', wanted), /needs no approval/);
  await refused('ana', '', { ...wanted, target: 'hidden' }, 404);
  const columns = [{ schema: 'public', relation: 'customers', column: 'email' }];
  const unmask = { kind: 'unmask', target: 'shop', columns, forSeconds: 60, reason: '' };
  assert.match(await refused('ana', '', unmask), /None of these columns is masked for you/);
  await refused('ana', '', { kind: 'drop' }, 400);
  assert.deepEqual(approvals.list(), []);
});

test('nobody has more than so many requests waiting that they asked for beforehand', async (context) => {
  const { approvals, refused } = await bench(context);
  for (let at = 0; at < 50; at += 1) await approvals.ask(draft(ANA, `number ${at}`));
  const wanted = { kind: 'statement', target: 'shop', statement: 'update', reason: '' };
  assert.match(await refused('ana', '', wanted), /50 requests of yours wait already/);
});

test('the list: one’s own and those that one decides on; auditors see all and do nothing', async (context) => {
  const { approvals, list, api } = await bench(context);
  const mine = await approvals.ask(draft(ANA, 'one'));
  const gone = await approvals.ask(draft(ANA, 'gone'));
  await approvals.act(gone.id, { act: 'withdraw' }, { principal: ANA, groups: [] });
  const ids = async (who: string, query = '') => (await list(who, query)).map(({ request }) => request.id);
  assert.deepEqual(await ids('ana'), [mine.id]);
  assert.deepEqual(await ids('dora', '?status=all'), [gone.id, mine.id]);
  assert.deepEqual(await ids('nia', '?status=all'), []);
  const [audited] = await list('audrey');
  assert.equal(audited?.request.id, mine.id);
  assert.deepEqual(audited?.acts, []);
  assert.equal((await api.get(`/v1/requests/${mine.id}`, 'audrey')).status, 200);
  assert.equal((await api.get(`/v1/requests/${mine.id}`, 'nia')).status, 404);
});

/** Every act, who may do it, who may not and why, and who is told that there is no such request. */
const ACTS = [
  { act: 'approve', by: 'dora', wrong: { ana: /a request of their own/, audrey: /in none of the groups/ } },
  { act: 'deny', by: 'dora', wrong: { ana: /a request of their own/, audrey: /in none of the groups/ } },
  { act: 'propose', by: 'dora', wrong: { ana: /a request of their own/, audrey: /in none of the groups/ } },
  { act: 'remark', by: 'dora', wrong: { audrey: /Only the requester and those who may decide/ } },
  { act: 'explain', by: 'ana', wrong: { dora: /Only ana/, audrey: /Only ana/ } },
  { act: 'withdraw', by: 'ana', wrong: { dora: /Only ana/, audrey: /Only ana/ } },
  { act: 'break-glass', by: 'ana', wrong: { dora: /No rule lets you/, audrey: /No rule lets you/ } },
] as const;

for (const { act, by, wrong } of ACTS) {
  test(`${act}: by whom it may, and by nobody else`, async (context) => {
    const { approvals, acted, refused } = await bench(context);
    const asks = [{ ...ASK, breakGlass: ['developers'] }];
    const { id, effect, revision } = await approvals.ask(draft(ANA, 'one', asks));
    const body = { effect, reason: 'because', text: 'why?', statement: 'update less' };
    for (const [who, why] of Object.entries(wrong)) {
      assert.match(await refused(who, `/${id}/${act}`, body), why);
    }
    assert.match(await refused('nia', `/${id}/${act}`, body, 404), /no such request/);
    await refused('made-up', `/${id}/${act}`, body, 401);
    await refused(by, `/no-such-id/${act}`, body, 404);
    assert.equal(approvals.get(id)?.revision, revision);
    assert.equal((await acted(by, `/${id}/${act}`, body)).request.revision, revision + 1);
  });
}

test('review: by somebody who could have decided, not by who broke the glass', async (context) => {
  const { approvals, acted, refused, list } = await bench(context);
  const asks = [{ ...ASK, breakGlass: ['developers'] }];
  const { id } = await approvals.ask(draft(ANA, 'one', asks));
  assert.match(await refused('dora', `/${id}/review`, {}), /Nothing was changed: the request waits/);
  assert.equal((await acted('ana', `/${id}/break-glass`, { reason: 'fire' })).request.status, 'brokenGlass');
  assert.deepEqual(
    (await list('dora')).map(({ request, acts }) => [request.status, acts]),
    [['brokenGlass', ['review']]],
  );
  assert.match(await refused('ana', `/${id}/review`, {}), /a request of their own/);
  assert.match(await refused('audrey', `/${id}/review`, {}), /in none of the groups/);
  assert.equal((await acted('dora', `/${id}/review`, { reason: 'fine' })).request.status, 'reviewed');
  assert.deepEqual(await list('dora'), []);
});

test('two approvals at once count once, and a call made again changes nothing', async (context) => {
  const { approvals, api } = await bench(context);
  const twice = [{ ...ASK, quorum: 2 }];
  const { id, effect } = await approvals.ask(draft(ANA, 'one', twice));
  const approve = async (who: string) => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', body: JSON.stringify({ effect }), headers };
    return (await api.get(`/v1/requests/${id}/approve`, who, init)).status;
  };
  assert.deepEqual((await Promise.all([approve('dora'), approve('dora')])).sort(), [200, 409]);
  assert.equal(approvals.get(id)?.status, 'pending');
  assert.equal(await approve('dan'), 200);
  const decided = approvals.get(id);
  assert.equal(decided?.status, 'approved');
  for (const who of ['dora', 'dan']) assert.equal(await approve(who), 409);
  assert.equal(approvals.get(id), decided);
});

test('only what was shown is decided on: another effect is refused', async (context) => {
  const { approvals, refused } = await bench(context);
  const { id, effect } = await approvals.ask(draft(ANA, 'one'));
  const other = await approvals.ask(draft(ANA, 'two'));
  for (const act of ['approve', 'deny', 'propose']) {
    const body = { effect: other.effect, reason: 'x', statement: 'update less' };
    assert.match(await refused('dora', `/${id}/${act}`, body), /not the one that was shown/);
  }
  assert.match(
    await refused('dora', `/${id}/approve`, { effect, bounds: { maxRows: null, windowSeconds: 3600 } }),
    /for 600 seconds at most/,
  );
});

test('a proposal keeps the effect that it has for the requester, and runs when they ask for it', async (context) => {
  const { approvals, acted } = await bench(context);
  const { id, effect } = await approvals.ask(draft(ANA, 'one'));
  const free = await acted('dora', `/${id}/propose`, { effect, statement: 'select 1' });
  assert.deepEqual([free.request.proposal?.statement, free.request.proposal?.effect], ['select 1', null]);
  const { request } = await acted('dora', `/${id}/propose`, { effect, statement: 'less', reason: 'one row' });
  assert.equal(request.status, 'pending');
  assert.equal(request.proposal?.effect, EffectHash.parse('effect of less'));
  const wanted = { kind: 'statement', target: 'shop', statement: 'less', reason: '' };
  const taken = await acted('ana', '', wanted);
  assert.deepEqual([taken.request.status, taken.request.takesUp], ['approved', id]);
});

test('what is done with a host is agreed to or not; nothing else is put in its place', async (context) => {
  const approvals = approvalsInMemory();
  context.after(() => approvals.close());
  const hosts = new Map([[SHOP, new ScriptedHost(SHOP)]]);
  const api = await testApi(context, undefined, undefined, { approvals, targets: new Map(), hosts });
  await approvals.ask(draft(ANA, 'touch a'));
  const { requests } = Listed.parse((await api.get('/v1/requests', 'dora')).body);
  assert.deepEqual(requests[0]?.acts, ['approve', 'deny', 'remark']);
});
