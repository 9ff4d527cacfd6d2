import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, stripVTControlCharacters } from 'node:util';
import type { BrowserContext } from 'playwright-core';
import { startCodeServer } from '../../../scripts/editor/code-server.ts';
import { build } from '../../../scripts/package/build.ts';
import { freePort } from '../../../scripts/processes/free-port.ts';
import { root } from '../../../scripts/setup/root.ts';
import { removeWritten } from '../../../scripts/test/written.ts';

export type InHostResult = { exitCode: number; log: string };

const SUITES_MS = 180_000;

/**
 * Runs the suites of extension/test inside VS Code's extension host, with the extension as a development extension,
 * and returns what they printed.
 */
export async function runInHost(context: BrowserContext): Promise<InHostResult> {
  await using opened = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-in-host-'));
  opened.defer(() => removeWritten(folder));
  await build();
  const editor = await startCodeServer({
    port: await freePort(),
    stateDir: join(folder, 'editor'),
    smokeTestDriver: true,
  });
  opened.defer(() => editor.stop());
  const page = await context.newPage();
  const words: string[] = [];
  await page.exposeFunction('codeAutomationLog', (_kind: string, parts: unknown[]) => {
    words.push(stripVTControlCharacters(format(...parts)));
  });
  const exit = new Promise<number>((settle) => {
    void page.exposeFunction('codeAutomationExit', (code: number) => settle(code));
  });
  const remote = (path: string) => `vscode-remote://127.0.0.1:${editor.port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(join(root, 'dist/test/index.cjs'))],
    ['skipWelcome', 'true'],
  ];
  await page.goto(editor.address(join(root, 'sample/workspace'), { payload: JSON.stringify(payload) }));
  const exitCode = await Promise.race([
    exit,
    new Promise<number>((_, fail) => {
      setTimeout(
        () => fail(new Error(`The suites did not end. They said:\n${words.join('\n')}`)),
        SUITES_MS,
      ).unref();
    }),
  ]);
  await page.close();
  return { exitCode, log: words.filter(isMochas).join('\n') };
}

/** Mocha's own lines, out of everything that the extension host prints. */
function isMochas(line: string): boolean {
  return /^\s*(✔|\d+\) |\d+ (passing|failing|pending)\b|[A-Za-z]*Error\b.*\btest)/.test(line);
}
