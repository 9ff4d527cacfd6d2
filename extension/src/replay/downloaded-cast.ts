import type { TapePiece } from '../../contract/replay-messages.ts';
import { type Cast, PIECE_CHARACTERS } from './cast.ts';

/** A line holds at most so much; a longer one is none of a recording. */
const MAX_LINE_CHARACTERS = 16 * 1024 * 1024;

/** A recording as the gateway has kept it, read no faster than it is taken. */
export class DownloadedCast implements Cast {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #characters = new TextDecoder('utf-8', { ignoreBOM: true });
  #text = '';
  #isOver = false;

  constructor(bytes: ReadableStream<Uint8Array>) {
    this.#reader = bytes.getReader();
  }

  async read(): Promise<TapePiece> {
    while (!this.#isOver && (this.#text.length < PIECE_CHARACTERS || !this.#text.includes('\n'))) {
      const { done, value } = await this.#reader.read();
      this.#text += this.#characters.decode(value, { stream: !done });
      this.#isOver = done || this.#text.length > MAX_LINE_CHARACTERS;
    }
    const lines = this.#wholeLines();
    return { lines, at: this.#isOver && !this.#text.includes('\n') ? 'ended' : 'recorded' };
  }

  close(): void {
    this.#isOver = true;
    void this.#reader.cancel().catch(() => undefined);
  }

  /** What stands behind the last end of a line waits, or was never kept whole. */
  #wholeLines(): string {
    const near = this.#text.lastIndexOf('\n', PIECE_CHARACTERS);
    const end = (near < 0 ? this.#text.indexOf('\n') : near) + 1;
    const lines = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    return lines;
  }
}
