import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser } from '../../test/e2e/harness/browser.ts';
import { watchGrowth } from '../../test/e2e/harness/memory.ts';
import { signIn } from '../../test/e2e/harness/sign-in.ts';
import { startStack } from '../../test/e2e/harness/stack.ts';
import { Workbench } from '../../test/e2e/harness/workbench.ts';

/** From the key press, in ms; growth in MB at its highest, looked at ten times a second. */
export type EditorResult = {
  firstRowsOnScreenMs: number;
  lastRowKnownMs: number;
  gatewayGrownMegabytes: number;
  extensionHostGrownMegabytes: number;
};

const FILE = '1-look-around.sql';
const STATEMENT = 'select * from page_views';
const MEGABYTE = 1024 * 1024;
const WAIT_MS = 180_000;

/** A million rows into the grid of the real VS Code (code-server and Chromium), as the journey of the e2e runs it. */
export async function benchEditor(): Promise<EditorResult> {
  await using opened = new AsyncDisposableStack();
  const stack = await startStack();
  opened.defer(() => stack.stop());
  const browser = await openBrowser();
  opened.defer(() => browser.close());
  const workbench = new Workbench(await browser.context.newPage());
  await workbench.open(stack.editor.address(stack.workspace));
  await signIn(workbench, browser.context, /Ana/, async () => undefined);
  const lines = readFileSync(join(stack.workspace, FILE), 'utf8').split('\n');
  await workbench.openFile(FILE, 1);
  await workbench.runCommand('Choose Target for This File');
  await workbench.quickPick('shop').click();
  const { page } = workbench;
  const results = await workbench.results();
  // A smaller statement first, so that everything on the way has been loaded once.
  await run('select * from customers');
  await results.getByRole('tab', { name: /50,000/ }).waitFor();
  const gateway = watchGrowth(/sluice\.mjs start/);
  const host = watchGrowth(/--type=extensionHost/);
  const startedAtMs = await run(STATEMENT);
  await results.getByRole('gridcell', { name: '/checkout' }).first().waitFor();
  const firstRowsOnScreenMs = performance.now() - startedAtMs;
  await results.getByRole('tab', { name: /1,000,000/ }).waitFor({ timeout: WAIT_MS });
  await results.locator('.run-status', { hasText: /\d s/ }).waitFor({ timeout: WAIT_MS });
  return {
    firstRowsOnScreenMs,
    lastRowKnownMs: performance.now() - startedAtMs,
    gatewayGrownMegabytes: gateway.stop() / MEGABYTE,
    extensionHostGrownMegabytes: host.stop() / MEGABYTE,
  };

  async function run(statement: string): Promise<number> {
    await workbench.openFile(FILE, lines.findIndex((line) => line.startsWith(statement)) + 1);
    const atMs = performance.now();
    await page.keyboard.press('Control+Enter');
    return atMs;
  }
}
