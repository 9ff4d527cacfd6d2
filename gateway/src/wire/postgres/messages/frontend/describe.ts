import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';
import { decodeNamedObject, letterOf, type NamedObject } from './named-object.ts';

/** Describe: asks for ParameterDescription and RowDescription (or NoData). */
export type Describe = { type: 'describe' } & NamedObject;

export function decodeDescribe(body: BodyReader): Describe {
  return { type: 'describe', ...decodeNamedObject(body) };
}

export function encodeDescribe(message: Describe): Buffer {
  return frame('D').text(letterOf(message.object)).cstring(message.name).end();
}
