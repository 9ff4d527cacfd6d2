import type { ValueRedactor } from '../../../core/detectors/redact.ts';

/** Redacts the bytes of one element; null when nothing was found. */
export type RedactElement = (bytes: Buffer) => Buffer | null;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What parts elements outside of quotes (manual, "Array Input and Output Syntax", "Composite Type Input and Output"). */
const ARRAY = Buffer.from('{},');
const RECORD = Buffer.from('(),');

/** `{…}`, elementwise; null when nothing was found. */
export function redactArray(bytes: Buffer, redact: RedactElement): Buffer | null {
  return redactLiteral(bytes, ARRAY, redact);
}

/** `(…)`, fieldwise as text; null when nothing was found. */
export function redactRecord(bytes: Buffer, redactor: ValueRedactor): Buffer | null {
  return redactLiteral(bytes, RECORD, (field) => redactor.redact(field, 0, field.length));
}

function redactLiteral(bytes: Buffer, parting: Buffer, redact: RedactElement): Buffer | null {
  const parts: Buffer[] = [];
  let changed = false;
  for (let at = 0; at < bytes.length; ) {
    const isQuoted = bytes[at] === QUOTE;
    const end = isQuoted ? quotedEnd(bytes, at) : plainEnd(bytes, at, parting);
    const written = bytes.subarray(at, end);
    const redacted = end === at ? null : redact(isQuoted ? unquoted(written) : written);
    if (redacted !== null) changed = true;
    parts.push(redacted === null ? written : isQuoted ? quoted(redacted) : redacted);
    at = end;
    if (isQuoted || at === bytes.length || bytes[at] === QUOTE) continue;
    parts.push(bytes.subarray(at, at + 1));
    at += 1;
  }
  return changed ? Buffer.concat(parts) : null;
}

function plainEnd(bytes: Buffer, from: number, parting: Buffer): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== QUOTE && !parting.includes(bytes[at] ?? 0)) at += 1;
  return at;
}

/** The index after the closing quote; a doubled quote, or one behind a backslash, is none. */
function quotedEnd(bytes: Buffer, from: number): number {
  for (let at = from + 1; at < bytes.length; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) {
      if (bytes[at + 1] !== QUOTE) return at + 1;
      at += 1;
    }
  }
  return bytes.length;
}

function unquoted(written: Buffer): Buffer {
  const meant = Buffer.allocUnsafe(written.length);
  let length = 0;
  for (let at = 1; at < written.length - 1; at += 1) {
    const byte = written[at];
    if (byte === BACKSLASH || (byte === QUOTE && written[at + 1] === QUOTE)) at += 1;
    meant[length++] = written[at] ?? 0;
  }
  return meant.subarray(0, length);
}

/** Arrays and composites both read a backslash before a quote or another backslash. */
function quoted(meant: Buffer): Buffer {
  const written: number[] = [QUOTE];
  for (const byte of meant) {
    if (byte === QUOTE || byte === BACKSLASH) written.push(BACKSLASH);
    written.push(byte);
  }
  written.push(QUOTE);
  return Buffer.from(written);
}
