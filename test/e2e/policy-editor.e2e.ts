/** Somebody writes a policy in the editor: what is wrong with it, what may be written, and what a rule is about. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { root } from '../../scripts/setup/root.ts';
import { SERVICE_ACCOUNT } from '../../scripts/stack/gateway.ts';
import { openBrowser, picturesOf } from './harness/browser.ts';
import { signIn } from './harness/sign-in.ts';
import { type Stack, startStack } from './harness/stack.ts';
import { Workbench } from './harness/workbench.ts';

const WORKSPACE = join(root, 'test/e2e/policy-editor/workspace');
/** Lines of access.yaml. */
const PATTERN = 5;
const RULE = 8;
const TAGGED = 19;
const PRODUCTS = 26;

const take = picturesOf('policy-editor');
let stack: Stack;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let audrey: Workbench;

before(async () => {
  stack = await startStack({ customers: 100, policy: join(WORKSPACE, 'policy'), workspace: WORKSPACE });
  await work();
  browser = await openBrowser();
  audrey = new Workbench(await browser.context.newPage());
  await audrey.open(stack.editor.address(stack.workspace));
});

after(async () => {
  if (audrey) await take(audrey.page, 'at-the-end');
  await browser?.close();
  await stack?.stop();
});

test('signed out, the schema alone tells what is wrong, and that it does', async () => {
  await audrey.openFile('access.yaml', RULE);
  await insertLineBelow('    onwer: dba@shop.example');
  await problem(/"onwer" is not known here.*schema/s);
  await stands(/held against its schema alone/);
  await take(audrey.page, 'offline');
  await undo();
  await problems().waitFor({ state: 'hidden' });
});

test('signed in, the gateway judges the draft as it is typed', async () => {
  await signIn(audrey, browser.context, /Audrey/, async () => undefined);
  await audrey.openFile('access.yaml', TAGGED);
  await stands(/Policy: valid, 2 expectations met/);
  await take(audrey.page, 'valid');
  await typeAtEnd('[email] }', '[emial] }');
  await problem(/no column carries the tag "emial"; did you mean "email"\?/);
  await take(audrey.page, 'problem');
  await undo();
  await problems().waitFor({ state: 'hidden' });
});

test('an expectation that the draft no longer meets is a problem where it stands', async () => {
  await audrey.openFile('access.yaml', PRODUCTS);
  await typeAtEnd('[products] }', '[orders] }');
  await problem(/Not met: auditor on shop: select name from products/);
  await take(audrey.page, 'expectation');
  await undo();
  await problems().waitFor({ state: 'hidden' });
});

test('tables and columns of the live catalogue are offered where they fit', async () => {
  await audrey.openFile('access.yaml', PRODUCTS);
  await typeAtEnd(' }', ', columns: [');
  await suggestion('price').waitFor();
  // Those of the table that the rule names come first.
  const first = await audrey.page.locator('.suggest-widget .monaco-list-row').first().innerText();
  assert.match(first, /^attributes\b.*products$/s);
  await take(audrey.page, 'columns-of-the-table');
  await audrey.page.keyboard.type('customers.em');
  await suggestion('customers.email').waitFor();
  await take(audrey.page, 'column');
  await audrey.page.keyboard.press('Tab');
  await line('columns: [customers.email').waitFor();
  await undo();
  await audrey.openFile('access.yaml', RULE);
  await insertLineBelow('    ');
  await audrey.runCommand('Trigger Suggest');
  await suggestion('dryRun').waitFor();
  await take(audrey.page, 'keys');
  await audrey.page.keyboard.press('Escape');
  await undo();
});

test('a rule and a pattern tell what they are about now', async () => {
  await hoverAt(RULE, 'developers-read');
  await hovered(/Now the rule developers-read is about:.*shop, \d+ relations/s);
  await hovered(/person known from records it is about 1/);
  await hovered(/It counted in 3 recorded actions of the last 30 days/);
  await take(audrey.page, 'hover-rule');
  await audrey.page.keyboard.press('Escape');
  await hoverAt(PATTERN, 'email');
  await hovered(/shop, \d+ columns of \d+ relations.*public\.customers\.email/s);
  await take(audrey.page, 'hover-pattern');
  await audrey.page.keyboard.press('Escape');
});

test('who may see a column, and what somebody may do, are told from the palette', async () => {
  await audrey.runCommand('Who May See This Column, and Why…');
  await audrey.quickPick('shop').click();
  await audrey.quickPick('customers').click();
  await audrey.quickPick('email').click();
  await line('Group developers: masked (email as domain)').waitFor();
  await take(audrey.page, 'who-may-see');
  await audrey.runCommand('What May This Person Do on…');
  await audrey.quickPick('shop').click();
  await audrey.quickPick(SERVICE_ACCOUNT).click();
  await line('Rules about them:').waitFor();
  await take(audrey.page, 'what-may-they-do');
});

/** Three statements of a developer: somebody is known, and something was decided. */
async function work(): Promise<void> {
  const client = new Client({
    host: '127.0.0.1',
    port: stack.gateway.postgresPort,
    user: SERVICE_ACCOUNT,
    password: stack.serviceKey,
    database: 'shop',
  });
  await client.connect();
  for (const table of ['customers', 'orders', 'products'])
    await client.query(`select id from ${table} limit 1`);
  await client.end();
}

/** Replaces what ends the cursor's line. */
async function typeAtEnd(former: string, text: string): Promise<void> {
  const { keyboard } = audrey.page;
  await keyboard.press('End');
  for (const _ of former) await keyboard.press('Backspace');
  await keyboard.type(text);
}

async function insertLineBelow(text: string): Promise<void> {
  const { keyboard } = audrey.page;
  await keyboard.press('End');
  await keyboard.press('Enter');
  // The editor indents by itself.
  await keyboard.press('Shift+Home');
  await keyboard.press('Delete');
  await keyboard.type(text);
}

/** The file as it was opened: what is typed is saved by itself. */
async function undo(): Promise<void> {
  await audrey.page.keyboard.press('Escape');
  await audrey.runCommand('View: Focus First Editor Group');
  for (let times = 0; times < 40; times += 1) await audrey.page.keyboard.press('ControlOrMeta+z');
}

/** Waits until the status bar says how the draft stands. */
async function stands(text: RegExp): Promise<void> {
  const item = audrey.page.locator('.statusbar [id="status.languageStatus"]');
  await item.waitFor();
  await item.hover();
  await audrey.page.locator('.hover-language-status', { hasText: text }).first().waitFor();
}

function problems() {
  return audrey.page.locator('.markers-panel .monaco-list-row').first();
}

/** Waits until the list of problems tells it. */
async function problem(text: RegExp): Promise<void> {
  await audrey.runCommand('Problems: Focus on Problems View');
  await audrey.page.locator('.markers-panel .monaco-list-row', { hasText: text }).first().waitFor();
  await audrey.runCommand('View: Focus First Editor Group');
}

function suggestion(label: string) {
  return audrey.page.locator('.suggest-widget.visible .monaco-list-row', { hasText: label }).first();
}

function line(text: string) {
  return audrey.page
    .locator('.editor-instance .view-line', { hasText: text.replaceAll(' ', '\u00A0') })
    .first();
}

async function hoverAt(at: number, word: string): Promise<void> {
  await audrey.openFile('access.yaml', at);
  await line(word).waitFor();
  await audrey.page.keyboard.press('End');
  await audrey.page.keyboard.press('ArrowLeft');
  if (at === PATTERN) for (const _ of ': [email]') await audrey.page.keyboard.press('ArrowLeft');
  await audrey.runCommand('Show or Focus Hover');
}

async function hovered(text: RegExp): Promise<void> {
  await audrey.page.locator('.monaco-hover:not(.hidden)', { hasText: text }).first().waitFor();
}
