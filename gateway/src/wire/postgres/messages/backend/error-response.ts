import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';
import { decodeErrorFields, type ErrorFields, writeErrorFields } from './error-fields.ts';

/** ErrorResponse: the command (or the session, when FATAL) failed. */
export type ErrorResponse = { type: 'errorResponse'; fields: ErrorFields };

export function decodeErrorResponse(body: BodyReader): ErrorResponse {
  return { type: 'errorResponse', fields: decodeErrorFields(body) };
}

export function encodeErrorResponse(message: ErrorResponse): Buffer {
  return writeErrorFields(frame('E'), message.fields).end();
}
