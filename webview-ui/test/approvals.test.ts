import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Harness, type PageOptions, startHarness } from './harness/open-page.ts';

let harness: Harness;
before(async () => {
  harness = await startHarness();
});
after(() => harness.close());

async function open(scenario: string, options: Partial<PageOptions> = {}) {
  const opened = await harness.open({ screen: 'approvals', scenario, width: 320, height: 700, ...options });
  await opened.page.waitForLoadState('networkidle');
  return opened;
}

const calls = (page: Page) => page.evaluate(() => window.journal.calls);
const heads = (page: Page) => page.locator('.request-head').allInnerTexts();

test('the inbox: broken glass first, then what lapses soonest; own ones and history have their places', async () => {
  const { page, problems } = await open('several');
  assert.deepEqual(await page.locator('h2').allInnerTexts(), ['WAITING FOR YOU 3', 'ASKED BY YOU 1']);
  const [first, second, third, fourth] = await heads(page);
  assert.match(first ?? '', /Ana wanted to update customers\s+ran without approval/);
  assert.match(second ?? '', /update customers\s+(1 min|\d+ s)/);
  assert.match(third ?? '', /delete from orders\s+12 min/);
  assert.match(fourth ?? '', /You want to/);
  await page.click('text=Show history');
  await page.waitForSelector('text=denied');
  assert.equal((await calls(page)).filter(({ type }) => type === 'history').length, 1);
  assert.deepEqual(problems, []);
});

test('the card says all that the gateway computed, and what it could not', async () => {
  const { page } = await open('one');
  const text = await page.locator('.card').innerText();
  for (const words of [
    'Changes 3 of about 50,000 rows of public.customers.',
    '3 of about 50,000, counted',
    'served by index customers_pkey',
    'orders: set null (orders_customer_id_fkey)',
    'customers_touch on customers',
    'customers: RowExclusiveLock',
    'orders: ShareRowExclusiveLock',
    'Rewrites public.customers',
    '•••••@example.net',
    'was not counted',
    'SHOP-17',
    'Are all three theirs?',
    '2 people of dba',
    'agreed: Eve Lund',
    '1 person missing',
  ]) {
    assert.ok(text.includes(words), `${words}\n${text}`);
  }
});

test('arrows move, and the keyboard goes along', async () => {
  const { page } = await open('several');
  await page.locator('.request-head').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector('.request-head:focus[aria-expanded="true"] >> text=update customers');
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector('.request-head:focus >> text=delete from orders');
  await page.keyboard.press('ArrowUp');
  await page.waitForSelector('.request-head:focus >> text=update customers');
  assert.equal(await page.locator('.card').count(), 1);
});

test('`a` approves exactly what is shown, once, however long it is held', async () => {
  const { page } = await open('one');
  await page.locator('.request-head').focus();
  await page.keyboard.down('a');
  await page.keyboard.down('a');
  await page.keyboard.up('a');
  await page.waitForSelector('text=it has not run yet');
  assert.deepEqual(await calls(page), [
    {
      type: 'approve',
      body: {
        request: 'request-1',
        effect: 'effect-1',
        reason: '',
        bounds: { maxRows: null, windowSeconds: null },
      },
    },
  ]);
  assert.match(await page.locator('[role=status]').allInnerTexts().then(String), /Approved/);
});

test('letters that are written decide nothing', async () => {
  const { page } = await open('one');
  await page.locator('.request-head').focus();
  await page.keyboard.press('d');
  const reason = page.getByRole('textbox', { name: /Why not/ });
  await reason.pressSequentially('a bad idea');
  await page.keyboard.press('ArrowDown');
  assert.deepEqual(await calls(page), []);
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.request.denied');
  const [deny] = await calls(page);
  assert.deepEqual(deny, {
    type: 'deny',
    body: { request: 'request-1', effect: 'effect-1', reason: 'a bad idea' },
  });
});

test('a denial needs a reason; Escape leaves, and what was written waits', async () => {
  const { page } = await open('one');
  await page.locator('.request-head').focus();
  await page.keyboard.press('d');
  const reason = page.getByRole('textbox', { name: /Why not/ });
  await reason.waitFor();
  await page.keyboard.press('Control+Enter');
  assert.deepEqual(await calls(page), []);
  await reason.fill('half a');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.request-head:focus');
  await page.keyboard.press('d');
  assert.equal(await reason.inputValue(), 'half a');
});

test('limits: as many rows as were counted are offered, and a window where the rules allow one', async () => {
  const { page } = await open('one');
  await page.locator('.request-head').focus();
  await page.keyboard.press('l');
  const rows = page.getByRole('textbox', { name: 'Most rows that may change' });
  await rows.waitFor();
  assert.equal(await rows.inputValue(), '3');
  const minutes = page.getByRole('textbox', { name: /Minutes/ });
  await minutes.fill('90');
  await page.waitForSelector('[role=alert] >> text=do not allow');
  await minutes.fill('20');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.request.approved');
  const [approve] = await calls(page);
  assert.deepEqual(approve?.body, {
    request: 'request-1',
    effect: 'effect-1',
    reason: '',
    bounds: { maxRows: 3, windowSeconds: 1200 },
  });
});

test('a narrower statement is shown as a diff while it is written', async () => {
  const { page } = await open('one');
  await page.locator('.request-head').focus();
  await page.keyboard.press('e');
  await page
    .getByRole('textbox', { name: /would agree to/ })
    .fill("update customers set name = 'x' where id = 2");
  assert.equal(await page.locator('.diff del').innerText(), '1');
  assert.equal(await page.locator('.diff ins').innerText(), '2');
});

test('what somebody else decides shows at once, in place, and can not be decided again', async () => {
  const { page } = await open('one');
  await page.locator('.request-head').focus();
  await page.keyboard.press('d');
  await page.getByRole('textbox', { name: /Why not/ }).fill('too');
  await page.evaluate(() => window.tellRequest({ id: 'request-1', status: 'withdrawn' }, []));
  await page.waitForSelector('text=Withdrawn: nothing ran.');
  assert.equal(await page.locator('form.words, .actions').count(), 0);
  await page.locator('.request-head').focus();
  await page.keyboard.press('a');
  assert.deepEqual(await calls(page), []);
});

test('while nobody tells of changes, the panel says that it may be old', async () => {
  const { page } = await open('stale');
  await page.waitForSelector('.stale >> text=may be old');
  const fresh = await open('one');
  assert.equal(await fresh.page.locator('.stale').count(), 0);
});

test('a refusal is told in its own words', async () => {
  const { page } = await open('one');
  await page.evaluate(() => window.refuseNext());
  await page.locator('.request-head').focus();
  await page.keyboard.press('a');
  await page.waitForSelector('.toast >> text=it was denied already');
});

test('what was looked at, and what was written, is there again after the view was hidden', async () => {
  const { page } = await open('several');
  await page.locator('.request-head', { hasText: 'delete from orders' }).click();
  await page.keyboard.press('q');
  await page.getByRole('textbox', { name: 'Remark' }).fill('Which order');
  await page.reload();
  await page.waitForSelector('.card >> text=delete from orders');
  assert.equal(await page.getByRole('textbox', { name: 'Remark' }).inputValue(), 'Which order');
});

test('every control has a name, and every field a label', async () => {
  const { page } = await open('several');
  for (const key of ['l', 'd', 'q', 'e']) {
    await page.locator('.request-head').nth(1).click();
    await page.keyboard.press(key);
    await page.waitForSelector('form.words');
    for (const box of await page.getByRole('textbox').all()) {
      assert.notEqual(await box.getAttribute('aria-label'), null);
    }
    const named = await page.getByRole('button', { name: /\S/ }).count();
    assert.equal(named, await page.getByRole('button').count());
    await page.keyboard.press('Escape');
  }
});

const THEMES = ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const;
const pictures: Readonly<Record<string, { scenario: string } & Partial<PageOptions>>> = Object.fromEntries([
  ...THEMES.map((theme) => [`one-${theme}`, { scenario: 'one', theme, height: 1000 }] as const),
  ...['several', 'bare', 'stale', 'nothing', 'signed-out', 'offline'].map(
    (name) => [name, { scenario: name }] as const,
  ),
  ['narrow', { scenario: 'one', width: 200, theme: 'light' }],
  ['wide', { scenario: 'several', width: 700 }],
  ['forced-colors', { scenario: 'several', forcedColors: true }],
]);

for (const [name, options] of Object.entries(pictures)) {
  test(`picture approvals-${name}: nothing is reported by the browser, nothing stands outside its box`, async () => {
    const { page, problems } = await open(options.scenario, options);
    await harness.shoot(page, `approvals-${name}`);
    assert.deepEqual(problems, []);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
  });
}

test('pictures of what is written', async () => {
  for (const key of ['l', 'd', 'e']) {
    const { page, problems } = await open('one', { theme: 'light', height: 1000 });
    await page.locator('.request-head').focus();
    await page.keyboard.press(key);
    await page.waitForSelector('form.words');
    if (key === 'e') await page.getByRole('textbox').fill("update customers set name = 'x' where id = 2");
    await harness.shoot(page, `approvals-form-${key}`);
    assert.deepEqual(problems, []);
  }
});
