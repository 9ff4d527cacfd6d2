import { assertNever } from '../../../../contract/assert-never.ts';
import { ATTRIBUTE } from '../../../wire/ssh/sftp/numbers.ts';
import { extendedPacket, requestPacket } from '../../../wire/ssh/sftp/write-request.ts';
import type { FileOperation } from './operation.ts';

/** What goes to the host once it was granted; null for what is done by the handle of a file. */
export function packetFor(operation: FileOperation): Buffer | null {
  switch (operation.name) {
    case 'open': {
      const attributes = permissionsIn(Buffer.from(operation.attributes, 'hex'));
      return requestPacket('open', (writer) =>
        writer.string(operation.path).uint32(operation.flags).bytes(attributes),
      );
    }
    case 'opendir':
    case 'stat':
    case 'lstat':
    case 'readlink':
    case 'realpath':
    case 'remove':
    case 'rmdir':
      return requestPacket(operation.name, (writer) => writer.string(operation.path));
    case 'setstat':
    case 'mkdir':
      return requestPacket(operation.name, (writer) =>
        writer.string(operation.path).bytes(Buffer.from(operation.attributes, 'hex')),
      );
    case 'lsetstat':
      return extendedPacket('lsetstat@openssh.com', (writer) =>
        writer.string(operation.path).bytes(Buffer.from(operation.attributes, 'hex')),
      );
    case 'statvfs':
      return extendedPacket('statvfs@openssh.com', (writer) => writer.string(operation.path));
    case 'rename':
      return requestPacket('rename', (writer) => writer.string(operation.from).string(operation.to));
    case 'posixRename':
      return extendedPacket('posix-rename@openssh.com', (writer) =>
        writer.string(operation.from).string(operation.to),
      );
    case 'symlink':
      return requestPacket('symlink', (writer) => writer.string(operation.target).string(operation.path));
    case 'fsetstat':
      return null;
    default:
      return assertNever(operation);
  }
}

/** Of the attributes of a new file its permissions alone, and none that makes it run as its owner. */
function permissionsIn(attributes: Buffer): Buffer {
  const made = Buffer.alloc(4);
  const flags = attributes.length >= 4 ? attributes.readUInt32BE() : 0;
  if ((flags & ATTRIBUTE.permissions) === 0) return made;
  const at = 4 + ((flags & ATTRIBUTE.size) === 0 ? 0 : 8) + ((flags & ATTRIBUTE.owner) === 0 ? 0 : 8);
  if (attributes.length < at + 4) return made;
  made.writeUInt32BE(ATTRIBUTE.permissions);
  const mode = Buffer.alloc(4);
  mode.writeUInt32BE(attributes.readUInt32BE(at) & 0o777);
  return Buffer.concat([made, mode]);
}
