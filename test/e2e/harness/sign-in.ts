import type { BrowserContext } from 'playwright-core';
import type { Pictures } from './browser.ts';
import type { Workbench } from './workbench.ts';

/** Signs in as people do: a code in the editor, confirmed on the gateway's page, where `person` is chosen. */
export async function signIn(
  workbench: Workbench,
  context: BrowserContext,
  person: RegExp,
  take: Pictures,
  /** What is there once they are: whoever may use the shop sees it. */
  signedIn = workbench.treeItem('shop'),
): Promise<void> {
  const { page } = workbench;
  await workbench.showContainer('Sluice');
  await page.locator('.sidebar').getByRole('button', { name: 'Sign In' }).first().click();
  await workbench.dialogButton('Copy Code').waitFor();
  await take(page, 'code');
  await workbench.dialogButton('Copy Code').click();
  // The workbench asks before it opens any page outside of itself.
  const opening = context.waitForEvent('page');
  await workbench.dialogButton('Open').click();
  const signInPage = await opening;
  await signInPage.getByRole('button', { name: 'Continue' }).click();
  await signInPage.getByRole('button', { name: person }).waitFor();
  await take(signInPage, 'choose-who-you-are');
  await signInPage.getByRole('button', { name: person }).click();
  await signInPage.getByText('You are signed in').waitFor();
  await signInPage.close();
  await signedIn.waitFor();
}
