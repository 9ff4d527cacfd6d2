import {
  type Cell,
  type CellRange,
  MAX_WINDOW_ROWS,
  type RowsWindow,
} from '../../../../../extension/contract/results-messages.ts';

export const PAGE_ROWS = 100;
export const BLOCK_COLUMNS = 32;
const MAX_IN_FLIGHT = 2;
const MAX_PAGES_KEPT = 240;

type Page = { numbers: readonly number[]; cells: readonly (readonly Cell[])[] };
type PageAt = { page: number; block: number };

export type RowWindowsOptions = {
  readonly fetchWindow: (range: CellRange) => Promise<RowsWindow>;
  /** Called after rows arrived: draw again. */
  readonly onArrived: () => void;
  /** Called when a window could not be had; it's asked for again when one looks there again. */
  readonly onFailed: (error: unknown) => void;
  readonly columns: number;
};

/**
 * Rows that were fetched, by pages of 100 rows and 32 columns. Only what is wanted now is asked for, at most
 * two questions at a time, neighbours in one question: a long scroll leaves no queue behind. The least
 * recently seen pages are let go.
 */
export class RowWindows {
  readonly #options: RowWindowsOptions;
  readonly #pages = new Map<string, Page>();
  readonly #asked = new Set<string>();
  readonly #failed = new Set<string>();
  #wanted: readonly CellRange[] = [];
  #version = 0;
  #rowCount = 0;
  #inFlight = 0;

  constructor(options: RowWindowsOptions) {
    this.#options = options;
  }

  /** Another arrangement makes all pages stale; more rows make only the last page incomplete. */
  update(version: number, rowCount: number): void {
    if (version !== this.#version || rowCount < this.#rowCount) {
      this.#pages.clear();
      this.#asked.clear();
    }
    this.#failed.clear();
    this.#version = version;
    this.#rowCount = rowCount;
    this.#pump();
  }

  /** Says what is on screen (more than one range when columns are frozen); whatever is missing is fetched. */
  want(ranges: readonly CellRange[]): void {
    this.#failed.clear();
    this.#wanted = ranges;
    this.#pump();
  }

  /** The cell, or undefined while it's on its way. */
  cellAt(row: number, column: number): Cell | undefined {
    const page = this.#pages.get(keyOf({ page: pageOf(row), block: blockOf(column) }));
    return page?.cells[row % PAGE_ROWS]?.[column % BLOCK_COLUMNS];
  }

  /** The row's number as fetched, from 1, or undefined while it's on its way. */
  numberAt(row: number, column: number): number | undefined {
    return this.#pages.get(keyOf({ page: pageOf(row), block: blockOf(column) }))?.numbers[row % PAGE_ROWS];
  }

  #pump(): void {
    while (this.#inFlight < MAX_IN_FLIGHT) {
      const run = this.#nextRun();
      if (!run) return;
      void this.#fetch(run);
    }
  }

  /** The first wanted page that is missing, with the missing ones right below it. */
  #nextRun(): PageAt[] | null {
    const missing = this.#wantedPages().filter((at) => this.#isMissing(at));
    const first = missing[0];
    if (!first) return null;
    const run = [first];
    for (const at of missing.slice(1)) {
      const next = at.block === first.block && at.page === first.page + run.length;
      if (next && (run.length + 1) * PAGE_ROWS <= MAX_WINDOW_ROWS) run.push(at);
    }
    return run;
  }

  async #fetch(run: readonly PageAt[]): Promise<void> {
    const version = this.#version;
    const first = run[0];
    if (!first) return;
    const keys = run.map(keyOf);
    for (const key of keys) this.#asked.add(key);
    this.#inFlight++;
    try {
      const answer = await this.#options.fetchWindow(this.#rangeOf(first, run.length));
      if (version === this.#version && answer.version === version) this.#keep(run, answer);
      else if (version === this.#version) for (const key of keys) this.#failed.add(key);
    } catch (error) {
      this.#options.onFailed(error);
      if (version === this.#version) for (const key of keys) this.#failed.add(key);
    } finally {
      this.#inFlight--;
      if (version === this.#version) for (const key of keys) this.#asked.delete(key);
      this.#options.onArrived();
      this.#pump();
    }
  }

  #keep(run: readonly PageAt[], answer: RowsWindow): void {
    run.forEach((at, index) => {
      const from = index * PAGE_ROWS;
      const cells = answer.cells.slice(from, from + PAGE_ROWS);
      const key = keyOf(at);
      if (cells.length < this.#rowsExpected(at.page)) this.#failed.add(key);
      this.#pages.delete(key);
      this.#pages.set(key, { numbers: answer.numbers.slice(from, from + PAGE_ROWS), cells });
    });
    for (const key of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES_KEPT) break;
      this.#pages.delete(key);
    }
  }

  #isMissing(at: PageAt): boolean {
    const key = keyOf(at);
    if (this.#asked.has(key) || this.#failed.has(key)) return false;
    const page = this.#pages.get(key);
    if (!page) return true;
    this.#pages.delete(key);
    this.#pages.set(key, page);
    return page.cells.length < this.#rowsExpected(at.page);
  }

  #rowsExpected(page: number): number {
    return Math.min(PAGE_ROWS, this.#rowCount - page * PAGE_ROWS);
  }

  #rangeOf(first: PageAt, pages: number): CellRange {
    const fromRow = first.page * PAGE_ROWS;
    const fromColumn = first.block * BLOCK_COLUMNS;
    return {
      fromRow,
      toRow: Math.min(this.#rowCount, fromRow + pages * PAGE_ROWS),
      fromColumn,
      toColumn: Math.min(this.#options.columns, fromColumn + BLOCK_COLUMNS),
    };
  }

  #wantedPages(): PageAt[] {
    const pages = new Map<string, PageAt>();
    for (const range of this.#wanted) {
      for (const at of pagesOf(range, this.#rowCount)) pages.set(keyOf(at), at);
    }
    return [...pages.values()];
  }
}

function pagesOf(range: CellRange, rowCount: number): PageAt[] {
  const toRow = Math.min(range.toRow, rowCount);
  const pages: PageAt[] = [];
  if (toRow <= range.fromRow || range.toColumn <= range.fromColumn) return pages;
  for (let block = blockOf(range.fromColumn); block <= blockOf(range.toColumn - 1); block++) {
    for (let page = pageOf(range.fromRow); page <= pageOf(toRow - 1); page++) pages.push({ page, block });
  }
  return pages;
}

function pageOf(row: number): number {
  return Math.floor(row / PAGE_ROWS);
}

function blockOf(column: number): number {
  return Math.floor(column / BLOCK_COLUMNS);
}

function keyOf({ page, block }: PageAt): string {
  return `${page}:${block}`;
}
