import { assertNever } from '../../../../../gateway/contract/assert-never.ts';

/** The row index of the column headers, where the keyboard can go as well. */
export const HEADER_ROW = -1;

export type CellAt = { readonly row: number; readonly column: number };

/** Half-open, as the contract's `CellRange`. */
export type Range = {
  readonly fromRow: number;
  readonly toRow: number;
  readonly fromColumn: number;
  readonly toColumn: number;
};

/** `anchor` stays where a selection began, `active` has the keyboard; `others` were kept with ctrl. */
export type Selection = {
  readonly active: CellAt;
  readonly anchor: CellAt;
  readonly others: readonly Range[];
};

export type Bounds = { readonly rows: number; readonly columns: number; readonly pageRows: number };

export type Motion =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'pageUp'
  | 'pageDown'
  | 'rowStart'
  | 'rowEnd'
  | 'columnStart'
  | 'columnEnd'
  | 'gridStart'
  | 'gridEnd';

export function selectCell(at: CellAt): Selection {
  return { active: at, anchor: at, others: [] };
}

/** Moves the keyboard. With `extend` the anchor stays, and the headers can't be reached. */
export function move(selection: Selection, motion: Motion, bounds: Bounds, extend: boolean): Selection {
  const firstRow = extend ? Math.min(0, bounds.rows - 1) : HEADER_ROW;
  const to = destination(selection.active, motion, bounds);
  const active = {
    row: clamp(to.row, firstRow, bounds.rows - 1),
    column: clamp(to.column, 0, bounds.columns - 1),
  };
  return extend ? { ...selection, active } : selectCell(active);
}

/** Extends the current range to a cell. */
export function extendTo(selection: Selection, active: CellAt): Selection {
  return { ...selection, active };
}

/** Begins another range and keeps those there are. */
export function addRange(selection: Selection, at: CellAt): Selection {
  return { active: at, anchor: at, others: [...selection.others, currentRange(selection)] };
}

export function selectAll(selection: Selection, { rows, columns }: Bounds): Selection {
  const last = { row: rows - 1, column: columns - 1 };
  return {
    active: selection.active,
    anchor: selection.active,
    others: [rangeBetween({ row: 0, column: 0 }, last)],
  };
}

/** Whole rows, from the anchor's when extending. */
export function selectRow(
  selection: Selection,
  row: number,
  { columns }: Bounds,
  extend: boolean,
): Selection {
  const anchorRow = extend ? Math.max(0, selection.anchor.row) : row;
  return {
    active: { row, column: columns - 1 },
    anchor: { row: anchorRow, column: 0 },
    others: [],
  };
}

/** A whole column; the keyboard stays at its top. */
export function selectColumn(column: number, { rows }: Bounds): Selection {
  const at = { row: 0, column };
  return { active: at, anchor: at, others: [rangeBetween(at, { row: rows - 1, column })] };
}

export function currentRange({ anchor, active }: Selection): Range {
  return rangeBetween(anchor, active);
}

/** Every selected range; headers count for nothing. */
export function selectedRanges(selection: Selection): Range[] {
  return [...selection.others, currentRange(selection)].filter(
    ({ fromRow, toRow }) => toRow > Math.max(0, fromRow),
  );
}

/** What copying takes: ranges that lie in others are left out. */
export function rangesToCopy(selection: Selection): Range[] {
  const ranges = selectedRanges(selection);
  return ranges.filter(
    (range, index) =>
      !ranges.some(
        (other, at) => at !== index && covers(other, range) && !(covers(range, other) && at > index),
      ),
  );
}

export function isSelected(ranges: readonly Range[], row: number, column: number): boolean {
  return ranges.some(
    (range) =>
      row >= range.fromRow && row < range.toRow && column >= range.fromColumn && column < range.toColumn,
  );
}

export function countCells(ranges: readonly Range[]): number {
  return ranges.reduce(
    (sum, range) => sum + (range.toRow - range.fromRow) * (range.toColumn - range.fromColumn),
    0,
  );
}

export function rangeBetween(a: CellAt, b: CellAt): Range {
  return {
    fromRow: Math.min(a.row, b.row),
    toRow: Math.max(a.row, b.row) + 1,
    fromColumn: Math.min(a.column, b.column),
    toColumn: Math.max(a.column, b.column) + 1,
  };
}

function covers(outer: Range, inner: Range): boolean {
  return (
    outer.fromRow <= inner.fromRow &&
    outer.toRow >= inner.toRow &&
    outer.fromColumn <= inner.fromColumn &&
    outer.toColumn >= inner.toColumn
  );
}

function destination({ row, column }: CellAt, motion: Motion, { rows, columns, pageRows }: Bounds): CellAt {
  switch (motion) {
    case 'up':
      return { row: row - 1, column };
    case 'down':
      return { row: row + 1, column };
    case 'left':
      return { row, column: column - 1 };
    case 'right':
      return { row, column: column + 1 };
    case 'pageUp':
      return { row: Math.max(Math.min(0, row), row - pageRows), column };
    case 'pageDown':
      return { row: row + pageRows, column };
    case 'rowStart':
      return { row, column: 0 };
    case 'rowEnd':
      return { row, column: columns - 1 };
    case 'columnStart':
      return { row: Math.min(0, rows - 1), column };
    case 'columnEnd':
      return { row: rows - 1, column };
    case 'gridStart':
      return { row: Math.min(0, rows - 1), column: 0 };
    case 'gridEnd':
      return { row: rows - 1, column: columns - 1 };
    default:
      return assertNever(motion);
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}
