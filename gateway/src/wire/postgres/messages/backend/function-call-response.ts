import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

/** FunctionCallResponse: the result, null for NULL. */
export type FunctionCallResponse = { type: 'functionCallResponse'; result: Buffer | null };

export function decodeFunctionCallResponse(body: BodyReader): FunctionCallResponse {
  const result = body.nullableBytes();
  body.end();
  return { type: 'functionCallResponse', result };
}

export function encodeFunctionCallResponse(message: FunctionCallResponse): Buffer {
  return frame('V').nullableBytes(message.result).end();
}
