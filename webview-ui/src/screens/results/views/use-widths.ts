import { useMemo, useRef, useState } from 'preact/hooks';
import { clampWidth } from '../model/column-layout.ts';
import type { RowWindows } from '../model/row-windows.ts';
import { fittedWidth, type GridColumn } from './grid-columns.ts';

type Chosen = Readonly<Record<string, number>>;

export type Widths = {
  readonly widthsPx: readonly number[];
  /** Those that a person chose, by column index. */
  readonly chosenPx: Chosen;
  readonly resize: (column: number, widthPx: number) => void;
  /** Fits a column to its name and the rows from `fromRow` on. */
  readonly fitWidth: (column: number, fromRow: number) => void;
};

/** Column widths: fitted once to the first rows, then as a person wants them. */
export function useWidths(
  columns: readonly GridColumn[],
  windows: RowWindows,
  kept: Chosen,
  characterPx: number,
): Widths {
  const [chosenPx, setChosenPx] = useState<Chosen>(kept);
  const fitted = useRef<{ complete: boolean; widthsPx: number[] }>();
  const arrived = columns.length > 0 && windows.cellAt(0, 0) !== undefined;
  if (!fitted.current || (arrived && !fitted.current.complete)) {
    const widthsPx = columns.map((column) =>
      fittedWidth(column, characterPx, (row, at) => windows.cellAt(row, at)),
    );
    fitted.current = { complete: arrived, widthsPx };
  }
  const first = fitted.current.widthsPx;
  const widthsPx = useMemo(
    () => columns.map(({ index }) => chosenPx[index] ?? first[index] ?? 120),
    [columns, chosenPx, first],
  );
  const resize = (column: number, widthPx: number) =>
    setChosenPx((now) => ({ ...now, [column]: clampWidth(widthPx) }));
  const fitWidth = (column: number, fromRow: number) => {
    const one = columns[column];
    if (one)
      resize(
        column,
        fittedWidth(one, characterPx, (row, at) => windows.cellAt(row + fromRow, at)),
      );
  };
  return { widthsPx, chosenPx, resize, fitWidth };
}
