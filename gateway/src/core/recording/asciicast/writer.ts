import { TextDecoder } from 'node:util';
import { type EventLine, type Header, lineOf } from '../../../../contract/asciicast.ts';
import { labelOf, type Marker } from '../../../../contract/asciicast-marker.ts';

const MICROSECONDS_PER_MS = 1000;
const MICROSECONDS_PER_S = 1_000_000;

export type NewRecording = {
  columns: number;
  rows: number;
  /** Milliseconds since 1970. */
  startedAtMs: number;
  /** Milliseconds since the session began, from a clock that nobody sets. */
  elapsedMs: () => number;
  title?: string;
  command?: string;
  /** The terminal's environment, such as TERM. */
  environment?: Readonly<Record<string, string>>;
  /** Of which session. */
  sluice?: Header['sluice'];
};

/**
 * Writes a terminal session as asciicast v2. Every method gives the lines to append, whole ones or none, so that what
 * is on disk can be played whenever the process dies. A character whose bytes come in pieces is written once it is
 * whole; bytes that are no UTF-8 are written as U+FFFD.
 */
export class AsciicastWriter {
  readonly #recording: NewRecording;
  readonly #output = characters();
  readonly #input = characters();
  #lastS = 0;

  constructor(recording: NewRecording) {
    this.#recording = recording;
  }

  /** The first line. */
  header(): string {
    const {
      columns: width,
      rows: height,
      startedAtMs,
      title,
      command,
      environment,
      sluice,
    } = this.#recording;
    const timestamp = Math.floor(startedAtMs / 1000);
    const env = environment && { ...environment };
    const header: Header = { version: 2, width, height, timestamp, title, command, env, sluice };
    return lineOf(header);
  }

  /** What the terminal showed. */
  output(chunk: Uint8Array): string {
    return this.#text('o', this.#output.decode(chunk, { stream: true }));
  }

  /** What was typed. */
  input(chunk: Uint8Array): string {
    return this.#text('i', this.#input.decode(chunk, { stream: true }));
  }

  resize(columns: number, rows: number): string {
    return this.#text('r', `${columns}x${rows}`);
  }

  mark(marker: Marker): string {
    return this.#text('m', labelOf(marker));
  }

  /** What was left of characters that never became whole. */
  end(): string {
    return this.#text('o', this.#output.decode()) + this.#text('i', this.#input.decode());
  }

  #text(code: EventLine[1], text: string): string {
    return text === '' ? '' : lineOf([this.#nowS(), code, text]);
  }

  /** Seconds to the microsecond; never less than before, whatever the clock says. */
  #nowS(): number {
    const microseconds = Math.round(this.#recording.elapsedMs() * MICROSECONDS_PER_MS);
    this.#lastS = Math.max(this.#lastS, microseconds / MICROSECONDS_PER_S);
    return this.#lastS;
  }
}

/** Joins characters over chunks; a byte order mark is a character like any other. */
function characters(): TextDecoder {
  return new TextDecoder('utf-8', { ignoreBOM: true });
}
