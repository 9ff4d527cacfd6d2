import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../../../scripts/setup/chromium.ts';
import { root } from '../../../scripts/setup/root.ts';

export type Pictures = (page: Page, name: string) => Promise<void>;

export type OpenBrowser = {
  /** One person's: cookies, storage and sign-in are theirs alone. */
  context: BrowserContext;
  anotherPerson(): Promise<BrowserContext>;
  close(): Promise<void>;
};

/** Debian's Chromium, reaching nothing but this machine. */
export async function openBrowser(): Promise<OpenBrowser> {
  const browser = await launchChromium();
  const anotherPerson = () =>
    browser.newContext({
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
      locale: 'en-GB',
      timezoneId: 'UTC',
    });
  return { context: await anotherPerson(), anotherPerson, close: () => browser.close() };
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
