import { randomBytes } from 'node:crypto';
import { RecordId } from '../../../contract/ids.ts';

/** A UUIDv7 (RFC 9562 section 5.7): sorts by the time it was made, 74 random bits. */
export function newRecordId(at: Date): RecordId {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at.getTime(), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return RecordId.parse(groups.join('-'));
}
