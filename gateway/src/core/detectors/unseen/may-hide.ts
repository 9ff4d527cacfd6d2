import { isAscii } from 'node:buffer';
import { CONTROLS, LEADS, sequenceLength } from './sequence.ts';

/** Up to here a look at each byte is faster than a search of the whole for each of a few. */
const SHORT_BYTES = 512;
const ESCAPE = 0x1b;
const SOUGHT = [ESCAPE, ...CONTROLS];
/** What something unseen beyond ASCII begins with. */
const SOUGHT_BEYOND = [[0xc2], [0xe2, 0x80], [0xe2, 0x81], [0xef, 0xbb]].map((bytes) => Buffer.from(bytes));
const MOST_LEAD_BYTES = 2;

/** Whether anything unseen may stand in `bytes[start, end)`, begun or whole; cheap, for every text there is. */
export function mayHide(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start <= SHORT_BYTES) return hasLead(bytes, start, end) && hasSequence(bytes, start, end);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  if (SOUGHT.some((byte) => text.includes(byte))) return true;
  if (isAscii(text)) return false;
  return SOUGHT_BEYOND.some((lead) => hasAny(text, lead)) || hasSequence(bytes, end - MOST_LEAD_BYTES, end);
}

function hasLead(bytes: Uint8Array, start: number, end: number): boolean {
  let any = 0;
  for (let at = start; at < end; at += 1) any |= LEADS[bytes[at] ?? 0] ?? 0;
  return any !== 0;
}

function hasSequence(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1)
    if (LEADS[bytes[at] ?? 0] === 1 && sequenceLength(bytes, at, end) !== 0) return true;
  return false;
}

/** Most that begins so is a sign that is seen. */
function hasAny(text: Buffer, lead: Buffer): boolean {
  for (let at = text.indexOf(lead); at !== -1; at = text.indexOf(lead, at + 1))
    if (sequenceLength(text, at, text.length) !== 0) return true;
  return false;
}
