import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PublicKey, parsePublicKey } from '../../../gateway/src/wire/ssh/keys/public-key.ts';
import { readKeyLine } from '../../../gateway/src/wire/ssh/lines/key-line.ts';
import { succeed } from './run.ts';

/** Every type of key that ssh-keygen makes without a security key: its arguments by the blob's type. */
export const GENERATED = {
  'ssh-ed25519': ['-t', 'ed25519'],
  'ecdsa-sha2-nistp256': ['-t', 'ecdsa', '-b', '256'],
  'ecdsa-sha2-nistp384': ['-t', 'ecdsa', '-b', '384'],
  'ecdsa-sha2-nistp521': ['-t', 'ecdsa', '-b', '521'],
  'ssh-rsa': ['-t', 'rsa', '-b', '2048'],
} as const;
export type GeneratedType = keyof typeof GENERATED;
export const GENERATED_TYPES = Object.keys(GENERATED).filter(
  (type): type is GeneratedType => type in GENERATED,
);

/** Private key in `file`, public one in `file.pub`. */
export type KeyFile = { file: string; publicKey: PublicKey };

export async function generateKey(folder: string, name: string, type: GeneratedType): Promise<KeyFile> {
  const file = join(folder, name);
  await succeed('ssh-keygen', ['-q', '-N', '', '-C', `${name} of the lab`, '-f', file, ...GENERATED[type]]);
  return { file, publicKey: publicKeyIn(`${file}.pub`) };
}

export function publicKeyIn(file: string): PublicKey {
  const parsed = parsePublicKey(blobIn(file));
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.why);
  return parsed.value;
}

/** The blob of the key or certificate that stands in a `.pub` file. */
export function blobIn(file: string): Buffer {
  const line = readKeyLine(readFileSync(file, 'utf8'));
  assert.ok(line.ok, line.ok ? '' : line.why);
  return line.value.blob;
}

/** Has ssh-keygen certify `subject`. Gives the certificate's blob; it stays in a file beside the subject's key. */
export async function certify(
  authority: KeyFile,
  subject: Pick<KeyFile, 'file'>,
  args: readonly string[],
): Promise<Buffer> {
  await succeed('ssh-keygen', ['-q', '-s', authority.file, ...args, `${subject.file}.pub`]);
  return blobIn(`${subject.file}-cert.pub`);
}

export function write(folder: string, name: string, text: string, mode = 0o600): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode });
  return file;
}
