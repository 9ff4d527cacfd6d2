import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';
import { violation } from '../../violation.ts';

/** What a cancel key may measure (manual, BackendKeyData): 4 bytes before protocol 3.2, then 4 to 256. */
export const MIN_CANCEL_KEY_BYTES = 4;
export const MAX_CANCEL_KEY_BYTES = 256;

/** BackendKeyData: what a CancelRequest must repeat. */
export type BackendKeyData = { type: 'backendKeyData'; processId: number; secretKey: Buffer };

/** Reads the process id and the key, which goes to the end of the message. CancelRequest has the same. */
export function decodeCancelKey(body: BodyReader): { processId: number; secretKey: Buffer } {
  const processId = body.int32();
  const secretKey = body.rest();
  if (secretKey.length < MIN_CANCEL_KEY_BYTES || secretKey.length > MAX_CANCEL_KEY_BYTES) {
    throw violation(`a cancel key of ${secretKey.length} bytes`);
  }
  return { processId, secretKey };
}

export function decodeBackendKeyData(body: BodyReader): BackendKeyData {
  return { type: 'backendKeyData', ...decodeCancelKey(body) };
}

export function encodeBackendKeyData(message: BackendKeyData): Buffer {
  return frame('K').int32(message.processId).bytes(message.secretKey).end();
}
