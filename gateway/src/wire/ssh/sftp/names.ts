import { decode, type Outcome } from '../bytes/decode.ts';
import type { Reader } from '../bytes/reader.ts';
import { MAX_PACKET_BYTES } from './frames.ts';
import { ATTRIBUTE, PACKET } from './numbers.ts';

/** What is told of a file; null is what the server leaves out (draft-ietf-secsh-filexfer-02 section 5). */
export type FileAttributes = {
  bytes: number | null;
  /** POSIX's, with the kind of file in it. */
  mode: number | null;
  modifiedAtMs: number | null;
};
export type FileEntry = FileAttributes & { name: string };

/** The files in a reply to READDIR, its length included (section 7). Names are UTF-8; what isn't is written as such. */
export function readNames(packet: Buffer): Outcome<FileEntry[]> {
  return decode('a list of files', packet.subarray(4), MAX_PACKET_BYTES, (reader) => {
    const type = reader.uint8('its type');
    reader.uint32('its id');
    const count = type === PACKET.name ? reader.uint32('how many') : 0;
    const entries: FileEntry[] = [];
    while (entries.length < count) {
      const name = reader.string('a name').toString();
      reader.string('its line');
      entries.push({ name, ...attributesIn(reader) });
    }
    reader.bytes('the rest', reader.remaining);
    return entries;
  });
}

/** The attributes in a reply to STAT. */
export function readAttributes(packet: Buffer): Outcome<FileAttributes> {
  return decode('attributes', packet.subarray(4), MAX_PACKET_BYTES, (reader) => {
    reader.uint8('its type');
    reader.uint32('its id');
    const attributes = attributesIn(reader);
    reader.bytes('the rest', reader.remaining);
    return attributes;
  });
}

function attributesIn(reader: Reader): FileAttributes {
  const flags = reader.uint32('which attributes there are');
  const has = (flag: number) => (flags & flag) !== 0;
  const bytes = has(ATTRIBUTE.size) ? Number(reader.uint64('the size')) : null;
  if (has(ATTRIBUTE.owner)) reader.bytes('the owner', 8);
  const mode = has(ATTRIBUTE.permissions) ? reader.uint32('the mode') : null;
  if (has(ATTRIBUTE.times)) reader.uint32('when it was read');
  const modifiedAtMs = has(ATTRIBUTE.times) ? reader.uint32('when it was changed') * 1000 : null;
  const extended = has(ATTRIBUTE.extended) ? reader.uint32('how many others') : 0;
  for (let one = 0; one < extended; one += 1) {
    reader.string('the name of another');
    reader.string('its value');
  }
  return { bytes, mode, modifiedAtMs };
}
