import { type Edit, edited } from './edits.ts';
import type { ValueRedactor } from './redact.ts';
import { LOOK_BEHIND } from './window.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;

/**
 * JSON text (RFC 8259) without what was found in its strings, names and numbers; null when nothing was. It stays
 * valid: a number in which something was found becomes a string.
 */
export function redactJson(
  redactor: ValueRedactor,
  bytes: Uint8Array,
  start: number,
  end: number,
): Buffer | null {
  const edits: Edit[] = [];
  let at = start;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) at = inString(redactor, bytes, start, at + 1, end, edits);
    else if (byte === MINUS || isDigit(byte)) at = inNumber(redactor, bytes, start, at, end, edits);
    else at += 1;
  }
  return edits.length === 0 ? null : edited(bytes, start, end, edits);
}

/** A string whose first byte after the quote is at `from`; gives where the text goes on. */
function inString(
  redactor: ValueRedactor,
  bytes: Uint8Array,
  start: number,
  from: number,
  end: number,
  edits: Edit[],
): number {
  let at = from;
  let escaped = false;
  while (at < end && bytes[at] !== QUOTE) {
    if (bytes[at] === BACKSLASH) {
      escaped = true;
      at += 1;
    }
    at += 1;
  }
  const stop = Math.min(at, end);
  const context = Math.max(start, from - LOOK_BEHIND);
  if (!escaped) redactor.find(bytes, context, from, stop, edits);
  else inUnescaped(redactor, bytes, context, from, stop, edits);
  return stop + 1;
}

/** Looks at a string as it is meant, and edits it as it is written. */
function inUnescaped(
  redactor: ValueRedactor,
  bytes: Uint8Array,
  context: number,
  from: number,
  end: number,
  edits: Edit[],
): void {
  const lead = from - context;
  const meant: number[] = [...bytes.subarray(context, from)];
  /** Where each byte of `meant` is written. */
  const writtenAt: number[] = meant.map((_, index) => context + index);
  for (let at = from; at < end; ) {
    const { value, length } = unescaped(bytes, at, end);
    for (const byte of value) {
      meant.push(byte);
      writtenAt.push(at);
    }
    at += length;
  }
  writtenAt.push(end);
  const found: Edit[] = [];
  redactor.find(Uint8Array.from(meant), 0, lead, meant.length, found);
  for (const edit of found) {
    edits.push({ ...edit, start: writtenAt[edit.start] ?? end, end: writtenAt[edit.end] ?? end });
  }
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The bytes that one byte, or one escape, at `at` stands for. */
function unescaped(bytes: Uint8Array, at: number, end: number): { value: Iterable<number>; length: number } {
  const byte = bytes[at] ?? 0;
  if (byte !== BACKSLASH || at + 1 >= end) return { value: [byte], length: 1 };
  const kind = String.fromCharCode(bytes[at + 1] ?? 0);
  const unit = kind === 'u' ? codeUnit(bytes, at, end) : null;
  if (unit === null) return { value: Buffer.from(ESCAPES[kind] ?? kind, 'latin1'), length: 2 };
  const low = unit >= 0xd800 && unit < 0xdc00 ? codeUnit(bytes, at + 6, end) : null;
  const text = low === null ? String.fromCharCode(unit) : String.fromCharCode(unit, low);
  return { value: Buffer.from(text, 'utf8'), length: low === null ? 6 : 12 };
}

/** The UTF-16 code unit of `\uXXXX`. */
function codeUnit(bytes: Uint8Array, at: number, end: number): number | null {
  if (at + 6 > end || bytes[at] !== BACKSLASH || bytes[at + 1] !== 0x75) return null;
  const unit = Number.parseInt(String.fromCharCode(...bytes.subarray(at + 2, at + 6)), 16);
  return Number.isNaN(unit) ? null : unit;
}

function inNumber(
  redactor: ValueRedactor,
  bytes: Uint8Array,
  start: number,
  from: number,
  end: number,
  edits: Edit[],
): number {
  let at = from;
  while (at < end && isNumeric(bytes[at] ?? 0)) at += 1;
  const found: Edit[] = [];
  redactor.find(bytes, Math.max(start, from - LOOK_BEHIND), from, at, found);
  if (found.length > 0)
    edits.push({ start: from, end: at, text: `"${found.map(({ text }) => text).join('')}"` });
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Digits, sign, point and exponent. */
function isNumeric(byte: number): boolean {
  return isDigit(byte) || byte === MINUS || byte === 0x2b || byte === 0x2e || byte === 0x65 || byte === 0x45;
}
