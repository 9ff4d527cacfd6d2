import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';
import { decodeErrorFields, type ErrorFields, writeErrorFields } from './error-fields.ts';

/** NoticeResponse: a message that ends nothing; may come at any time. */
export type NoticeResponse = { type: 'noticeResponse'; fields: ErrorFields };

export function decodeNoticeResponse(body: BodyReader): NoticeResponse {
  return { type: 'noticeResponse', fields: decodeErrorFields(body) };
}

export function encodeNoticeResponse(message: NoticeResponse): Buffer {
  return writeErrorFields(frame('N'), message.fields).end();
}
