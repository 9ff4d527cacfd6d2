import type { ValueRedactor } from '../../../core/detectors/redact.ts';
import type { CopyFormat } from '../../../sql/engine.ts';

const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** One line of COPY's output (manual, "File Formats"), fieldwise; null when nothing was found. */
export function redactCopyLine(line: Buffer, format: CopyFormat, redactor: ValueRedactor): Buffer | null {
  let end = line.length;
  while (end > 0 && (line[end - 1] === NEWLINE || line[end - 1] === RETURN)) end -= 1;
  const parts: Buffer[] = [];
  let changed = false;
  for (let at = 0; at <= end; ) {
    const stop = format.kind === 'csv' ? csvEnd(line, at, end, format) : textEnd(line, at, end, format);
    const written = line.subarray(at, stop);
    const redacted = format.kind === 'csv' ? inCsv(written, format, redactor) : inText(written, redactor);
    if (redacted !== null) changed = true;
    parts.push(redacted ?? written, line.subarray(stop, Math.min(stop + 1, end)));
    at = stop + 1;
  }
  return changed ? Buffer.concat([...parts, line.subarray(end)]) : null;
}

function textEnd(line: Buffer, from: number, end: number, { delimiter }: CopyFormat): number {
  let at = from;
  while (at < end && line[at] !== delimiter) at += line[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, end);
}

function inText(written: Buffer, redactor: ValueRedactor): Buffer | null {
  if (!written.includes(BACKSLASH)) return redactor.redact(written, 0, written.length);
  const meant = unescaped(written);
  const redacted = redactor.redact(meant, 0, meant.length);
  return redacted === null ? null : escaped(redacted);
}

const MEANT: ReadonlyMap<number, number> = new Map(
  Object.entries({ b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }).map(([letter, byte]) => [
    letter.charCodeAt(0),
    byte,
  ]),
);
const WRITTEN: ReadonlyMap<number, number> = new Map([...MEANT].map(([letter, byte]) => [byte, letter]));

function unescaped(written: Buffer): Buffer {
  const meant: number[] = [];
  for (let at = 0; at < written.length; at += 1) {
    const byte = written[at] ?? 0;
    const next = written[at + 1];
    if (byte !== BACKSLASH || next === undefined) {
      meant.push(byte);
      continue;
    }
    meant.push(MEANT.get(next) ?? next);
    at += 1;
  }
  return Buffer.from(meant);
}

function escaped(meant: Buffer): Buffer {
  const written: number[] = [];
  for (const byte of meant) {
    const letter = byte === BACKSLASH ? BACKSLASH : WRITTEN.get(byte);
    if (letter !== undefined) written.push(BACKSLASH);
    written.push(letter ?? byte);
  }
  return Buffer.from(written);
}

function csvEnd(line: Buffer, from: number, end: number, { delimiter, quote, escaping }: CopyFormat): number {
  if (line[from] !== quote) {
    const stop = line.indexOf(delimiter, from);
    return stop < 0 || stop > end ? end : stop;
  }
  for (let at = from + 1; at < end; at += 1) {
    const isEscape = line[at] === escaping && (line[at + 1] === quote || line[at + 1] === escaping);
    if (isEscape && at + 1 < end) at += 1;
    else if (line[at] === quote) return at + 1;
  }
  return end;
}

function inCsv(written: Buffer, { quote, escaping }: CopyFormat, redactor: ValueRedactor): Buffer | null {
  if (written[0] !== quote) return redactor.redact(written, 0, written.length);
  const meant: number[] = [];
  for (let at = 1; at < written.length - 1; at += 1) {
    const isEscape = written[at] === escaping && (written[at + 1] === quote || written[at + 1] === escaping);
    if (isEscape && at + 1 < written.length - 1) at += 1;
    meant.push(written[at] ?? 0);
  }
  const redacted = redactor.redact(Uint8Array.from(meant), 0, meant.length);
  if (redacted === null) return null;
  const out: number[] = [quote];
  for (const byte of redacted) {
    if (byte === quote || byte === escaping) out.push(escaping);
    out.push(byte);
  }
  out.push(quote);
  return Buffer.from(out);
}
