import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';
import { decodeNamedObject, letterOf, type NamedObject } from './named-object.ts';

/** Close: forgets a statement or a portal; one that does not exist is no error. */
export type Close = { type: 'close' } & NamedObject;

export function decodeClose(body: BodyReader): Close {
  return { type: 'close', ...decodeNamedObject(body) };
}

export function encodeClose(message: Close): Buffer {
  return frame('C').text(letterOf(message.object)).cstring(message.name).end();
}
