import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

/** Execute: runs a portal for at most `maxRows` rows; 0 is no limit. */
export type Execute = { type: 'execute'; portal: string; maxRows: number };

export function decodeExecute(body: BodyReader): Execute {
  const portal = body.cstring();
  const maxRows = body.int32();
  body.end();
  return { type: 'execute', portal, maxRows };
}

export function encodeExecute(message: Execute): Buffer {
  return frame('E').cstring(message.portal).int32(message.maxRows).end();
}
