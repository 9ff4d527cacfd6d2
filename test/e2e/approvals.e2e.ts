/** Two people in two windows: what one runs waits, is looked at and decided by the other, and goes on by itself. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { FrameLocator, Locator } from 'playwright-core';
import { root } from '../../scripts/setup/root.ts';
import { SERVICE_ACCOUNT } from '../../scripts/stack/gateway.ts';
import { openBrowser, picturesOf } from './harness/browser.ts';
import { signIn } from './harness/sign-in.ts';
import { type Stack, startStack } from './harness/stack.ts';
import { Workbench } from './harness/workbench.ts';

const FILE = 'changes.sql';
const folder = join(root, 'test/e2e/approvals');

const take = picturesOf('approvals');
let stack: Stack;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let ana: Workbench;
let dana: Workbench;

before(async () => {
  stack = await startStack({
    customers: 1000,
    policy: join(folder, 'policy.yaml'),
    workspace: join(folder, 'workspace'),
  });
  browser = await openBrowser();
  const other = await browser.anotherPerson();
  ana = new Workbench(await browser.context.newPage());
  dana = new Workbench(await other.newPage());
  await dana.page.setViewportSize({ width: 1200, height: 1000 });
  const skip = async () => undefined;
  await ana.open(stack.editor.address(stack.workspace));
  await signIn(ana, browser.context, /Ana/, skip);
  await ana.openFile(FILE);
  await ana.runCommand('Choose Target for This File');
  await ana.quickPick('shop').click();
  await ana.lens('needs approval by dba').waitFor();
  await dana.open(stack.editor.address(stack.workspace));
  await signIn(dana, other, /Dana/, skip);
});

after(async () => {
  if (ana) await take(ana.page, 'ana-at-the-end');
  if (dana) await take(dana.page, 'dana-at-the-end');
  await browser?.close();
  await stack?.stop();
});

test('a change is held: its requester sees for whom it waits, in the results, the lens and the status bar', async () => {
  await take(ana.page, 'ana-before');
  await run('Approved');
  const results = await ana.results();
  await results.getByRole('heading', { name: 'Waiting for dba' }).waitFor();
  await ana.lens('waiting for dba').waitFor();
  await ana.statusBar().getByText('waiting for dba').waitFor();
  await take(ana.page, 'ana-waits');
});

test('the approver is told once, and sees what would happen', async () => {
  const notice = dana.notifications().filter({ hasText: 'Ana wants to update customers on shop' });
  await notice.waitFor();
  assert.equal(await notice.count(), 1);
  await take(dana.page, 'dana-is-told');
  await notice.getByRole('button', { name: 'Review' }).click();
  const panel = await dana.approvals();
  await panel.locator('.request-head:focus').waitFor();
  await panel.getByText('A second pair of eyes looks at every change').waitFor();
  await panel.locator('.impact .summary').waitFor();
  await take(dana.page, 'dana-sees-the-impact');
});

test('the requester says why, the approver asks back, and both read it at once', async () => {
  const results = await ana.results();
  await results.getByRole('textbox', { name: 'Say why' }).fill('Names were swapped by the import of Monday.');
  await results.getByRole('textbox', { name: 'Ticket' }).fill('SHOP-17');
  await results.getByRole('button', { name: 'Tell them' }).click();
  const panel = await dana.approvals();
  await panel.getByText('Names were swapped').waitFor();
  await panel.locator('.request-head[tabindex="0"]').focus();
  await dana.page.keyboard.press('q');
  await panel.getByRole('textbox', { name: 'Remark' }).fill('Are all three theirs?');
  await dana.page.keyboard.press('Control+Enter');
  await results.getByText('Are all three theirs?').waitFor();
  await results.getByRole('button', { name: 'Answer…' }).click();
  await results.getByRole('textbox', { name: 'To those who decide' }).fill('Yes, I checked.');
  await results.getByRole('button', { name: 'Send' }).click();
  await panel.getByText('Yes, I checked.').waitFor();
  await take(ana.page, 'ana-talks');
  await take(dana.page, 'dana-talks');
});

test('one key approves: the rows change, and the requester’s grid shows it without another click', async () => {
  const panel = await dana.approvals();
  await panel.locator('.request-head[tabindex="0"]').focus();
  await dana.page.keyboard.press('a');
  const results = await ana.results();
  await results.getByRole('gridcell', { name: 'Approved' }).first().waitFor();
  assert.equal(await results.getByRole('gridcell', { name: 'Approved' }).count(), 3);
  assert.deepEqual(await namesOf(1, 2, 3), ['Approved', 'Approved', 'Approved']);
  await panel.getByText(/Approved by Dana Berg/).waitFor();
  await take(ana.page, 'ana-has-her-rows');
  await take(dana.page, 'dana-approved');
});

test('a denial is read in the results, above the statement and among the problems', async () => {
  const panel = await held('Denied');
  await dana.page.keyboard.press('d');
  await panel.getByRole('textbox', { name: /Why not/ }).fill('Region north belongs to sales: ask them.');
  await take(dana.page, 'dana-denies');
  await dana.page.keyboard.press('Control+Enter');
  const results = await ana.results();
  await results.getByRole('heading', { name: 'Denied' }).waitFor();
  await results.getByText('Region north belongs to sales').first().waitFor();
  await ana.lens('denied by Dana').waitFor();
  await ana.page.locator('.squiggly-warning').first().waitFor({ state: 'attached' });
  await take(ana.page, 'ana-is-denied');
});

test('a narrower statement is proposed as a diff, accepted, and runs at once', async () => {
  const panel = await held('Proposed');
  await dana.page.keyboard.press('e');
  const statement = statementWith('Proposed').replace('id < 100', 'id = 4').replace(/;$/, '');
  await panel.getByRole('textbox', { name: /A statement that you would agree to/ }).fill(statement);
  await panel.locator('.diff ins').first().waitFor();
  await take(dana.page, 'dana-proposes');
  await dana.page.keyboard.press('Control+Enter');
  const results = await ana.results();
  await results.locator('.diff ins').first().waitFor();
  await take(ana.page, 'ana-reads-the-proposal');
  await results.getByRole('button', { name: 'Accept and run it' }).click();
  await results.getByRole('gridcell', { name: 'Proposed' }).first().waitFor();
  assert.deepEqual(await namesOf(4), ['Proposed']);
  assert.equal(await countOf('Proposed'), 1);
  await take(ana.page, 'ana-accepted');
});

test('withdrawn: nothing runs, and nobody is asked any more', async () => {
  const panel = await held('Withdrawn');
  const results = await ana.results();
  await results.getByRole('button', { name: 'Withdraw' }).click();
  await results.getByRole('heading', { name: 'Withdrawn' }).waitFor();
  await panel.getByText('Withdrawn: nothing ran.').waitFor();
  assert.equal(await countOf('Withdrawn'), 0);
  await take(dana.page, 'dana-after-withdrawal');
});

test('cancelled while held: the request goes with it', async () => {
  const panel = await held('Cancelled');
  const results = await ana.results();
  await results.getByRole('button', { name: 'Cancel', exact: true }).click();
  await results.getByText('Cancelled on the server').first().waitFor();
  await panel.getByText('Withdrawn: nothing ran.').waitFor();
  assert.equal(await countOf('Cancelled'), 0);
  await take(ana.page, 'ana-cancelled');
});

test('nobody decides in time: it lapses, and says so to both', async () => {
  const panel = await held("'shipped'");
  const results = await ana.results();
  await results.getByRole('heading', { name: 'Nobody decided in time' }).waitFor();
  await panel.getByText('Nobody decided in time: nothing ran.').waitFor();
  await ana.lens('nobody of dba decided in time').waitFor();
  await take(ana.page, 'ana-lapsed');
});

test('the approver’s window is reloaded while it is held: it is there again, and not told twice', async () => {
  await held('Reloaded');
  await dana.open(stack.editor.address(stack.workspace));
  // This editor keeps secrets in memory: the page forgets who was signed in.
  await signIn(dana, dana.page.context(), /Dana/, async () => undefined);
  const panel = await dana.approvals();
  await panel.locator('.request-head', { hasText: 'Ana wants to update customers' }).waitFor();
  assert.equal(await dana.notifications().filter({ hasText: 'Ana wants' }).count(), 0);
  await panel.getByText("name = 'Reloaded'").waitFor();
  await take(dana.page, 'dana-reloaded');
  await panel.getByRole('button', { name: /^Approve A/ }).click();
  await (await ana.results()).getByRole('gridcell', { name: 'Reloaded' }).first().waitFor();
});

test('the gateway is restarted while it is held: the request stays, and the statement is to be run again', async () => {
  await held('Restarted');
  await stack.restartGateway();
  const results = await ana.results();
  await results.getByText('Your request for approval stays').waitFor();
  await take(ana.page, 'ana-after-a-restart');
  const panel = await dana.approvals();
  await panel.getByRole('button', { name: /^Approve A/ }).click();
  await panel.getByText('it has not run yet').waitFor();
  await take(ana.page, 'ana-is-told-to-run-it-again');
  await ana.lens('approved by Dana').waitFor();
  await take(dana.page, 'dana-approved-beforehand');
  await run('Restarted');
  await results.getByRole('gridcell', { name: 'Restarted' }).first().waitFor();
});

test('glass is broken: it runs at once, and waits for review', async () => {
  await held('in_stock');
  const results = await ana.results();
  await results.getByRole('button', { name: 'Break glass…' }).click();
  await results.getByRole('textbox', { name: 'Why it cannot wait' }).fill('It sells what burned down.');
  await take(ana.page, 'ana-breaks-glass');
  await results.getByRole('button', { name: 'Break glass and run it' }).click();
  await results.getByRole('gridcell', { name: '10' }).first().waitFor();
  const panel = await dana.approvals();
  await panel.getByText(/ran it without approval: It sells what burned down/).waitFor();
  await take(dana.page, 'dana-is-to-review');
  await panel.locator('.request-head[tabindex="0"]').focus();
  await dana.page.keyboard.press('r');
  await panel.getByRole('textbox', { name: 'What you found' }).fill('Fair enough.');
  await dana.page.keyboard.press('Control+Enter');
  await panel.getByText('was reviewed').waitFor();
  await panel.getByRole('button', { name: 'Show history' }).click();
  await panel.getByRole('heading', { name: /History/ }).waitFor();
  await take(dana.page, 'dana-reads-the-history');
});

test('asked for beforehand: the requester is told, and it runs without waiting', async () => {
  await ana.openFile(FILE, lines().indexOf(statementWith('Beforehand')) + 1);
  await ana.page.keyboard.press('Control+.');
  await ana.page.getByText('Ask dba for approval beforehand').first().click();
  await ana.typeInto('Why do you need it?', 'The import runs at night.');
  const panel = await dana.approvals();
  await waiting(panel).click();
  await panel.getByText('The import runs at night.').waitFor();
  await dana.page.keyboard.press('a');
  await ana
    .notifications()
    .filter({ hasText: 'You may update customers on shop now: Dana agreed' })
    .waitFor();
  await take(ana.page, 'ana-may-now');
  await run('Beforehand');
  await (await ana.results()).getByRole('gridcell', { name: 'Beforehand' }).first().waitFor();
});

test('a masked cell is asked for, and comes unmasked for a while', async () => {
  await run('select id, email');
  const results = await ana.results();
  await results.locator('[role=gridcell].masked').first().hover();
  await results.getByRole('button', { name: 'Ask to see it…' }).click();
  await ana.quickPick('30 minutes').click();
  await ana.typeInto('Why do you need it?', 'They wrote from another address.');
  const panel = await dana.approvals();
  await waiting(panel).filter({ hasText: 'Ana wants to see customers.email' }).click();
  await panel.getByText('They wrote from another address.').waitFor();
  await take(dana.page, 'dana-is-asked-for-a-column');
  await dana.page.keyboard.press('a');
  await ana.notifications().filter({ hasText: 'You may see customers.email on shop now' }).waitFor();
  await run('select id, email');
  await results
    .getByRole('gridcell', { name: /^[a-z.]+\d*@example/ })
    .first()
    .waitFor();
  await take(ana.page, 'ana-sees-it');
});

test('psql in a terminal is held, and goes on by itself once it is approved in the editor', async () => {
  const psql = inPsql("update customers set name = 'Terminal' where id = 10 returning id, name");
  const panel = await dana.approvals();
  const head = waiting(panel).filter({ hasText: 'reporting wants to update customers' });
  await head.click();
  await panel.locator('pre.statement', { hasText: 'Terminal' }).first().waitFor();
  await take(dana.page, 'dana-sees-psql');
  await dana.page.keyboard.press('Escape');
  await head.focus();
  await dana.page.keyboard.press('a');
  const { code, out, err } = await psql.ended;
  assert.equal(code, 0, err);
  assert.match(err, /NOTICE: {2}Needs approval by dba/);
  assert.match(out, /10 \| Terminal/);
});

test('Ctrl-C in psql leaves no request, no lock and no backend', async () => {
  const psql = inPsql("update customers set name = 'Interrupted' where id = 11");
  const panel = await dana.approvals();
  await waiting(panel).filter({ hasText: 'reporting wants to update customers' }).waitFor();
  psql.interrupt();
  const { err } = await psql.ended;
  assert.match(err, /canceling statement due to user request/);
  await waiting(panel).waitFor({ state: 'detached' });
  assert.equal(await countOf('Interrupted'), 0);
  const left = await query(
    "SELECT application_name AS name FROM pg_stat_activity WHERE application_name = 'psql' AND backend_type = 'client backend'",
    [],
  );
  assert.deepEqual(left, []);
});

/** A statement in psql, as the shop's service account. */
function inPsql(text: string) {
  const argv = [
    '-h',
    '127.0.0.1',
    '-p',
    String(stack.gateway.postgresPort),
    '-U',
    SERVICE_ACCOUNT,
    'shop',
    '-c',
    text,
  ];
  const child = spawn('psql', argv, {
    env: { ...process.env, PGPASSWORD: stack.serviceKey, PGSSLMODE: 'require' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (said.out += chunk));
  child.stderr.on('data', (chunk) => (said.err += chunk));
  const ended = once(child, 'close').then(([code]) => ({ code, ...said }));
  return { ended, interrupt: () => child.kill('SIGINT') };
}

/** The statement of the file that holds `text`. */
function statementWith(text: string): string {
  const line = lines().find((one) => one.includes(text));
  assert.ok(line !== undefined, text);
  return line;
}

function lines(): string[] {
  return readFileSync(join(stack.workspace, FILE), 'utf8').split('\n');
}

/** Ana runs the statement that holds `text`. */
async function run(text: string): Promise<void> {
  await ana.openFile(FILE, lines().indexOf(statementWith(text)) + 1);
  await ana.page.keyboard.press('Control+Enter');
}

/** Ana runs it, it is held, and Dana has it in front of her. */
async function held(text: string): Promise<FrameLocator> {
  await run(text);
  await (await ana.results()).getByRole('heading', { name: 'Waiting for dba' }).waitFor();
  const panel = await dana.approvals();
  const head = waiting(panel);
  await head.click();
  await panel.locator('pre.statement', { hasText: text }).first().waitFor();
  await dana.page.keyboard.press('Escape');
  await head.focus();
  return panel;
}

/** The most urgent request that waits for Dana. */
function waiting(panel: FrameLocator): Locator {
  return panel.getByRole('region', { name: 'Waiting for you' }).locator('.request-head').first();
}

async function query(text: string, values: unknown[]): Promise<{ name: string }[]> {
  const client = new Client({ connectionString: stack.sample.superuserUrl() });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(text, values);
  await client.end();
  return rows;
}

async function namesOf(...ids: number[]): Promise<string[]> {
  const rows = await query('SELECT name FROM customers WHERE id = ANY($1) ORDER BY id', [ids]);
  return rows.map(({ name }) => name);
}

async function countOf(name: string): Promise<number> {
  return (await query('SELECT name FROM customers WHERE name = $1', [name])).length;
}
