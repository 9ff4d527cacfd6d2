import { ATTRIBUTE } from '../../../wire/ssh/sftp/numbers.ts';

/** What attributes would be set (draft-ietf-secsh-filexfer-02 section 5): " mode 644 size 0". */
export function attributesInWords(attributes: Buffer): string {
  if (attributes.length < 4) return '';
  const flags = attributes.readUInt32BE();
  let at = 4;
  const words: string[] = [];
  const fields = [
    [ATTRIBUTE.size, 8, () => `size ${attributes.readBigUInt64BE(at)}`],
    [ATTRIBUTE.owner, 8, () => `owner ${attributes.readUInt32BE(at)}:${attributes.readUInt32BE(at + 4)}`],
    [ATTRIBUTE.permissions, 4, () => `mode ${(attributes.readUInt32BE(at) & 0o7777).toString(8)}`],
    [ATTRIBUTE.times, 8, () => `modified ${new Date(attributes.readUInt32BE(at + 4) * 1000).toISOString()}`],
  ] as const;
  for (const [flag, bytes, inWords] of fields) {
    if ((flags & flag) === 0) continue;
    if (attributes.length < at + bytes) return '';
    words.push(inWords());
    at += bytes;
  }
  return words.map((word) => ` ${word}`).join('');
}

/** Whether nothing but the size would be set: truncating is writing. */
export function setsSizeAlone(attributes: Buffer): boolean {
  return attributes.length >= 4 && attributes.readUInt32BE() === ATTRIBUTE.size;
}
