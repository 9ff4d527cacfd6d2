/** `npm run test:electron`: the in-host suites in a desktop VS Code, which this downloads. Needs internet and a screen. */
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from '../package/build.ts';
import { root } from '../setup/root.ts';

await build();
process.exitCode = await runTests({
  extensionDevelopmentPath: root,
  extensionTestsPath: join(root, 'dist/test/index.cjs'),
  launchArgs: [join(root, 'sample/workspace'), '--disable-extensions', '--disable-workspace-trust'],
});
