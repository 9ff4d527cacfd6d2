import type { BodyReader } from '../bytes/body-reader.ts';
import { frame } from '../bytes/frame-builder.ts';

/** CopyData, from either side. Message boundaries mean nothing in a COPY from a client. */
export type CopyData = { type: 'copyData'; data: Buffer };

export function decodeCopyData(body: BodyReader): CopyData {
  return { type: 'copyData', data: body.rest() };
}

export function encodeCopyData(message: CopyData): Buffer {
  return frame('d').bytes(message.data).end();
}
