import type { BodyReader } from '../../bytes/body-reader.ts';
import { violation } from '../../violation.ts';

/** What Describe and Close speak of: a prepared statement (`S`) or a portal (`P`). */
export type NamedObject = { object: 'statement' | 'portal'; name: string };

export function decodeNamedObject(body: BodyReader): NamedObject {
  const object = objectOf(body.uint8());
  const name = body.cstring();
  body.end();
  return { object, name };
}

function objectOf(letter: number): NamedObject['object'] {
  if (letter === 0x53) return 'statement';
  if (letter === 0x50) return 'portal';
  throw violation(`${letter} is neither a statement nor a portal`);
}

export function letterOf(object: NamedObject['object']): string {
  return object === 'statement' ? 'S' : 'P';
}
