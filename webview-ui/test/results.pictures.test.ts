import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, type PageOptions, startHarness } from './harness/open-page.ts';

let harness: Harness;
before(async () => {
  harness = await startHarness();
});
after(() => harness.close());

const THEMES = ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const;
const SCENARIOS = [
  'types',
  'blocked',
  'approval',
  'held',
  'held-answered',
  'denied',
  'failed',
  'messages',
  'growing',
  'several',
  'signed-out',
  'nothing-run',
  'no-rows',
  'wide',
];

const pictures: Readonly<Record<string, PageOptions>> = Object.fromEntries([
  ...THEMES.map((theme) => [`grid-${theme}`, { scenario: 'million', theme }] as const),
  ...THEMES.map((theme) => [`blocked-${theme}`, { scenario: 'blocked', theme }] as const),
  ...SCENARIOS.map((scenario) => [scenario, { scenario }] as const),
  ['narrow', { scenario: 'several', width: 380, height: 480 }],
  ['narrow-held', { scenario: 'held-answered', width: 380, height: 480, theme: 'light' }],
  ['narrow-blocked', { scenario: 'blocked', width: 320, height: 480, theme: 'light' }],
  ['forced-colors', { scenario: 'small', forcedColors: true }],
]);

for (const [name, options] of Object.entries(pictures)) {
  test(`picture ${name}: nothing is reported by the browser, nothing stands outside its box`, async () => {
    const { page, problems } = await harness.open(options);
    await page.waitForLoadState('networkidle');
    await harness.shoot(page, name);
    assert.deepEqual(problems, []);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
  });
}

test('pictures of what opens: explanation, menus, filters, value', async () => {
  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    const { page, problems } = await harness.open({ scenario: 'small', theme });
    await page.click('[role=row][aria-rowindex="4"] [aria-colindex="4"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.why');
    await harness.shoot(page, `why-${theme}`);
    await page.keyboard.press('Escape');
    await page.click('[role=row][aria-rowindex="3"] [aria-colindex="3"]', { button: 'right' });
    await harness.shoot(page, `menu-${theme}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+f');
    await page.keyboard.type('Ana');
    await page.click('[aria-label="Add a filter"]');
    await page.waitForSelector('text=of 200 rows match');
    await page.hover('[role=row][aria-rowindex="3"] [aria-colindex="2"]');
    await page.mouse.down();
    await page.hover('[role=row][aria-rowindex="6"] [aria-colindex="5"]');
    await page.mouse.up();
    await harness.shoot(page, `filters-${theme}`);
    assert.deepEqual(problems, []);
  }
});

test('pictures of the value pane', async () => {
  const { page, problems } = await harness.open({ scenario: 'types', width: 1200 });
  for (const [column, name] of [
    [6, 'text'],
    [7, 'json'],
    [8, 'bytes'],
    [10, 'texts'],
    [14, 'masked'],
  ] as const) {
    const row = column === 6 ? 3 : 2;
    await page.evaluate(
      (left) => document.querySelector('.grid')?.scrollTo({ left }),
      column === 14 ? 9_999 : column * 90,
    );
    await page.waitForSelector(`[role=row][aria-rowindex="${row}"] [aria-colindex="${column + 1}"]`);
    await page.click(`[role=row][aria-rowindex="${row}"] [aria-colindex="${column + 1}"]`, {
      position: { x: 3, y: 3 },
    });
    if (!(await page.$('.detail'))) await page.keyboard.press('Space');
    await page.waitForSelector('.detail');
    await harness.shoot(page, `value-${name}`);
  }
  assert.deepEqual(problems, []);
});
