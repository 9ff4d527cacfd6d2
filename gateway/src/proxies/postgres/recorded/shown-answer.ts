import type { RecordedAnswer } from '../../../../contract/record.ts';
import { DataRowCells } from '../../../wire/postgres/messages/backend/data-row.ts';
import type { Described } from '../detected/detection.ts';

/** How much of an answer is kept. */
export type AnswerLimits = { maxRows: number; maxBytes: number };

/** Where bytes for the client go. */
export type Passage = {
  forward(bytes: Buffer, start: number, end: number): void;
  add(bytes: Buffer): void;
};

const DATA_ROW = 0x44;
/** A type byte and a length. */
const HEAD_BYTES = 5;
const BINARY = 1;
const COPY_COLUMN = 'COPY';

/** The first rows of one answer, as its client is sent them: DataRow and CopyData frames (manual, 54.7). */
export class ShownAnswer {
  readonly #limits: AnswerLimits;
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #isFull = false;

  constructor(limits: AnswerLimits) {
    this.#limits = limits;
    this.#isFull = limits.maxRows === 0 || limits.maxBytes === 0;
  }

  /** Nothing more is kept. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Takes `bytes[start, end)`, pieces of frames one after the other. */
  take(bytes: Buffer, start: number, end: number): void {
    if (this.#isFull) return;
    const taken = Math.min(end - start, this.#limits.maxBytes - this.#keptBytes);
    this.#kept.push(Buffer.from(bytes.subarray(start, start + taken)));
    this.#keptBytes += taken;
    this.#isFull = this.#keptBytes >= this.#limits.maxBytes;
  }

  /** The same for all that is sent this way. */
  alongside(passage: Passage): Passage {
    return {
      forward: (bytes, start, end) => {
        this.take(bytes, start, end);
        passage.forward(bytes, start, end);
      },
      add: (bytes) => {
        this.take(bytes, 0, bytes.length);
        passage.add(bytes);
      },
    };
  }

  /** What was taken, of so many rows in all; undefined when there is nothing to keep. `names`: where nobody described it. */
  read(rowsInAll: number, described: Described, names: readonly string[]): RecordedAnswer | undefined {
    const { fields } = described.result;
    if (this.#kept.length === 0 && (fields === null || fields.length === 0)) return undefined;
    const [only] = this.#kept;
    const bytes = this.#kept.length === 1 && only !== undefined ? only : Buffer.concat(this.#kept);
    const rows: RecordedAnswer['rows'] = [];
    const cells = new DataRowCells();
    let isCopy = false;
    for (let at = 0; rows.length < this.#limits.maxRows && at + HEAD_BYTES <= bytes.length; ) {
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      isCopy = bytes[at] !== DATA_ROW;
      if (isCopy) rows.push([bytes.toString('utf8', at + HEAD_BYTES, end)]);
      else rows.push(rowOf(cells, bytes, at + HEAD_BYTES, end, described));
      at = end;
    }
    const columns = isCopy ? [COPY_COLUMN] : (fields?.map(({ name }) => name) ?? [...names]);
    return { columns, rows, isCut: rows.length < rowsInAll };
  }
}

function rowOf(
  cells: DataRowCells,
  bytes: Buffer,
  start: number,
  end: number,
  described: Described,
): Array<string | null> {
  const row: Array<string | null> = [];
  cells.read(bytes, start, end);
  while (cells.next()) {
    const { start: from, length } = cells;
    if (length < 0) row.push(null);
    else if (isBinary(row.length, described)) row.push(`\\x${bytes.toString('hex', from, from + length)}`);
    else row.push(bytes.toString('utf8', from, from + length));
  }
  return row;
}

function isBinary(index: number, { formats, result }: Described): boolean {
  const format = formats === null ? result.fields?.[index]?.format : formatAt(formats, index);
  return format === BINARY;
}

/** One format is for all columns, and none is text (manual, Bind). */
function formatAt(formats: readonly number[], index: number): number | undefined {
  return formats.length === 1 ? formats[0] : formats[index];
}
