import { clusterEnds } from '../text/graphemes.ts';
import { glyphsOf, spelledOut } from './glyph.ts';
import { type Cell, cell, promptCells } from './styled.ts';

/** A row of the terminal. `wraps`: the terminal goes on in the next row by itself, so that both are one line to it. */
export type Row = { readonly cells: readonly Cell[]; readonly width: number; readonly wraps: boolean };

/** A place on the screen, both from 0. */
export type Place = { readonly row: number; readonly column: number };

export type Layout = { readonly rows: readonly Row[]; readonly cursor: Place };

export type Content = {
  readonly prompt: string;
  /** In front of every line but the first. */
  readonly continuation: string;
  readonly text: string;
  /** Offset into `text`, in UTF-16 units, at the border of a grapheme cluster. */
  readonly cursor: number;
};

const TAB_STOP = 8;
/** Narrower than this a wide character has no place. */
export const MIN_COLUMNS = 2;

/** Rows of `columns` columns, broken as a terminal breaks them. */
export function layOut({ prompt, continuation, text, cursor }: Content, columns: number): Layout {
  const page = new Page(Math.max(MIN_COLUMNS, columns));
  const more = promptCells(continuation);
  page.put(promptCells(prompt));
  let place: Place | null = null;
  let at = 0;
  for (const end of clusterEnds(text, 0)) {
    const start = page.putCluster(text.slice(at, end), more);
    if (cursor >= at && cursor < end) place = start;
    at = end;
  }
  return page.finished(place);
}

/** Rows that are being filled. */
class Page {
  readonly #rows: Row[] = [];
  readonly #columns: number;
  #cells: Cell[] = [];
  #column = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Adds a cluster of the text; gives where it begins. */
  putCluster(cluster: string, continuation: readonly Cell[]): Place {
    if (cluster === '\n') {
      const start = this.end();
      this.#endRow(false);
      this.put(continuation);
      return start;
    }
    if (cluster === '\t') return this.#putTab();
    return this.put(glyphsOf(cluster).map((glyph) => cell(glyph, '')));
  }

  /** Adds cells; gives where the first of them stands. */
  put(cells: readonly Cell[]): Place {
    let first: Place | null = null;
    for (const one of cells) {
      const start = this.#putCell(one);
      first ??= start;
    }
    return first ?? this.end();
  }

  /** Where the next cell would stand. A row that is full has its end in the next one. */
  end(): Place {
    if (this.#column === this.#columns) this.#endRow(true);
    return { row: this.#rows.length, column: this.#column };
  }

  /** The rows, with the cursor at `cursor`, or behind everything when that is null. */
  finished(cursor: Place | null): Layout {
    const end = this.end();
    this.#endRow(false);
    return { rows: this.#rows, cursor: cursor ?? end };
  }

  #putCell(one: Cell): Place {
    // A terminal that draws it wider than others would break the row within.
    const needed = one.unsure ? one.width + 1 : one.width;
    if (needed > this.#columns) return this.put(spelledOut(one).map((glyph) => cell(glyph, one.style)));
    if (this.#column + needed > this.#columns) this.#endRow(this.#column === this.#columns || !one.unsure);
    const place = { row: this.#rows.length, column: this.#column };
    this.#cells.push(one);
    this.#column += one.width;
    return place;
  }

  #putTab(): Place {
    const start = this.end();
    const width = Math.min(TAB_STOP - (this.#column % TAB_STOP), this.#columns - this.#column);
    for (let left = width; left > 0; left -= 1) this.#putCell(blank);
    return start;
  }

  #endRow(wraps: boolean): void {
    this.#rows.push({ cells: this.#cells, width: this.#column, wraps });
    this.#cells = [];
    this.#column = 0;
  }
}

const blank: Cell = { text: ' ', width: 1, unsure: false, standsFor: false, style: '' };
