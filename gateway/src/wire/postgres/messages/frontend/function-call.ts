import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

/** FunctionCall: the legacy fast path (`PQfn`). */
export type FunctionCall = {
  type: 'functionCall';
  functionOid: number;
  argumentFormats: number[];
  arguments: (Buffer | null)[];
  resultFormat: number;
};

export function decodeFunctionCall(body: BodyReader): FunctionCall {
  const functionOid = body.uint32();
  const argumentFormats = body.list(() => body.int16());
  const values = body.list(() => body.nullableBytes());
  const resultFormat = body.int16();
  body.end();
  return { type: 'functionCall', functionOid, argumentFormats, arguments: values, resultFormat };
}

export function encodeFunctionCall(message: FunctionCall): Buffer {
  return frame('F')
    .int32(message.functionOid)
    .list(message.argumentFormats, (builder, format) => builder.int16(format))
    .list(message.arguments, (builder, value) => builder.nullableBytes(value))
    .int16(message.resultFormat)
    .end();
}
