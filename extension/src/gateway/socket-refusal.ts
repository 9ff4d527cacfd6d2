import type { IncomingMessage } from 'node:http';
import type { RawData } from 'ws';
import { ErrorBody, SluiceError } from '../../../gateway/contract/error.ts';

/** Why the gateway did not open a WebSocket: its answer to the upgrade has an error body. Never rejects. */
export async function whyRefused(response: IncomingMessage): Promise<SluiceError> {
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve) => {
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('close', resolve);
    response.on('end', resolve);
  });
  return refusal(response.statusCode ?? 0, Buffer.concat(chunks));
}

function refusal(status: number, content: Buffer): SluiceError {
  const body = ErrorBody.safeParse(jsonOf(content));
  if (body.success) return new SluiceError(body.data.code, body.data.message, body.data.next);
  if (status === 401)
    return new SluiceError('identity.tokenInvalid', 'The sign-in has ended.', 'Sign in again.');
  return new SluiceError('internal.fault', `The gateway refused the session with HTTP status ${status}.`);
}

/** What the text of a frame or body says; undefined when it is no JSON. */
export function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
}

export function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
