import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { EXCEPTIONS, HOLDERS, NOT_THEIRS } from './by-design.ts';
import { contentsOf, filesBelow } from './contents.ts';
import { Finder, type Secret } from './finder.ts';

export type Sweep = { files: number; bytes: number; secrets: number; found: string[] };

/** Whoever has such a line has a key, whosever it is. */
const KEY_LINES = ['', 'OPENSSH ', 'RSA ', 'EC ', 'ENCRYPTED '].map((kind) => ({
  what: 'a private key',
  value: `-----BEGIN ${kind}PRIVATE KEY-----`,
}));

/** Looks for `secrets`, and for what files hold by design, in every other file below `folder`. */
export function sweep(folder: string, secrets: readonly Secret[]): Sweep {
  const files = filesBelow(folder)
    .map((path) => ({ path, name: relative(folder, path) }))
    .filter(({ name }) => !NOT_THEIRS.some(({ file }) => file.test(name)));
  const held = files.flatMap(heldIn);
  const finder = new Finder([...secrets, ...held, ...KEY_LINES]);
  const found: string[] = [];
  let bytes = 0;
  for (const { path, name } of files) {
    for (const content of contentsOf(path)) {
      bytes += content.length;
      for (const what of finder.find(content)) if (!isByDesign(what, name)) found.push(`${what} in ${name}`);
    }
  }
  return { files: files.length, bytes, secrets: secrets.length + held.length, found: [...new Set(found)] };
}

const AS_HELD = ' as it is held in ';

function heldIn({ path, name }: { path: string; name: string }): Secret[] {
  const holder = HOLDERS.find(({ file }) => file.test(path));
  if (holder === undefined) return [];
  const values = holder.secretsOf(readFileSync(path, 'utf8'));
  return values.map((value) => ({ what: `a secret${AS_HELD}${name}`, value }));
}

function isByDesign(what: string, name: string): boolean {
  if (what.endsWith(`${AS_HELD}${name}`)) return true;
  if (what === 'a private key' && HOLDERS.some(({ file }) => file.test(`/${name}`))) return true;
  return EXCEPTIONS.some((exception) => exception.file.test(name) && exception.what.test(what));
}
