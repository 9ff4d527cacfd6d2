/** `npm run package`: builds everything and writes sluice.vsix. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/root.ts';
import { build } from './build.ts';
import { packagedFiles, packageExtension } from './package-extension.ts';

await build();
const file = join(root, 'sluice.vsix');
packageExtension(file);
for (const name of await packagedFiles()) console.log(`  ${name}`);
console.log(`${file} (${Math.ceil(statSync(file).size / 1024)} KB)`);
