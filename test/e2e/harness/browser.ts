import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../../../scripts/setup/chromium.ts';
import { root } from '../../../scripts/setup/root.ts';
import { writtenFolder } from '../../../scripts/test/written.ts';

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
  const said: string[] = [];
  const anotherPerson = async () => {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
      locale: 'en-GB',
      timezoneId: 'UTC',
    });
    context.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    return context;
  };
  return {
    context: await anotherPerson(),
    anotherPerson,
    close: async () => {
      await keepStorage(browser.contexts(), said);
      await browser.close();
    },
  };
}

/**
 * The editor keeps its extensions' state in the browser: what stands there goes into a file where the run looks into
 * what was written.
 */
async function keepStorage(contexts: readonly BrowserContext[], said: readonly string[]): Promise<void> {
  const run = writtenFolder();
  if (run === null) return;
  const folder = mkdtempSync(join(run, 'sluice-browser-'));
  writeFileSync(join(folder, 'console.log'), said.join('\n'));
  for (const [index, context] of contexts.entries()) {
    const { origins } = await context.storageState({ indexedDB: true });
    writeFileSync(join(folder, `storage-${index + 1}.json`), JSON.stringify(origins, null, 1));
  }
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
