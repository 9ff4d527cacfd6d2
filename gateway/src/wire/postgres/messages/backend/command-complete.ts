import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

/** CommandComplete: the command tag, `INSERT 0 5`, `SELECT 42`. */
export type CommandComplete = { type: 'commandComplete'; tag: string };

export function decodeCommandComplete(body: BodyReader): CommandComplete {
  const tag = body.cstring();
  body.end();
  return { type: 'commandComplete', tag };
}

export function encodeCommandComplete(message: CommandComplete): Buffer {
  return frame('C').cstring(message.tag).end();
}

/** Rows that a tag counts: 5 of `INSERT 0 5`; 0 of a tag without a count. */
export function rowsOfTag(tag: string): number {
  const count = / (\d+)$/.exec(tag)?.[1];
  return count === undefined ? 0 : Number(count);
}
