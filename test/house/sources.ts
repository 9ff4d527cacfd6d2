import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { root } from '../../scripts/setup/root.ts';

export type Import = { from: string; specifier: string; line: number };

/** Every file that git tracks or would track, relative to the repository. */
export function houseFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listed.split('\0'))].filter((file) => file !== '').sort();
}

/** TypeScript sources, relative to the repository. */
export function sourceFiles(): string[] {
  return houseFiles().filter((file) => /\.tsx?$/.test(file));
}

export function textOf(file: string): string {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    // Listed by git and removed since.
    return '';
  }
}

const importPattern =
  /(?:^|[\s;])(?:import|export)\s(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Static, dynamic and type imports of a file. */
export function importsOf(file: string): Import[] {
  const text = textOf(file);
  return [...text.matchAll(importPattern)].map((match) => ({
    from: file,
    specifier: match[1] ?? match[2] ?? '',
    line: text.slice(0, match.index).split('\n').length,
  }));
}

/** The file that a relative import names, relative to the repository; null for a package. */
export function importedFile({ from, specifier }: Import): string | null {
  return specifier.startsWith('.') ? normalize(join(dirname(from), specifier)) : null;
}

/** Tests and what only tests use: they may reach anywhere. */
export function isTest(file: string): boolean {
  return /\.(test|fixture|e2e)\.tsx?$/.test(file) || /(^|\/)(test|testing)\//.test(file);
}
