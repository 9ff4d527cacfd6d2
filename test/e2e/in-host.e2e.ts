/** The extension's own suites, inside VS Code's extension host. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser } from './harness/browser.ts';
import { runInHost } from './harness/in-host.ts';

test('the suites of extension/test pass inside the extension host', async () => {
  const browser = await openBrowser();
  try {
    const { exitCode, log } = await runInHost(browser.context);
    console.log(log);
    assert.equal(exitCode, 0, log);
    assert.match(log, /\d+ passing/);
  } finally {
    await browser.close();
  }
});
