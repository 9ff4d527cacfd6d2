/** Suites that run inside VS Code's extension host: the runner loads this bundle and calls `run`. */
import type Mocha from 'mocha';
import { editorSuite } from './editor.suite.ts';
import { startSuite } from './start.suite.ts';

/** Resolves when every test has passed, rejects with the number of failures otherwise. */
export async function run(): Promise<void> {
  const { default: MochaRunner }: { default: typeof Mocha } = await import('mocha');
  const mocha = new MochaRunner({ ui: 'bdd', timeout: 30_000, color: true });
  mocha.suite.emit('pre-require', globalThis, 'in-host', mocha);
  startSuite();
  editorSuite();
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) => (failures === 0 ? resolve() : reject(new Error(`${failures} tests failed`))));
  });
}
