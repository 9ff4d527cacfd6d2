import { decode, type Outcome } from '../bytes/decode.ts';
import type { Reader } from '../bytes/reader.ts';
import { MAX_PACKET_BYTES } from './frames.ts';
import { ATTRIBUTE, EXTENSIONS, PACKET, STATUS } from './numbers.ts';
import { packetOf } from './write-request.ts';

export type Status = { code: number; message: string };

/** What a server answers, as far as it is looked into. */
export type SftpReply =
  | { type: 'version'; version: number; extensions: string[] }
  | { type: 'status'; status: Status }
  | { type: 'handle'; handle: string }
  | { type: 'data'; data: Buffer }
  | { type: 'name'; count: number; first: string }
  /** Null where the server doesn't say. */
  | { type: 'attrs'; isFolder: boolean | null }
  | { type: 'other' };

/** Reads one packet of a server's, its length included (draft-ietf-secsh-filexfer-02 section 7). */
export function readReply(packet: Buffer): Outcome<SftpReply> {
  return decode('a reply of SFTP', packet.subarray(4), MAX_PACKET_BYTES, (reader) => {
    const type = reader.uint8('its type');
    const number = reader.uint32('its id');
    const reply = type === PACKET.version ? versionOf(number, reader) : replyOf(type, reader);
    // What servers of other versions add, and attributes, are passed on unread.
    reader.bytes('the rest', reader.remaining);
    return reply;
  });
}

/** How many bytes of a file a reply holds; null where it is no data. Nothing is copied or allocated. */
export function dataBytesOf(packet: Buffer): number | null {
  return packet[4] === PACKET.data && packet.length >= 13 ? packet.readUInt32BE(9) : null;
}

function versionOf(version: number, reader: Reader): SftpReply {
  const extensions: string[] = [];
  while (reader.remaining > 0) {
    const name = reader.string('the name of an extension').toString('latin1');
    if (EXTENSIONS[name] === reader.string('its version').toString('latin1')) extensions.push(name);
  }
  return { type: 'version', version, extensions };
}

function replyOf(type: number, reader: Reader): SftpReply {
  switch (type) {
    case PACKET.status: {
      const code = reader.uint32('its code');
      const message = reader.remaining > 0 ? reader.string('its message').toString() : '';
      return { type: 'status', status: { code, message } };
    }
    case PACKET.handle:
      return { type: 'handle', handle: reader.string('a handle').toString('latin1') };
    case PACKET.data:
      return { type: 'data', data: reader.string('its data') };
    case PACKET.name: {
      const count = reader.uint32('how many');
      return { type: 'name', count, first: count === 0 ? '' : reader.string('a name').toString() };
    }
    case PACKET.attrs:
      return { type: 'attrs', isFolder: isFolder(reader) };
    default:
      return { type: 'other' };
  }
}

/** The kind of a file stands in its mode, as POSIX has it. */
function isFolder(reader: Reader): boolean | null {
  const flags = reader.uint32('which attributes there are');
  if ((flags & ATTRIBUTE.permissions) === 0) return null;
  if ((flags & ATTRIBUTE.size) !== 0) reader.uint64('the size');
  if ((flags & ATTRIBUTE.owner) !== 0) reader.uint64('the owner');
  return (reader.uint32('the mode') & 0o170000) === 0o040000;
}

export function versionPacket(extensions: readonly string[]): Buffer {
  return packetOf(PACKET.version, (writer) => {
    writer.uint32(3);
    for (const name of extensions) writer.string(name).string(EXTENSIONS[name] ?? '');
    return writer;
  });
}

export function statusPacket(id: number, { code, message }: Status): Buffer {
  return packetOf(PACKET.status, (writer) => writer.uint32(id).uint32(code).string(message).string('en'));
}

export function okPacket(id: number): Buffer {
  return statusPacket(id, { code: STATUS.ok, message: 'Success' });
}

export function dataPacket(id: number, data: Buffer): Buffer {
  return packetOf(PACKET.data, (writer) => writer.uint32(id).string(data));
}

/** One name without attributes: what REALPATH is answered with (section 6.11). */
export function namePacket(id: number, name: string): Buffer {
  return packetOf(PACKET.name, (writer) => writer.uint32(id).uint32(1).string(name).string(name).uint32(0));
}
