import { closeSync, openSync, writeSync } from 'node:fs';

const PIECE_BYTES = 4 * 1024 ** 2;

/** A web server's log, as detectors meet it: numbers, addresses, dates, and nothing to be found. */
export function writeLog(file: string, bytes: number): string {
  let text = '';
  for (let at = 0; text.length < PIECE_BYTES; at += 1) text += line(at);
  const piece = Buffer.from(text.slice(0, PIECE_BYTES));
  const handle = openSync(file, 'w');
  for (let written = 0; written < bytes; written += PIECE_BYTES) writeSync(handle, piece);
  closeSync(handle);
  return file;
}

function line(at: number): string {
  const second = String(at % 60).padStart(2, '0');
  const request = `GET /api/v1/orders/${(at * 7919) % 100_000}?page=${at % 9} HTTP/1.1`;
  const agent = 'Mozilla/5.0 (X11; Linux x86_64)';
  return `2026-11-22T01:12:${second}.${at % 1000}Z web-3 nginx[2214]: 10.2.${at % 250}.7 - - "${request}" 200 ${at % 5000} "-" "${agent}" rt=0.0${at % 90}\n`;
}
