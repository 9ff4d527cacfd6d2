import type { Place } from './layout.ts';
import type { Cell } from './styled.ts';

const PLAIN = '\x1b[m';
const TO_ROW_END = '\x1b[K';
const TO_SCREEN_END = '\x1b[J';

/** Writes escape sequences, and knows where the cursor is and which colours are on. Columns and rows count from 0. */
export class Pen {
  #output = '';
  #style = '';
  #at: Place;
  readonly #columns: number;

  constructor(at: Place, columns: number) {
    this.#at = at;
    this.#columns = columns;
  }

  get output(): string {
    return this.#output;
  }

  /** Moves within rows that exist. */
  moveTo(to: Place): void {
    this.#moveToRow(to.row);
    const steps = to.column - this.#at.column;
    // At the right margin a terminal has the cursor on the last column or behind it.
    if (this.#at.column >= this.#columns || steps < -4) this.#moveToColumn(to.column);
    else if (steps < 0) this.#output += '\b'.repeat(-steps);
    else if (steps > 0) this.#output += right(steps);
    this.#at = to;
  }

  #moveToRow(row: number): void {
    this.#output += byRows(row - this.#at.row);
  }

  #moveToColumn(column: number): void {
    this.#output += `\r${column > 0 ? right(column) : ''}`;
  }

  write(cell: Cell): void {
    if (cell.style !== this.#style) this.#output += PLAIN + cell.style;
    this.#style = cell.style;
    this.#at = { row: this.#at.row, column: this.#at.column + cell.width };
    if (cell.unsure) this.#writeUnsure(cell);
    else this.#output += cell.text;
  }

  /** Blanks the columns that it takes at most, and goes to the one behind them. They must not end at the margin. */
  #writeUnsure({ text, width }: Cell): void {
    this.#output += ' '.repeat(width) + '\b'.repeat(width) + text;
    this.#moveToColumn(this.#at.column);
  }

  /** Plain colours: what is erased takes the colour that is on. */
  plain(): void {
    if (this.#style !== '') this.#output += PLAIN;
    this.#style = '';
  }

  /** Erases from the cursor to the end of its row. Not at the margin: a terminal would erase the last column. */
  eraseRow(): void {
    if (this.#at.column >= this.#columns) return;
    this.plain();
    this.#output += TO_ROW_END;
  }

  eraseBelow(): void {
    this.plain();
    this.#output += TO_SCREEN_END;
  }

  /** Begins the next row as one of its own. */
  newRow(): void {
    this.plain();
    this.#output += '\r\n';
    this.#at = { row: this.#at.row + 1, column: 0 };
  }

  /**
   * Behind a row that is full: makes the terminal go on in the next one now, with a blank; `erase` all behind that.
   * Erased from its first column on, the row would count as one of its own.
   */
  forceWrap(erase: boolean): void {
    this.plain();
    this.#output += ` ${erase ? TO_SCREEN_END : ''}\r`;
    this.wrapped();
  }

  /** The terminal goes on in the next row with the next character. */
  wrapped(): void {
    this.#at = { row: this.#at.row + 1, column: 0 };
  }
}

/** Moves down, up when negative, as far as there are rows. */
export function byRows(rows: number): string {
  if (rows === 0) return '';
  return rows < 0 ? `\x1b[${-rows}A` : `\x1b[${rows}B`;
}

function right(columns: number): string {
  return `\x1b[${columns}C`;
}
