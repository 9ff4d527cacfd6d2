import type { Outcome } from '../bytes/decode.ts';
import { typeNameOf } from '../keys/key-type.ts';

/** A key or certificate as a line of a `.pub` file has it. `type` is what the blob says too. */
export type KeyLine = { type: string; blob: Buffer; comment: string };

/** `ssh-ed25519 AAAA… comment`, without a line break: a `.pub` file, or a line of authorized_keys. */
export function keyLine(blob: Buffer, comment = ''): string {
  const line = `${typeNameOf(blob)} ${blob.toString('base64')}`;
  const shown = comment.replace(/\p{Cc}/gu, ' ').trim();
  return shown === '' ? line : `${line} ${shown}`;
}

/** Reads `ssh-ed25519 AAAA… comment`. Whether the blob is a good key of that type is for its own parser to say. */
export function readKeyLine(line: string): Outcome<KeyLine> {
  const [, type = '', base64 = '', comment = ''] = /^\s*(\S+)\s+(\S+)(?:\s+(.*?))?\s*$/s.exec(line) ?? [];
  const blob = Buffer.from(base64, 'base64');
  if (base64 === '' || blob.toString('base64') !== base64)
    return { ok: false, why: 'A key’s line has no base64' };
  if (typeNameOf(blob) !== type) return { ok: false, why: `A key’s line says ${type}, and its key does not` };
  return { ok: true, value: { type, blob, comment } };
}
