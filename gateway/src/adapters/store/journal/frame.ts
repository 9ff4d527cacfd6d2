import { crc32 } from 'node:zlib';

/** Length of the text, CRC-32 of all that follows, number of the segment; then the text. */
export const HEADER_BYTES = 12;

const LENGTH_AT = 0;
const CRC_AT = 4;
const SEGMENT_AT = 8;

/** One group of entries as it stands in a segment of the journal. */
export function encodeFrame(segment: number, text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  frame.writeUInt32LE(length, LENGTH_AT);
  frame.writeUInt32LE(segment, SEGMENT_AT);
  frame.write(text, HEADER_BYTES);
  frame.writeUInt32LE(crc32(frame.subarray(SEGMENT_AT)), CRC_AT);
  return frame;
}

/** Size of the frame that a header announces; null when it is none of this segment's. */
export function frameBytes(header: Buffer, segment: number): number | null {
  if (header.length < HEADER_BYTES || header.readUInt32LE(SEGMENT_AT) !== segment) return null;
  return HEADER_BYTES + header.readUInt32LE(LENGTH_AT);
}

/** The text of a whole frame; null when it was written in part, or changed since. */
export function decodeFrame(frame: Buffer): string | null {
  if (crc32(frame.subarray(SEGMENT_AT)) !== frame.readUInt32LE(CRC_AT)) return null;
  return frame.toString('utf8', HEADER_BYTES);
}

/** Whether a whole frame of a segment stands anywhere in some bytes; texts hold no zero bytes, as numbers of segments do. */
export function holdsFrame(file: Buffer, segment: number): boolean {
  const bytes = withoutZeros(file);
  const mark = Buffer.alloc(HEADER_BYTES - SEGMENT_AT);
  mark.writeUInt32LE(segment);
  for (let at = bytes.indexOf(mark, SEGMENT_AT); at !== -1; at = bytes.indexOf(mark, at + 1)) {
    const header = bytes.subarray(at - SEGMENT_AT);
    const length = frameBytes(header, segment);
    if (length === null || length > header.length) continue;
    if (decodeFrame(header.subarray(0, length)) !== null) return true;
  }
  return false;
}

/** Without those at its end: what was never written, in which a search for segment 0 would find itself everywhere. */
function withoutZeros(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
