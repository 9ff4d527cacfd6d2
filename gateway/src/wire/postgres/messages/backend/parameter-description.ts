import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

/** ParameterDescription: the types of a statement's parameters, in order. */
export type ParameterDescription = { type: 'parameterDescription'; typeOids: number[] };

export function decodeParameterDescription(body: BodyReader): ParameterDescription {
  const typeOids = body.list(() => body.uint32());
  body.end();
  return { type: 'parameterDescription', typeOids };
}

export function encodeParameterDescription(message: ParameterDescription): Buffer {
  return frame('t')
    .list(message.typeOids, (builder, oid) => builder.int32(oid))
    .end();
}
