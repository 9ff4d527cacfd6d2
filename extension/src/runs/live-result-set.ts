import type { ResultColumn, RowBatch } from '../../../gateway/contract/query-channel.ts';
import type { ColumnFilter, SortKey } from '../../contract/arrange.ts';
import {
  CELL_TEXT_LIMIT,
  type Cell,
  type CellRange,
  type RowsWindow,
} from '../../contract/results-messages.ts';
import type { Arrangement, ResultSet, ResultSetId } from '../../contract/results-state.ts';
import { arrangeRows } from '../results/arrange-rows.ts';
import type { ArrangedRows } from '../results/copy-rows.ts';
import type { Row, RowStore } from '../results/row-store.ts';

/** One statement's rows: kept as they arrive, read in windows, arranged by indices. */
export class LiveResultSet implements ArrangedRows {
  readonly id: ResultSetId;
  readonly statement: number;
  readonly columns: readonly ResultColumn[];
  readonly #store: RowStore;
  #complete = false;
  #limitedToRows: number | null = null;
  #order: readonly SortKey[] = [];
  #filters: readonly ColumnFilter[] = [];
  #version = 0;
  /** Fetched row numbers in arranged order; null when rows stand as fetched. */
  #rows: Uint32Array | null = null;

  constructor(id: ResultSetId, statement: number, columns: readonly ResultColumn[], store: RowStore) {
    this.id = id;
    this.statement = statement;
    this.columns = columns;
    this.#store = store;
  }

  /** Keeps a batch as far as there is room; false when rows had to be left out and no more are wanted. */
  async append(batch: RowBatch, maxRows: number): Promise<boolean> {
    if (this.#limitedToRows !== null) return false;
    const room = maxRows - this.#store.rowCount;
    await this.#store.append(batch.rows, batch.rowCount, Math.min(room, batch.rowCount));
    if (batch.rowCount <= room) return true;
    this.#limitedToRows = maxRows;
    return false;
  }

  /** No more rows come. An arrangement made before is made again over all of them. */
  async finish(): Promise<void> {
    if (this.#complete) return;
    this.#complete = true;
    if (this.#rows !== null) await this.arrange([...this.#order], [...this.#filters]);
  }

  get isComplete(): boolean {
    return this.#complete;
  }

  get arrangement(): Arrangement {
    return {
      version: this.#version,
      order: [...this.#order],
      filters: [...this.#filters],
      rowCount: this.#rows?.length ?? this.#store.rowCount,
    };
  }

  async arrange(order: readonly SortKey[], filters: readonly ColumnFilter[]): Promise<Arrangement> {
    const rows = await arrangeRows(this.#store, this.columns, order, filters);
    this.#order = order;
    this.#filters = filters;
    this.#rows = rows;
    this.#version++;
    return this.arrangement;
  }

  /** Cells of arranged rows, long texts cut. */
  async window(range: CellRange): Promise<RowsWindow> {
    const version = this.#version;
    const numbers = this.#fetchedNumbers(range.fromRow, range.toRow);
    const rows = await this.#read(numbers);
    return {
      version,
      fromRow: range.fromRow,
      fromColumn: range.fromColumn,
      numbers: numbers.map((number) => number + 1),
      cells: rows.map((row) => row.slice(range.fromColumn, range.toColumn).map(cut)),
    };
  }

  /** One value in full. `row` counts arranged rows. */
  async value(row: number, column: number): Promise<string | null> {
    const [number] = this.#fetchedNumbers(row, row + 1);
    if (number === undefined) throw new RangeError(`row ${row}`);
    return (await this.#store.row(number))[column] ?? null;
  }

  /** Arranged rows `from` (in) to `to` (out), values in full; reads as it is pulled. */
  rowsSync(from: number, to: number): Iterable<Row> {
    return this.#store.rowsSync(this.#numbersBetween(from, to));
  }

  snapshot(): ResultSet {
    return {
      id: this.id,
      statement: this.statement,
      columns: [...this.columns],
      rowCount: this.#store.rowCount,
      complete: this.#complete,
      limitedToRows: this.#limitedToRows,
      arrangement: this.arrangement,
    };
  }

  dispose(): Promise<void> {
    return this.#store.close();
  }

  #fetchedNumbers(from: number, to: number): number[] {
    return [...this.#numbersBetween(from, to)];
  }

  *#numbersBetween(from: number, to: number): Generator<number> {
    const end = Math.min(to, this.arrangement.rowCount);
    for (let at = from; at < end; at++) yield this.#rows?.[at] ?? at;
  }

  async #read(numbers: readonly number[]): Promise<Row[]> {
    const [first] = numbers;
    if (first === undefined) return [];
    if (this.#rows === null) return this.#store.range(first, first + numbers.length);
    return Promise.all(numbers.map((number) => this.#store.row(number)));
  }
}

function cut(text: string | null): Cell {
  if (text === null || text.length <= CELL_TEXT_LIMIT) return text;
  return { cut: text.slice(0, CELL_TEXT_LIMIT), length: text.length };
}
