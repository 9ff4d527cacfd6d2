/** The sequence has begun, and its end is not there. */
export const UNFINISHED = -1;

const MAX_CSI_BYTES = 64;
/** Titles, links and the like are shorter; what is longer (a picture) is taken for text. */
const MAX_STRING_BYTES = 4096;
/** No parameter has more; a number that has is no parameter. */
const MAX_DIGITS = 6;
const MAX_INTERMEDIATES = 4;

const BELL = 0x07;
const CANCEL = 0x18;
const SUBSTITUTE = 0x1a;
const ESCAPE = 0x1b;
const BACKSLASH = 0x5c;
const CSI = '['.charCodeAt(0);
/** OSC, DCS, SOS, PM and APC. */
const STRINGS = new Uint8Array(256);
for (const sign of ']PX^_') STRINGS[sign.charCodeAt(0)] = 1;
/** C1 controls are these in UTF-8, with the second byte of `ESC`'s form moved up by 0x40. */
const C1 = 0xc2;
const SOFT_HYPHEN = 0xad;
/** NUL, BS, SO, SI and DEL: shown as nothing. Each of these costs a search through every text. */
export const CONTROLS = [0x00, 0x08, 0x0e, 0x0f, 0x7f] as const;

/** Bytes that something unseen may begin with: 1 is one. Those beyond ASCII begin much else, too. */
export const LEADS: Uint8Array = new Uint8Array(256);
for (const lead of [...CONTROLS, ESCAPE, C1, 0xe2, 0xef]) LEADS[lead] = 1;

/**
 * How many bytes of `bytes[at, end)` are a sequence that nobody sees: 0 when none begins there. What breaks off, or is
 * longer than its bound, is none; its introducer alone is.
 */
export function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] ?? 0;
  if (lead === ESCAPE) return at + 1 < end ? escapeLength(bytes, at, end) : UNFINISHED;
  if (lead < 0x80) return 1;
  if (at + 1 >= end) return UNFINISHED;
  const next = bytes[at + 1] ?? 0;
  if (lead === C1) {
    if (next >= 0x80 && next < 0xa0) return controlled(bytes, at, next - 0x40, end);
    return next === SOFT_HYPHEN ? 2 : 0;
  }
  if (lead === 0xef ? next !== 0xbb : next !== 0x80 && next !== 0x81) return 0;
  if (at + 2 >= end) return UNFINISHED;
  return isWithoutWidth(lead, next, bytes[at + 2] ?? 0) ? 3 : 0;
}

/** U+200B to U+200F, U+202A to U+202E, U+2060 to U+2064 and U+FEFF. */
function isWithoutWidth(lead: number, next: number, last: number): boolean {
  if (lead === 0xef) return last === 0xbf;
  if (next === 0x81) return last >= 0xa0 && last <= 0xa4;
  return (last >= 0x8b && last <= 0x8f) || (last >= 0xaa && last <= 0xae);
}

function escapeLength(bytes: Uint8Array, at: number, end: number): number {
  const next = bytes[at + 1] ?? 0;
  if (next >= 0x40 && next < 0x60) return controlled(bytes, at, next, end);
  if (next >= 0x60 && next < 0x7f) return 2;
  if (next < 0x20 || next >= 0x7f) return 1;
  let last = at + 1;
  while (last < end && isIntermediate(bytes[last] ?? 0)) last += 1;
  if (last - at > MAX_INTERMEDIATES) return 1;
  if (last === end) return UNFINISHED;
  const final = bytes[last] ?? 0;
  return final >= 0x30 && final < 0x7f ? last + 1 - at : 1;
}

/** @param function_ the control function as the byte behind ESC has it; both forms are two bytes */
function controlled(bytes: Uint8Array, at: number, function_: number, end: number): number {
  const length = function_ === CSI ? csiEnd(bytes, at + 2, end) : stringEnd(bytes, at + 2, end, function_);
  if (length === UNFINISHED) return UNFINISHED;
  return 2 + length;
}

const isIntermediate = (byte: number) => byte >= 0x20 && byte < 0x30;

/** What follows `CSI`: parameters, intermediates, a final byte; 0 when that is not there. Controls within are obeyed at once. */
function csiEnd(bytes: Uint8Array, from: number, end: number): number {
  let digits = 0;
  let isPast = false;
  for (let at = from; at < Math.min(end, from + MAX_CSI_BYTES); at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x40 && byte < 0x7f) return at + 1 - from;
    if (byte === CANCEL || byte === SUBSTITUTE) return at + 1 - from;
    if (byte >= 0x80 || (byte < 0x20 && byte !== BELL && LEADS[byte] !== 1) || byte === ESCAPE) return 0;
    if (isIntermediate(byte)) isPast = true;
    else if (byte >= 0x30 && byte < 0x40 && isPast) return 0;
    digits = byte >= 0x30 && byte < 0x3a ? digits + 1 : 0;
    if (digits > MAX_DIGITS) return 0;
  }
  return end - from >= MAX_CSI_BYTES ? 0 : UNFINISHED;
}

/** What follows the introducer of a string, its end (ST, or BEL) included; 0 where it has none in time, or is no string. */
function stringEnd(bytes: Uint8Array, from: number, end: number, function_: number): number {
  if (STRINGS[function_] !== 1) return 0;
  for (let at = from; at < Math.min(end, from + MAX_STRING_BYTES); at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === BELL) return at + 1 - from;
    if (byte === ESCAPE || byte === C1) {
      if (at + 1 === end) return UNFINISHED;
      const next = bytes[at + 1] ?? 0;
      if (next === (byte === ESCAPE ? BACKSLASH : 0x9c)) return at + 2 - from;
      if (byte === ESCAPE || (next >= 0x80 && next < 0xa0)) return 0;
    } else if (byte < 0x20) {
      return 0;
    }
  }
  return end - from >= MAX_STRING_BYTES ? 0 : UNFINISHED;
}

/** Where the words of a string stand within its sequence; null when it is none. */
export function stringWithin(
  bytes: Uint8Array,
  at: number,
  length: number,
): [from: number, to: number] | null {
  const [lead, next] = [bytes[at] ?? 0, bytes[at + 1] ?? 0];
  const function_ = lead === C1 ? next - 0x40 : next;
  if (length <= 3 || (lead !== C1 && lead !== ESCAPE) || STRINGS[function_] !== 1) return null;
  const isBell = bytes[at + length - 1] === BELL;
  return [at + 2, at + length - (isBell ? 1 : 2)];
}

const SGR = 'm'.charCodeAt(0);
const ERASE_IN_LINE = 'K'.charCodeAt(0);

/** Whether what stands before it and behind it need not stand together: anything but colours, strings, sets of characters and what has no width. */
export function standsBetween(bytes: Uint8Array, at: number, length: number): boolean {
  const [lead, next, last] = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + length - 1] ?? 0];
  if (lead >= 0x80 && lead !== C1) return false;
  const function_ = lead === C1 ? next - 0x40 : next;
  if (lead === C1 && next === SOFT_HYPHEN) return false;
  if (lead < 0x80 && lead !== ESCAPE) return true;
  if (function_ === CSI) return last !== SGR && last !== ERASE_IN_LINE;
  return STRINGS[function_] !== 1 && !isIntermediate(next);
}
