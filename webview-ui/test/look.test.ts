import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness/open-page.ts';

let harness: Harness;
before(async () => {
  harness = await startHarness();
});
after(() => harness.close());

for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
  test(`a picture of the grid, ${theme}`, async () => {
    const { page, problems } = await harness.open({ scenario: 'million', theme });
    await page.waitForSelector('[role=gridcell] .value');
    await harness.shoot(page, `grid-${theme}`);
    assert.deepEqual(problems, []);
  });
}

for (const scenario of [
  'types',
  'blocked',
  'approval',
  'failed',
  'messages',
  'growing',
  'several',
  'signed-out',
  'nothing-run',
  'no-rows',
  'wide',
]) {
  test(`a picture of ${scenario}`, async () => {
    const { page, problems } = await harness.open({ scenario });
    await page.waitForLoadState('networkidle');
    await harness.shoot(page, scenario);
    assert.deepEqual(problems, []);
  });
}
