import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, type TestContext, test } from 'node:test';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { type Identity, openIdentity } from '../../gateway/src/adapters/identity/identity.ts';
import { memoryDocuments } from '../../gateway/src/adapters/identity/testing.fixture.ts';
import { draft } from '../../gateway/src/api/a-draft.fixture.ts';
import { noAudit, noDrafts, person, shopOnly } from '../../gateway/src/api/api.fixture.ts';
import { knownHostNames } from '../../gateway/src/api/guard.ts';
import { closeHttp, serveApi } from '../../gateway/src/api/server.ts';
import { approvalsInMemory } from '../../gateway/src/core/approvals/approvals.fixture.ts';
import { EventLog } from '../../gateway/src/core/recording/event-log.ts';
import { Sessions } from '../../gateway/src/core/sessions/sessions.ts';
import { listen } from '../../gateway/src/listen.ts';
import { launchChromium } from '../../scripts/setup/chromium.ts';

/** The approval page in a real browser, signed in by the gateway's own authorization server. */

const PEOPLE = [
  { email: 'ana@shop.example', name: 'Ana', groups: ['developers'] },
  { email: 'dana@shop.example', name: 'Dana', groups: ['dba'] },
  { email: 'nia@shop.example', name: 'Nia', groups: [] },
];
const ANA = person('ana@shop.example', ['developers']);

let browser: Browser;
let script: string;

before(async () => {
  browser = await launchChromium();
  const entry = new URL('../../webview-ui/src/approval-page/main.ts', import.meta.url).pathname;
  const built = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false });
  script = built.outputFiles[0]?.text ?? '';
});
after(() => browser.close());

async function gateway(context: TestContext) {
  const server = createServer();
  const { port } = await listen(server, 'http', { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${port}`;
  let keys: string | null = null;
  const identity: Identity = await openIdentity({
    issuer: `${url}/oidc`,
    builtIn: PEOPLE,
    upstreams: [],
    serviceAccounts: [],
    accessTokenSeconds: 300,
    signInSeconds: 3600,
    credentialSeconds: 60,
    groupsSeconds: 60,
    documents: memoryDocuments(),
    keyFile: {
      read: () => keys,
      write: (text) => {
        keys = text;
      },
    },
    nowMs: Date.now,
  });
  const approvals = approvalsInMemory();
  const policy = shopOnly();
  const recorder = {
    open: () => ({ durable: async () => undefined }),
    close: async () => undefined,
    keep: async () => undefined,
    note: async () => undefined,
  };
  const surface = serveApi(
    server,
    {
      hello: {
        product: 'sluice',
        version: '0',
        contract: 1,
        issuer: `${url}/oidc`,
        clientId: 'sluice',
        builtInIdentity: true,
      },
      authentication: identity.authentication,
      targets: new Map(),
      hosts: new Map(),
      ssh: null,
      policy: { current: () => policy, onChange: () => () => undefined },
      policyDrafts: noDrafts,
      records: {
        list: async () => ({ records: [], next: null }),
        texts: async () => ({ texts: [], next: null }),
      },
      events: new EventLog(recorder, () => new Date()),
      audit: noAudit(),
      sessions: new Sessions(),
      recordings: { find: async () => null },
      approvals,
      deadLetters: async () => [],
      pageScript: script,
      wire: { host: '127.0.0.1', port: 1, caCertificate: '' },
      auditorGroups: [],
      adminGroups: [],
      maxRequestBytes: 100_000,
      maxChannelsPerPerson: 2,
      terminalKeepMs: 0,
      now: () => new Date(),
      fault: (error) => assert.fail(String(error)),
    },
    { path: identity.mount, serve: identity.serve },
    knownHostNames('127.0.0.1', []),
  );
  context.after(async () => {
    surface.close();
    identity.close();
    approvals.close();
    server.closeAllConnections();
    await closeHttp(server);
  });
  return { url, approvals };
}

/** Opens a link as somebody does who was sent it, and says who they are. */
async function opened(
  context: TestContext,
  link: string,
  who: string,
): Promise<{ page: Page; problems: string[] }> {
  const own = await browser.newContext();
  context.after(() => own.close());
  const page = await own.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(link);
  await page.getByRole('button', { name: new RegExp(`^${who} `) }).click();
  return { page, problems };
}

test('who opens the link signs in, sees what is asked, and approves it with the keyboard', async (context) => {
  const { url, approvals } = await gateway(context);
  const { id } = await approvals.ask({ ...draft(ANA, 'one'), reason: 'wrong note' });
  const { page, problems } = await opened(context, `${url}/requests/${id}`, 'Dana');
  await page.getByRole('heading', { name: 'ana@shop.example asks to run this on shop' }).waitFor();
  assert.equal(new URL(page.url()).href, `${url}/requests/${id}`, 'the code is out of the address');
  assert.match(await page.getByLabel('Statement').innerText(), /update customers set note = 'one'/);
  assert.equal(await page.evaluate('document.activeElement.tagName'), 'H1');
  await page.getByLabel('Roll it back when').fill('3');
  await page.getByLabel('How often').selectOption({ label: 'It and its like, for 5 minutes' });
  await page.getByRole('button', { name: 'Approve' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Approved by Dana').waitFor();
  assert.equal(await page.getByRole('status').innerText(), 'Done.');
  const decided = approvals.get(id);
  assert.deepEqual([decided?.status, decided?.bounds], ['approved', { maxRows: 3, windowSeconds: 300 }]);
  assert.equal(await page.getByRole('button').count(), 0);
  assert.deepEqual(problems, []);
});

test('nothing of the sign-in stays: who opens the page again signs in again', async (context) => {
  const { url, approvals } = await gateway(context);
  const { id } = await approvals.ask(draft(ANA, 'one'));
  const { page } = await opened(context, `${url}/requests/${id}`, 'Dana');
  await page.getByRole('heading', { name: /asks to run/ }).waitFor();
  const kept = await page.evaluate(
    '[...Object.keys(sessionStorage), ...Object.keys(localStorage), document.cookie]',
  );
  assert.deepEqual(kept, ['']);
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('a denial needs a reason; what somebody else decides meanwhile is shown, and what is written stays', async (context) => {
  const { url, approvals } = await gateway(context);
  const one = await approvals.ask(draft(ANA, 'one'));
  const { page } = await opened(context, `${url}/requests/${one.id}`, 'Dana');
  await page.getByRole('button', { name: 'Deny' }).click();
  assert.equal(approvals.get(one.id)?.status, 'pending', 'the browser asks for the reason first');
  await page.getByLabel('Reason, which the requester reads').fill('no WHERE');
  await approvals.act(
    one.id,
    { act: 'explain', reason: 'now with a reason', ticket: '' },
    { principal: ANA, groups: [] },
  );
  await page.getByText('now with a reason').waitFor();
  assert.equal(await page.getByLabel('Reason, which the requester reads').inputValue(), 'no WHERE');
  await page.getByRole('button', { name: 'Deny' }).click();
  await page.getByText('Denied by Dana: no WHERE.').waitFor();
  assert.equal(approvals.get(one.id)?.status, 'denied');
});

test('the requester may take it back and not approve; somebody else is told nothing', async (context) => {
  const { url, approvals } = await gateway(context);
  const { id } = await approvals.ask(draft(ANA, 'one'));
  const nia = await opened(context, `${url}/requests/${id}`, 'Nia');
  await nia.page.getByText('There is no such request that you may see.').waitFor();
  const ana = await opened(context, `${url}/requests/${id}`, 'Ana');
  await ana.page.getByRole('button', { name: 'Take the request back' }).waitFor();
  assert.equal(await ana.page.getByRole('button', { name: 'Approve' }).count(), 0);
  await ana.page.getByRole('button', { name: 'Take the request back' }).click();
  await ana.page.getByText('Withdrawn.').waitFor();
});

test('a sign-in that this tab did not begin counts for nothing', async (context) => {
  const { url } = await gateway(context);
  const own = await browser.newContext();
  context.after(() => own.close());
  const page = await own.newPage();
  await page.goto(`${url}/requests/callback?code=stolen&state=guessed`);
  await page.getByText('This sign-in was not begun here. Open the link again.').waitFor();
});
