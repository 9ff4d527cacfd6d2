import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

import { type ProtocolVersion, protocolVersion, protocolVersionNumber } from '../protocol-version.ts';

/**
 * NegotiateProtocolVersion: the newest version the server supports, and the `_pq_.` options of the start-up
 * packet that it does not know. The number on the wire carries major and minor.
 */
export type NegotiateProtocolVersion = {
  type: 'negotiateProtocolVersion';
  newest: ProtocolVersion;
  unrecognizedOptions: string[];
};

export function decodeNegotiateProtocolVersion(body: BodyReader): NegotiateProtocolVersion {
  const newest = protocolVersion(body.int32());
  const count = body.int32();
  const unrecognizedOptions: string[] = [];
  for (let index = 0; index < count; index += 1) unrecognizedOptions.push(body.cstring());
  body.end();
  return { type: 'negotiateProtocolVersion', newest, unrecognizedOptions };
}

export function encodeNegotiateProtocolVersion(message: NegotiateProtocolVersion): Buffer {
  const builder = frame('v')
    .int32(protocolVersionNumber(message.newest))
    .int32(message.unrecognizedOptions.length);
  for (const option of message.unrecognizedOptions) builder.cstring(option);
  return builder.end();
}
