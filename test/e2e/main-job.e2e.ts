/** A newcomer's first quarter of an hour: sign in, look, run, see masks explained, be stopped, read a million rows. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { z } from 'zod';
import { SERVICE_ACCOUNT } from '../../scripts/stack/gateway.ts';
import { openBrowser, picturesOf } from './harness/browser.ts';
import { watchGrowth } from './harness/memory.ts';
import { signIn } from './harness/sign-in.ts';
import { type Stack, startStack } from './harness/stack.ts';
import { WAIT_MS, Workbench } from './harness/workbench.ts';

const MAX_GROWTH_BYTES = 100 * 1024 * 1024;
const MILLION_MS = 180_000;

const take = picturesOf('main-job');
let stack: Stack;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let workbench: Workbench;

before(async () => {
  stack = await startStack();
  browser = await openBrowser();
  workbench = new Workbench(await browser.context.newPage());
  await workbench.open(stack.editor.address(stack.workspace));
});

after(async () => {
  if (workbench) await take(workbench.page, 'at-the-end');
  await browser?.close();
  await stack?.stop();
});

test('sign in with a device code', async () => {
  await signIn(workbench, browser.context, /Ana/, take);
});

test('the explorer tells which columns are masked', async () => {
  await workbench.treeItem('shop').click();
  await workbench.treeItem('customers').waitFor();
  assert.match(await workbench.treeItem('customers').innerText(), /6 masked/);
  await take(workbench.page, 'explorer');
});

test('the verdict stands above each statement before anything runs', async () => {
  await workbench.openFile('1-look-around.sql');
  await workbench.runCommand('Choose Target for This File');
  await workbench.quickPick('shop').click();
  await workbench.lens('6 columns masked').waitFor();
  await workbench.lens('1 column masked').waitFor();
  await take(workbench.page, 'lens');
});

test('a query returns masked cells', async () => {
  await openAt('1-look-around.sql', 'select * from customers');
  await workbench.page.keyboard.press('Control+Enter');
  const results = await workbench.results();
  await results.getByRole('tab', { name: /50,000/ }).waitFor();
  const cells = await results.locator('[role=gridcell].masked').allInnerTexts();
  assert.ok(
    cells.some((text) => /^•+@example\.(com|org|net)\b/.test(text)),
    cells.join(' | '),
  );
  await take(workbench.page, 'masked-rows');
});

test('a masked cell says which rule, whose, and why', async () => {
  const results = await workbench.results();
  await results.locator('[role=gridcell].masked').first().hover();
  const why = results.getByRole('dialog', { name: 'Why email is masked' });
  await why.waitFor();
  const text = await why.innerText();
  assert.match(text, /emails-show-the-domain/);
  assert.match(text, /data-protection@shop\.example/);
  assert.match(text, /Support needs the provider/);
  await take(workbench.page, 'why');
  await results.getByRole('columnheader', { name: /^id/ }).hover();
  await why.waitFor({ state: 'detached' });
});

test('copying carries the masks, and no raw value', async () => {
  const results = await workbench.results();
  await results.getByRole('gridcell', { name: 'Zoe Gomez' }).first().click();
  await workbench.page.keyboard.press('Control+a');
  await workbench.page.keyboard.press('Control+c');
  const copied = await clipboardOnce((text) => text.includes('Zoe Gomez'));
  const raw = await rawValues();
  assert.ok(raw.length > 1000);
  assert.deepEqual(
    raw.filter((value) => copied.includes(value)),
    [],
  );
  assert.match(copied, /••••@example|•@example/);
});

test('psql’s way in shows the same', async () => {
  const client = new Client({
    host: '127.0.0.1',
    port: stack.gateway.postgresPort,
    user: SERVICE_ACCOUNT,
    password: stack.serviceKey,
    database: 'shop',
  });
  await client.connect();
  const { rows } = await client.query<{ email: string; card_number: string }>(
    'SELECT email, card_number FROM customers WHERE id = 1',
  );
  await client.end();
  const results = await workbench.results();
  for (const value of Object.values(rows[0] ?? {})) {
    await results.getByRole('gridcell', { name: value }).first().waitFor();
  }
});

test('what is blocked says so before and when it runs', async () => {
  await openAt('2-stopped.sql', 'update customers');
  await workbench.runCommand('Choose Target for This File');
  await workbench.quickPick('shop').click();
  await workbench.lens('blocked').waitFor();
  await take(workbench.page, 'blocked-lens');
  await workbench.page.keyboard.press('Control+Enter');
  await (await workbench.results()).getByText('no-change-without-where').first().waitFor();
  await take(workbench.page, 'blocked-run');
});

test('a million rows arrive, first rows first, in bounded memory', async () => {
  await openAt('1-look-around.sql', 'select * from page_views');
  const gateway = watchGrowth(/sluice\.mjs start/);
  const host = watchGrowth(/--type=extensionHost/);
  const results = await workbench.results();
  const firstShown = results.locator('body').evaluate(STATE_AT_FIRST_ROWS);
  await workbench.page.keyboard.press('Control+Enter');
  const whenFirstShown = String(await firstShown);
  await results.getByRole('tab', { name: /1,000,000/ }).waitFor({ timeout: MILLION_MS });
  await results.locator('.run-status', { hasText: /\d s/ }).waitFor({ timeout: MILLION_MS });
  const grown = { gateway: gateway.stop(), host: host.stop() };
  await take(workbench.page, 'a-million-rows');
  assert.match(
    whenFirstShown,
    /running|cancel|…/i,
    `the first rows were on screen before the last: "${whenFirstShown}"`,
  );
  await results.getByRole('gridcell').first().click();
  await workbench.page.keyboard.press('Control+End');
  await results.getByText('1,000,000', { exact: true }).last().waitFor();
  await take(workbench.page, 'the-last-row');
  assert.ok(grown.gateway < MAX_GROWTH_BYTES, `the gateway grew by ${grown.gateway} bytes`);
  assert.ok(grown.host < MAX_GROWTH_BYTES, `the extension host grew by ${grown.host} bytes`);
});

/** For the page: how the run stands at the moment when its first rows do. Whoever asks in two steps asks too late. */
const STATE_AT_FIRST_ROWS = `new Promise((resolve) => {
  const look = () => {
    const cells = [...document.querySelectorAll('[role=gridcell]')];
    if (cells.some(({ textContent }) => textContent.includes('/checkout')))
      resolve(document.querySelector('.run-state')?.textContent ?? '');
    else requestAnimationFrame(look);
  };
  look();
})`;

/** Opens a file with the cursor in the statement that starts with `text`. */
async function openAt(name: string, text: string): Promise<void> {
  const lines = readFileSync(join(stack.workspace, name), 'utf8').split('\n');
  await workbench.openFile(name, lines.findIndex((line) => line.startsWith(text)) + 1);
}

/** Every personal value of the first customers, as the superuser sees it. */
async function rawValues(): Promise<string[]> {
  const client = new Client({ connectionString: stack.sample.superuserUrl() });
  await client.connect();
  const { rows } = await client.query<Record<string, string | null>>(
    `SELECT email, national_id, card_number, phone, notes::text
     FROM customers WHERE id <= 5000`,
  );
  await client.end();
  return rows.flatMap((row) => Object.values(row)).filter((value) => value !== null);
}

async function clipboardOnce(isThere: (text: string) => boolean): Promise<string> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const text = z.string().parse(await workbench.page.evaluate('navigator.clipboard.readText()'));
    if (isThere(text)) return text;
    if (Date.now() > deadline) assert.fail(`nothing was copied; the clipboard has: ${text.slice(0, 200)}`);
    await workbench.page.waitForTimeout(200);
  }
}
