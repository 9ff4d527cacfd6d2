import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Harness, startHarness } from './harness/open-page.ts';

let harness: Harness;
before(async () => {
  harness = await startHarness();
});
after(() => harness.close());

async function open(scenario: string) {
  const opened = await harness.open({ scenario });
  await opened.page.waitForSelector('.failure');
  return opened;
}

/** What the view asked of the host, once there are so many; a click is over before its message has arrived. */
async function acts(page: Page, count: number) {
  const calls = () => window.journal.calls.filter(({ type }) => type !== 'ready' && type !== 'rows');
  await page.waitForFunction(
    (wanted) =>
      window.journal.calls.filter(({ type }) => type !== 'ready' && type !== 'rows').length >= wanted,
    count,
  );
  return page.evaluate(calls);
}

test('a held statement is in front: for whom it waits, how long, and why', async () => {
  const { page, problems } = await open('held');
  assert.equal(await page.locator('[role=tab][aria-selected=true]').innerText(), 'Waiting');
  const text = await page.locator('.held').innerText();
  assert.match(text, /Waiting for 2 people of dba/);
  assert.match(text, /12 min left/);
  assert.match(text, /Two see more/);
  assert.match((await page.locator('[role=status]').allInnerTexts()).join(' '), /goes on by itself/);
  assert.deepEqual(problems, []);
});

test('the reason is asked once, right there, and can be changed', async () => {
  const { page } = await open('held');
  await page.getByRole('textbox', { name: 'Say why' }).fill('Swapped names.');
  await page.getByRole('textbox', { name: 'Ticket' }).fill('SHOP-1');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('text=Noted.');
  assert.deepEqual(await acts(page, 1), [
    { type: 'explain', body: { request: 'request-1', reason: 'Swapped names.', ticket: 'SHOP-1' } },
  ]);
  const answered = await open('held-answered');
  assert.equal(await answered.page.getByRole('textbox').count(), 0);
  await answered.page.click('text=Change');
  assert.equal(
    await answered.page.getByRole('textbox', { name: 'Say why' }).inputValue(),
    'Names were swapped.',
  );
});

test('a proposal is shown as changes, and accepted with one click', async () => {
  const { page } = await open('held-answered');
  assert.equal(await page.locator('.diff del').innerText(), '1');
  assert.equal(await page.locator('.diff ins').innerText(), '2');
  await page.getByRole('button', { name: 'Accept and run it' }).click();
  assert.deepEqual(await acts(page, 1), [{ type: 'acceptProposal', body: { run: 'held', statement: 0 } }]);
});

test('remarks are answered; glass is broken with a reason; a request is withdrawn', async () => {
  const { page } = await open('held-answered');
  await page.getByRole('button', { name: 'Answer…' }).click();
  await page.getByRole('textbox', { name: 'To those who decide' }).fill('Yes.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('button', { name: 'Break glass…' }).click();
  const breaking = page.getByRole('button', { name: 'Break glass and run it' });
  assert.equal(await breaking.isDisabled(), true);
  await page.getByRole('textbox', { name: 'Why it cannot wait' }).fill('It burns.');
  await breaking.click();
  await page.getByRole('button', { name: 'Withdraw' }).click();
  const request = 'request-1';
  assert.deepEqual(await acts(page, 3), [
    { type: 'remark', body: { request, text: 'Yes.' } },
    { type: 'breakGlass', body: { request, reason: 'It burns.' } },
    { type: 'withdraw', body: { request } },
  ]);
});

test('a denial is told once, in the words of who denied it', async () => {
  const { page } = await open('denied');
  const text = await page.locator('.failure').innerText();
  assert.match(text, /^\s*Denied\s+Denied by Dana Berg: Too wide\./);
  assert.equal(text.split('Too wide').length, 2);
});
