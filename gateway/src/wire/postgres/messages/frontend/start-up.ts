import { assertNever } from '../../../../../contract/assert-never.ts';
import type { BodyReader } from '../../bytes/body-reader.ts';
import { untypedFrame } from '../../bytes/frame-builder.ts';
import { unsupportedVersion, violation } from '../../violation.ts';
import { decodeCancelKey } from '../backend/backend-key-data.ts';
import { type ProtocolVersion, protocolVersion, protocolVersionNumber } from '../protocol-version.ts';

const CANCEL_REQUEST = 80877102;
const SSL_REQUEST = 80877103;
const GSSENC_REQUEST = 80877104;

/**
 * The packets without a type byte that a client may begin with. `parameters` keeps their order; `user` is
 * required, `database` defaults to it, names with `_pq_.` are protocol options.
 */
export type StartUpPacket =
  | { type: 'startupMessage'; version: ProtocolVersion; parameters: Map<string, string> }
  | { type: 'sslRequest' }
  | { type: 'gssEncRequest' }
  | { type: 'cancelRequest'; processId: number; secretKey: Buffer };

/** @throws SluiceError `wire.unsupported` for another major version than 3. */
export function decodeStartUpPacket(body: BodyReader): StartUpPacket {
  const packet = decode(body);
  body.end();
  return packet;
}

function decode(body: BodyReader): StartUpPacket {
  const code = body.int32();
  switch (code) {
    case CANCEL_REQUEST:
      return { type: 'cancelRequest', ...decodeCancelKey(body) };
    case SSL_REQUEST:
      return { type: 'sslRequest' };
    case GSSENC_REQUEST:
      return { type: 'gssEncRequest' };
    default:
      return { type: 'startupMessage', version: supportedVersion(code), parameters: parameters(body) };
  }
}

function supportedVersion(code: number): ProtocolVersion {
  const version = protocolVersion(code);
  if (version.major === 3) return version;
  throw unsupportedVersion(version.major, version.minor);
}

/** "Name/value pairs … A zero byte is required as a terminator after the last name/value pair." */
function parameters(body: BodyReader): Map<string, string> {
  const pairs = new Map<string, string>();
  for (let name = body.cstring(); name !== ''; name = body.cstring()) {
    if (pairs.has(name)) throw violation(`the start-up parameter ${name} is given twice`);
    pairs.set(name, body.cstring());
  }
  return pairs;
}

export function encodeStartUpPacket(packet: StartUpPacket): Buffer {
  const builder = untypedFrame();
  switch (packet.type) {
    case 'startupMessage':
      builder.int32(protocolVersionNumber(packet.version));
      for (const [name, value] of packet.parameters) builder.cstring(name).cstring(value);
      return builder.uint8(0).end();
    case 'sslRequest':
      return builder.int32(SSL_REQUEST).end();
    case 'gssEncRequest':
      return builder.int32(GSSENC_REQUEST).end();
    case 'cancelRequest':
      return builder.int32(CANCEL_REQUEST).int32(packet.processId).bytes(packet.secretKey).end();
    default:
      return assertNever(packet);
  }
}
