import { decode, type Outcome } from '../bytes/decode.ts';
import { malformed } from '../bytes/malformed.ts';
import type { Reader } from '../bytes/reader.ts';
import { MAX_PACKET_BYTES } from './frames.ts';
import { PACKET } from './numbers.ts';

export type PathRequest = {
  type: 'lstat' | 'stat' | 'opendir' | 'remove' | 'rmdir' | 'realpath' | 'readlink' | 'statvfs';
  id: number;
  path: string;
};
export type AttributesRequest = {
  type: 'setstat' | 'lsetstat' | 'mkdir';
  id: number;
  path: string;
  attributes: Buffer;
};
export type OpenRequest = { type: 'open'; id: number; path: string; flags: number; attributes: Buffer };
export type RenameRequest = { type: 'rename' | 'posixRename'; id: number; from: string; to: string };
/** OpenSSH sends the target first, and so does everybody who speaks to it (PROTOCOL, section 4.1). */
export type SymlinkRequest = { type: 'symlink'; id: number; target: string; path: string };
export type HandleRequest =
  | { type: 'close' | 'fstat' | 'readdir' | 'fsync' | 'fstatvfs'; id: number; handle: string }
  | { type: 'fsetstat'; id: number; handle: string; attributes: Buffer }
  | { type: 'read'; id: number; handle: string; offset: number; length: number }
  | { type: 'write'; id: number; handle: string; offset: number; data: Buffer };
export type NamingRequest = PathRequest | AttributesRequest | OpenRequest | RenameRequest | SymlinkRequest;

/** What a client asks for. Paths are UTF-8; handles are the server's bytes, one character each. */
export type SftpRequest =
  | { type: 'init'; version: number }
  | NamingRequest
  | HandleRequest
  | { type: 'limits'; id: number }
  | { type: 'unsupported'; id: number; what: string };

const BY_PATH = new Map<number, PathRequest['type']>([
  [PACKET.lstat, 'lstat'],
  [PACKET.stat, 'stat'],
  [PACKET.opendir, 'opendir'],
  [PACKET.remove, 'remove'],
  [PACKET.rmdir, 'rmdir'],
  [PACKET.realpath, 'realpath'],
  [PACKET.readlink, 'readlink'],
]);

/** Reads one packet of a client's, its length included (draft-ietf-secsh-filexfer-02 section 6). */
export function readRequest(packet: Buffer): Outcome<SftpRequest> {
  return decode('a request of SFTP', packet.subarray(4), MAX_PACKET_BYTES, (reader) => {
    const type = reader.uint8('its type');
    const number = reader.uint32('its id');
    if (type === PACKET.init) return initOf(number, reader);
    return requestOf(type, number, reader);
  });
}

function initOf(version: number, reader: Reader): SftpRequest {
  reader.bytes('its extensions', reader.remaining);
  return { type: 'init', version };
}

function requestOf(type: number, id: number, reader: Reader): SftpRequest {
  const byPath = BY_PATH.get(type);
  if (byPath !== undefined) return { type: byPath, id, path: pathIn(reader) };
  switch (type) {
    case PACKET.read:
      return {
        type: 'read',
        id,
        handle: handleIn(reader),
        offset: offsetIn(reader),
        length: lengthIn(reader),
      };
    case PACKET.write:
      return {
        type: 'write',
        id,
        handle: handleIn(reader),
        offset: offsetIn(reader),
        data: reader.string('its data'),
      };
    case PACKET.close:
      return { type: 'close', id, handle: handleIn(reader) };
    case PACKET.fstat:
      return { type: 'fstat', id, handle: handleIn(reader) };
    case PACKET.readdir:
      return { type: 'readdir', id, handle: handleIn(reader) };
    case PACKET.fsetstat:
      return { type: 'fsetstat', id, handle: handleIn(reader), attributes: restOf(reader) };
    case PACKET.open:
      return {
        type: 'open',
        id,
        path: pathIn(reader),
        flags: reader.uint32('its flags'),
        attributes: restOf(reader),
      };
    case PACKET.setstat:
      return { type: 'setstat', id, path: pathIn(reader), attributes: restOf(reader) };
    case PACKET.mkdir:
      return { type: 'mkdir', id, path: pathIn(reader), attributes: restOf(reader) };
    case PACKET.rename:
      return { type: 'rename', id, from: pathIn(reader), to: pathIn(reader) };
    case PACKET.symlink:
      return { type: 'symlink', id, target: pathIn(reader), path: pathIn(reader) };
    case PACKET.extended:
      return extendedOf(id, reader);
    default:
      restOf(reader);
      return { type: 'unsupported', id, what: `a request of type ${type}` };
  }
}

function extendedOf(id: number, reader: Reader): SftpRequest {
  const name = reader.string('its name').toString('latin1');
  switch (name) {
    case 'posix-rename@openssh.com':
      return { type: 'posixRename', id, from: pathIn(reader), to: pathIn(reader) };
    case 'statvfs@openssh.com':
      return { type: 'statvfs', id, path: pathIn(reader) };
    case 'fstatvfs@openssh.com':
      return { type: 'fstatvfs', id, handle: handleIn(reader) };
    case 'fsync@openssh.com':
      return { type: 'fsync', id, handle: handleIn(reader) };
    case 'lsetstat@openssh.com':
      return { type: 'lsetstat', id, path: pathIn(reader), attributes: restOf(reader) };
    case 'limits@openssh.com':
      return { type: 'limits', id };
    default:
      restOf(reader);
      return { type: 'unsupported', id, what: `the request "${name.slice(0, 64)}"` };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function pathIn(reader: Reader): string {
  const bytes = reader.string('a path');
  if (bytes.includes(0)) malformed('a path holds NUL');
  try {
    return utf8.decode(bytes);
  } catch {
    return malformed('a path is not UTF-8');
  }
}

function handleIn(reader: Reader): string {
  return reader.string('a handle').toString('latin1');
}

function offsetIn(reader: Reader): number {
  const offset = reader.uint64('an offset');
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) malformed('an offset is beyond every file');
  return Number(offset);
}

function lengthIn(reader: Reader): number {
  return reader.uint32('a length');
}

function restOf(reader: Reader): Buffer {
  return reader.bytes('the rest', reader.remaining);
}
