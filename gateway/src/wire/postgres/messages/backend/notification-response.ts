import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

/** NotificationResponse: a NOTIFY that this session listens for; may come at any time. */
export type NotificationResponse = {
  type: 'notificationResponse';
  processId: number;
  channel: string;
  payload: string;
};

export function decodeNotificationResponse(body: BodyReader): NotificationResponse {
  const processId = body.int32();
  const channel = body.cstring();
  const payload = body.cstring();
  body.end();
  return { type: 'notificationResponse', processId, channel, payload };
}

export function encodeNotificationResponse(message: NotificationResponse): Buffer {
  return frame('A').int32(message.processId).cstring(message.channel).cstring(message.payload).end();
}
