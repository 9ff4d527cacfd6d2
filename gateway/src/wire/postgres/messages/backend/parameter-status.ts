import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

/** ParameterStatus: a setting's value as of now; may come at any time. */
export type ParameterStatus = { type: 'parameterStatus'; name: string; value: string };

export function decodeParameterStatus(body: BodyReader): ParameterStatus {
  const name = body.cstring();
  const value = body.cstring();
  body.end();
  return { type: 'parameterStatus', name, value };
}

export function encodeParameterStatus(message: ParameterStatus): Buffer {
  return frame('S').cstring(message.name).cstring(message.value).end();
}
