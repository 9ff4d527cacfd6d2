import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { listFiles, PackageManager } from '@vscode/vsce';
import { root } from '../setup/root.ts';

const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');

/** Packages what esbuild.mjs built into one VSIX for every platform. Throws an Error with the packager's words. */
export function packageExtension(packagePath: string): void {
  const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  const done = spawnSync(process.execPath, [vsce, 'package', ...flags, '--out', packagePath], {
    cwd: root,
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`The extension cannot be packaged:\n${done.stdout}${done.stderr}`);
}

/** The files that a VSIX would hold, relative to the repository. */
export function packagedFiles(): Promise<string[]> {
  return listFiles({ cwd: root, packageManager: PackageManager.None });
}
