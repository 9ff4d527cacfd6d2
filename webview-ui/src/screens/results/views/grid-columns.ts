import type { Cell } from '../../../../../extension/contract/results-messages.ts';
import { kindOfType, type ValueKind } from '../../../../../extension/contract/value-kind.ts';
import type { ResultColumn } from '../../../../../gateway/contract/query-channel.ts';
import type { DetectReason, MaskReason } from '../../../../../gateway/contract/verdict.ts';
import { cellText } from '../model/cell-text.ts';
import { widthForText } from '../model/column-layout.ts';

const CELL_EXTRA_PX = 20;
const LOCK_EXTRA_PX = 18;
const HEADER_EXTRA_PX = 44;
const ROWS_MEASURED = 60;

/** A result column as the grid draws it. */
export type GridColumn = {
  readonly index: number;
  readonly name: string;
  readonly typeName: string;
  readonly kind: ValueKind;
  readonly masked: MaskReason | null;
  /** What is looked for in its values, and replaced where it is found. */
  readonly detectors: readonly DetectReason[];
};

export function gridColumns(columns: readonly ResultColumn[]): GridColumn[] {
  return columns.map(({ name, typeName, typeOid, masked, detectors = [] }, index) => ({
    index,
    name,
    typeName,
    kind: kindOfType(typeOid, typeName),
    masked,
    detectors,
  }));
}

/** A first width from the header and the first rows, as far as they have arrived. */
export function fittedWidth(
  column: GridColumn,
  characterPx: number,
  cellAt: (row: number, column: number) => Cell | undefined,
): number {
  const typeLine = column.typeName.length + (column.masked ? ' · masked'.length : 0);
  const forHeader = widthForText(
    Math.max(column.name.length, typeLine * 0.9),
    characterPx,
    HEADER_EXTRA_PX + (column.masked ? LOCK_EXTRA_PX : 0),
  );
  let longest = 0;
  for (let row = 0; row < ROWS_MEASURED; row++) {
    const cell = cellAt(row, column.index);
    if (cell !== undefined) longest = Math.max(longest, cellText(cell, column.kind).text.length);
  }
  const forCells = widthForText(longest, characterPx, CELL_EXTRA_PX + (column.masked ? LOCK_EXTRA_PX : 0));
  return Math.max(forHeader, forCells);
}
