import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

/** Parse: prepares one statement. A type of 0, or none, leaves the type to the server. */
export type Parse = { type: 'parse'; statement: string; query: string; parameterTypes: number[] };

export function decodeParse(body: BodyReader): Parse {
  const statement = body.cstring();
  const query = body.cstring();
  const parameterTypes = body.list(() => body.uint32());
  body.end();
  return { type: 'parse', statement, query, parameterTypes };
}

export function encodeParse(message: Parse): Buffer {
  return frame('P')
    .cstring(message.statement)
    .cstring(message.query)
    .list(message.parameterTypes, (builder, oid) => builder.int32(oid))
    .end();
}
