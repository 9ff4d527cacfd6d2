import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

/** CopyFail: the client gives its COPY up, and why. */
export type CopyFail = { type: 'copyFail'; reason: string };

export function decodeCopyFail(body: BodyReader): CopyFail {
  const reason = body.cstring();
  body.end();
  return { type: 'copyFail', reason };
}

export function encodeCopyFail(message: CopyFail): Buffer {
  return frame('f').cstring(message.reason).end();
}
