import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

/** Bind: makes a portal of a statement and its parameters. Format codes: 0 text, 1 binary; none means text. */
export type Bind = {
  type: 'bind';
  portal: string;
  statement: string;
  parameterFormats: number[];
  parameters: (Buffer | null)[];
  resultFormats: number[];
};

export function decodeBind(body: BodyReader): Bind {
  const portal = body.cstring();
  const statement = body.cstring();
  const parameterFormats = body.list(() => body.int16());
  const parameters = body.list(() => body.nullableBytes());
  const resultFormats = body.list(() => body.int16());
  body.end();
  return { type: 'bind', portal, statement, parameterFormats, parameters, resultFormats };
}

/** Only the names, for those who pass the frame on as it is. */
export function decodeBindNames(body: BodyReader): { portal: string; statement: string } {
  return { portal: body.cstring(), statement: body.cstring() };
}

/** Only the result formats; the parameters are not looked at. */
export function decodeResultFormats(body: BodyReader): number[] {
  decodeBindNames(body);
  body.list(() => body.int16());
  body.list(() => body.skipNullableBytes());
  return body.list(() => body.int16());
}

export function encodeBind(message: Bind): Buffer {
  return frame('B')
    .cstring(message.portal)
    .cstring(message.statement)
    .list(message.parameterFormats, (builder, format) => builder.int16(format))
    .list(message.parameters, (builder, value) => builder.nullableBytes(value))
    .list(message.resultFormats, (builder, format) => builder.int16(format))
    .end();
}
