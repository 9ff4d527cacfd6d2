/**
 * Writes `contributes` and the settings around it in package.json, and package.nls.json, from
 * extension/src/contributions.ts. `--check` writes nothing and fails when they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { manifest } from '../extension/src/manifest.ts';

const root = new URL('../', import.meta.url);
const packageFile = new URL('package.json', root);
const stringsFile = new URL('package.nls.json', root);

const { fields, strings } = manifest();
const now = readFileSync(packageFile, 'utf8');
const wanted = `${JSON.stringify({ ...JSON.parse(now), ...fields }, null, 2)}\n`;
const wantedStrings = `${JSON.stringify(strings, null, 2)}\n`;

if (process.argv.includes('--check')) {
  const same = now === wanted && readFileSync(stringsFile, 'utf8') === wantedStrings;
  if (!same) {
    console.error('package.json or package.nls.json differs from contributions.ts: run scripts/manifest.ts');
    process.exitCode = 1;
  }
} else {
  writeFileSync(packageFile, wanted);
  writeFileSync(stringsFile, wantedStrings);
}
