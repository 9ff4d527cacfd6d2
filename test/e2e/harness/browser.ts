import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../../../scripts/setup/chromium.ts';
import { root } from '../../../scripts/setup/root.ts';

export type Pictures = (page: Page, name: string) => Promise<void>;

/** Debian's Chromium, reaching nothing but this machine. */
export async function openBrowser(): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const browser = await launchChromium();
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  return { context, close: () => browser.close() };
}

/** Saves numbered screenshots of one suite under test-results/. */
export function picturesOf(suite: string): Pictures {
  const folder = join(root, 'test-results', suite);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let count = 0;
  return async (page, name) => {
    count += 1;
    await page.screenshot({ path: join(folder, `${String(count).padStart(2, '0')}-${name}.png`) });
  };
}
