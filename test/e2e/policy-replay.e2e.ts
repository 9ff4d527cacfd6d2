/** A policy is changed in the editor, and recorded actions are asked again by what it would be, before it is saved. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { ReplayReport } from '../../gateway/contract/policy-replay.ts';
import { root } from '../../scripts/setup/root.ts';
import { SERVICE_ACCOUNT } from '../../scripts/stack/gateway.ts';
import { openBrowser, picturesOf } from './harness/browser.ts';
import { signIn } from './harness/sign-in.ts';
import { type Stack, startStack } from './harness/stack.ts';
import { Workbench } from './harness/workbench.ts';

const WORKSPACE = join(root, 'test/e2e/policy-replay/workspace');
const REPLAY = 'Replay Recorded Actions Against This Policy…';
const READS = 40;

const take = picturesOf('policy-replay');
let stack: Stack;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let audrey: Workbench;
/** What a page did that its policy forbids. */
const violations: string[] = [];

before(async () => {
  stack = await startStack({ customers: 100, policy: join(WORKSPACE, 'policy'), workspace: WORKSPACE });
  await work();
  browser = await openBrowser();
  audrey = new Workbench(await browser.context.newPage());
  audrey.page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) violations.push(message.text());
  });
  await audrey.open(stack.editor.address(stack.workspace));
  await signIn(audrey, browser.context, /Audrey/, async () => undefined);
});

after(async () => {
  if (audrey) await take(audrey.page, 'at-the-end');
  await browser?.close();
  await stack?.stop();
});

test('a policy that is being edited is asked what it would have done, unsaved as it is', async () => {
  // A typing error shows all e-mails; phones become tokens; and who reads orders must be agreed with.
  await edit('masks.yaml', 'shop.public.*.email', 'shop.public.*.mail');
  await edit('masks.yaml', 'then: { mask: { method: redact } }', 'then: { mask: { method: token } }');
  await edit('access.yaml', 'doing: [update]', 'doing: [update, select]');
  await start('The last 7 days');
  const view = await audrey.policyReplay();
  await view.locator('.summary').waitFor();
  await take(audrey.page, 'summary');
  const summary = await view.locator('.summary').innerText();
  assert.match(summary, /43 actions were asked again\. 42 would be decided otherwise\./);
  assert.match(summary, /41 actions would be let do or see more than by the policy in force\./);
  const figures = (await view.locator('.way-figure').allInnerTexts()).map((text) =>
    text.replaceAll(/\s+/g, ' '),
  );
  assert.deepEqual(figures, [
    '40 Unmasked lets more through',
    '1 Masked less lets more through',
    '1 Newly held for approval lets less through',
  ]);
  assert.match(
    await view.locator('.candidate').innerText(),
    /access\.yaml \(as edited, not saved\), masks\.yaml \(as edited, not saved\)/,
  );
});

test('a change is followed down to a statement, and to the session that it was part of', async () => {
  const view = await audrey.policyReplay();
  await view.locator('[role=tree]').focus();
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowDown'])
    await audrey.page.keyboard.press(key);
  const detail = view.locator('.detail');
  await detail.locator('text=emails-show-the-domain').first().waitFor();
  const text = (await detail.innerText()).replaceAll(/\s+/g, ' ');
  for (const words of [
    `${SERVICE_ACCOUNT} on shop`,
    'select email from customers where id =',
    'public.customers.email: domain → clear',
    'By the policy in force',
    'By this policy',
  ]) {
    assert.ok(text.includes(words), `${words}\n${text}`);
  }
  await take(audrey.page, 'statement');
  const statement = await detail.locator('.statement').innerText();
  await audrey.page.keyboard.press('Enter');
  const replay = await audrey.replay();
  await replay.locator('.statement-card .statement', { hasText: statement }).waitFor();
  assert.equal(
    await replay
      .locator('.entry[aria-selected=true]')
      .innerText()
      .then((entry) => entry.includes(statement)),
    true,
  );
  await take(audrey.page, 'session');
});

test('words are looked for in all of it, and it is exported', async () => {
  await audrey.page.locator('.tab', { hasText: 'Replay against policy' }).click();
  const view = await audrey.policyReplay();
  await view.getByRole('searchbox').fill('orders');
  await view.locator('[role=status]', { hasText: 'In 1 group' }).waitFor();
  await take(audrey.page, 'found');
  await view.getByRole('searchbox').fill('');
  await view.getByRole('button', { name: 'Export JSON…' }).click();
  const file = join(stack.workspace, 'replay.json');
  await audrey.typeFile(file);
  await audrey.notifications().filter({ hasText: 'The replay was written' }).waitFor();
  const { report } = JSON.parse(readFileSync(file, 'utf8'));
  assert.equal(ReplayReport.parse(report).changed, 42);
});

test('an edit is noticed, and what does not compile is told with its places', async () => {
  await edit('access.yaml', 'doing: [update, select]', 'doing: [upset]');
  const view = await audrey.policyReplay();
  await view.locator('.stale').getByRole('button', { name: 'Run Again' }).click();
  await view
    .locator('.problems')
    .getByRole('button', { name: /access\.yaml:\d+:\d+/ })
    .click();
  await take(audrey.page, 'problems');
  await audrey.page.locator('.tab.active', { hasText: 'access.yaml' }).waitFor();
  await edit('access.yaml', 'doing: [upset]', 'doing: [update]');
  await view.getByRole('button', { name: 'Run Again' }).first().click();
  await view.locator('.summary', { hasText: '41 would be decided otherwise' }).waitFor();
});

for (const theme of ['Light Modern', 'Dark High Contrast'] as const) {
  test(`it is looked at in ${theme}`, async () => {
    await audrey.page.keyboard.press('ControlOrMeta+k');
    await audrey.page.keyboard.press('ControlOrMeta+t');
    await audrey.page.locator('.quick-input-widget input[type="text"]').first().fill(theme);
    await audrey.quickPick(theme).click();
    const view = await audrey.policyReplay();
    await view.locator('[role=treeitem]').nth(1).click();
    await view.locator('[role=treeitem].action').first().click();
    await view.locator('.detail').waitFor();
    await take(audrey.page, theme.toLowerCase().replaceAll(' ', '-'));
    await view.locator('[role=treeitem]').nth(1).click();
  });
}

test('who may not ask is told so, in the gateway’s words', async () => {
  const context = await browser.anotherPerson();
  const ana = new Workbench(await context.newPage());
  await ana.open(stack.editor.address(stack.workspace));
  await signIn(ana, context, /Ana/, async () => undefined);
  await ana.openFile('masks.yaml');
  await ana.runCommand(REPLAY);
  await ana.notifications().filter({ hasText: 'may ask what policies do for others' }).waitFor();
  await take(ana.page, 'denied');
});

test('no page tried what its policy forbids', () => {
  assert.deepEqual(violations, []);
});

/** What developers did: mails were read one by one, a phone, and orders. */
async function work(): Promise<void> {
  const client = new Client({
    host: '127.0.0.1',
    port: stack.gateway.postgresPort,
    user: SERVICE_ACCOUNT,
    password: stack.serviceKey,
    database: 'shop',
  });
  await client.connect();
  for (let id = 1; id <= READS; id++) await client.query(`select email from customers where id = ${id}`);
  await client.query('select phone from customers where id = 1');
  await client.query('select id from orders limit 1');
  await client.query('select id from products limit 1');
  await client.end();
}

/** Replaces a text of the file in front, as people do; it stays unsaved. */
async function edit(file: string, text: string, by: string): Promise<void> {
  const { page } = audrey;
  await audrey.runCommand('View: Focus First Editor Group');
  await audrey.openFile(file);
  await page.keyboard.press('ControlOrMeta+h');
  const widget = page.locator('.editor-instance .find-widget.visible');
  await widget.locator('.find-part textarea, .find-part input').first().fill(text);
  await widget.locator('.replace-part textarea, .replace-part input').first().fill(by);
  await widget.getByRole('button', { name: /^Replace All/ }).click();
  await page.keyboard.press('Escape');
  await page.locator('.tab.active.dirty', { hasText: file }).waitFor();
}

/** By the button that stands above a policy. */
async function start(span: string): Promise<void> {
  await audrey.page.locator('.editor-actions').getByRole('button', { name: REPLAY }).click();
  await audrey.quickPick(span).click();
}
