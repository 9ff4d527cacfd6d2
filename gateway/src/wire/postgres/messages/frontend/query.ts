import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

/** Query: one or more statements of text, the simple protocol. */
export type Query = { type: 'query'; query: string };

export function decodeQuery(body: BodyReader): Query {
  const query = body.cstring();
  body.end();
  return { type: 'query', query };
}

export function encodeQuery(message: Query): Buffer {
  return frame('Q').cstring(message.query).end();
}
