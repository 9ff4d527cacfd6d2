import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { RequestId } from '../../contract/ids.ts';
import type { DeadLetter } from '../../contract/webhook-endpoints.ts';
import { ASK, draft } from '../api/a-draft.fixture.ts';
import { person, testApi } from '../api/api.fixture.ts';
import { approvalsInMemory } from '../core/approvals/approvals.fixture.ts';
import { visible } from '../core/approvals/words.ts';
import { KeptFiles } from './kept-files.ts';
import { run } from './run.ts';

const ANA = person('ana', ['developers']);

/** A gateway with the API alone, and the command line of somebody who is signed in there. */
async function bench(context: TestContext) {
  const approvals = approvalsInMemory();
  context.after(() => approvals.close());
  const letter: DeadLetter = {
    webhook: 'on-call',
    event: 'made',
    request: RequestId.parse('request-1'),
    at: new Date(0).toISOString(),
    tries: 16,
    why: 'It answered 500.',
  };
  const api = await testApi(context, undefined, undefined, { approvals, deadLetters: async () => [letter] });
  const sluice = async (who: string, ...args: string[]) => {
    const environment = {
      XDG_DATA_HOME: mkdtempSync(join(tmpdir(), 'sluice-cli-')),
      SLUICE_GATEWAY: api.url,
    };
    const tokens = { accessToken: who, refreshToken: 'none', expiresAtMs: Date.now() + 3_600_000 };
    new KeptFiles(environment).keepTokens(api.url, tokens);
    const out: string[] = [];
    const said: string[] = [];
    const exit = await run(args, {
      environment,
      out: (text) => out.push(text),
      say: (text) => said.push(text),
      stopped: new Promise(() => undefined),
    });
    return { exit, out: out.join('\n'), said: said.join('\n') };
  };
  return { approvals, sluice };
}

test('requests says what is wanted, by whom, what it would do, and what one may do', async (context) => {
  const { approvals, sluice } = await bench(context);
  const { id } = await approvals.ask({ ...draft(ANA, 'one'), reason: 'wrong note', ticket: 'SHOP-7' });
  const { exit, out } = await sluice('dora', 'requests');
  assert.equal(exit, 0);
  assert.match(out, new RegExp(`^${id.slice(-8)}  waits for dba until `));
  assert.match(out, /ana on shop, by the editor:\n {4}update customers set note = 'one' where id = 1\n/);
  assert.match(out, /What it would do was not computed/);
  assert.match(out, /Reason: wrong note – SHOP-7/);
  assert.match(out, /You may: approve, deny/);
  assert.match((await sluice('ana', 'requests')).out, /You may: .*withdraw/);
  assert.equal((await sluice('nia', 'requests')).out, '');
  assert.equal(JSON.parse((await sluice('dora', 'requests', '--json')).out)[0].request.id, id);
});

test('approve shows what is approved and agrees to that, within bounds', async (context) => {
  const { approvals, sluice } = await bench(context);
  const { id } = await approvals.ask(draft(ANA, 'one'));
  const { exit, out, said } = await sluice(
    'dora',
    'approve',
    id.slice(-8),
    '--max-rows',
    '3',
    '--for',
    '5 minutes',
  );
  assert.equal(exit, 0, said);
  assert.match(said, /update customers set note = 'one'/);
  assert.match(said, /You approve this: at most 3 rows, and its like for 5 minutes/);
  assert.match(out, /approved by dora/);
  assert.deepEqual(approvals.get(id)?.bounds, { maxRows: 3, windowSeconds: 300 });
  assert.match((await sluice('dora', 'requests')).said, /No request waits/);
  assert.match((await sluice('dora', 'requests', '--all')).out, /approved by dora/);
});

test('deny, withdraw and break-glass', async (context) => {
  const { approvals, sluice } = await bench(context);
  const denied = await approvals.ask(draft(ANA, 'denied'));
  assert.match(
    (await sluice('dora', 'deny', denied.id, '--reason', 'no WHERE')).out,
    /denied by dora: no WHERE/,
  );
  const withdrawn = await approvals.ask(draft(ANA, 'withdrawn'));
  assert.match((await sluice('ana', 'withdraw', withdrawn.id)).out, /withdrawn/);
  const urgent = await approvals.ask(draft(ANA, 'urgent', [{ ...ASK, breakGlass: ['developers'] }]));
  assert.match(
    (await sluice('ana', 'break-glass', urgent.id, '--reason', 'fire')).out,
    /ran without approval/,
  );
  assert.match((await sluice('dora', 'review', urgent.id)).out, /and was reviewed/);
});

test('the wrong person is told why, and nothing is done', async (context) => {
  const { approvals, sluice } = await bench(context);
  const { id } = await approvals.ask(draft(ANA, 'one'));
  for (const [args, why] of [
    [['ana', 'approve', id], /Nobody decides on a request of their own/],
    [['audrey', 'approve', id], /in none of the groups/],
    [['dora', 'withdraw', id], /Only ana/],
    [['ana', 'break-glass', id, '--reason', 'x'], /No rule lets you/],
    [['nia', 'deny', id, '--reason', 'x'], /There is no request/],
    [['dora', 'approve', 'ffff'], /There is no request "ffff"/],
  ] as const) {
    const [who, ...command] = args;
    const { exit, said } = await sluice(who, ...command);
    assert.equal(exit, 1, command.join(' '));
    assert.match(said, why);
  }
  assert.equal(approvals.get(id)?.status, 'pending');
  assert.deepEqual(approvals.get(id)?.votes, []);
});

test('an id that fits several asks for more of it; what makes no sense is told', async (context) => {
  const { approvals, sluice } = await bench(context);
  await approvals.ask(draft(ANA, 'one'));
  await approvals.ask(draft(ANA, 'two'));
  assert.match((await sluice('dora', 'approve', '0')).said, /could be .{8}, .{8}\./);
  for (const args of [
    ['approve'],
    ['approve', 'x', '--max-rows', 'few'],
    ['approve', 'x', '--for', 'ever'],
    ['deny', 'x'],
    ['break-glass', 'x', '--reason', ' '],
  ]) {
    assert.equal((await sluice('dora', ...args)).exit, 2, args.join(' '));
  }
});

test('webhooks lists what was not taken, for administrators and auditors', async (context) => {
  const { sluice } = await bench(context);
  assert.match(
    (await sluice('audrey', 'webhooks')).out,
    /\ton-call\tmade\tequest-1\t16 tries\tIt answered 500\./,
  );
  const { exit, said } = await sluice('dora', 'webhooks');
  assert.equal(exit, 1);
  assert.match(said, /Only admins and auditors may see/);
});

test('what somebody wrote neither moves the cursor nor turns the text around', () => {
  assert.equal(visible('a\u001b[2Jb\u202ec\rd\te\u2066'), 'a\\u{1b}[2Jb\\u{202e}c\\u{d}d\te\\u{2066}');
});
