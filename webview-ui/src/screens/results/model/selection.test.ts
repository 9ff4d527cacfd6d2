import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addRange,
  countCells,
  currentRange,
  extendTo,
  isSelected,
  type Motion,
  move,
  rangesToCopy,
  type Selection,
  selectAll,
  selectCell,
  selectColumn,
  selectedRanges,
  selectRow,
} from './selection.ts';

const bounds = { rows: 100, columns: 5, pageRows: 10 };
const MOTIONS: Motion[] = [
  'up',
  'down',
  'left',
  'right',
  'pageUp',
  'pageDown',
  'rowStart',
  'rowEnd',
  'columnStart',
  'columnEnd',
  'gridStart',
  'gridEnd',
];

test('no way of moving leaves the grid', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom(...MOTIONS), fc.boolean()));
  const any = fc.record({
    rows: fc.nat(30),
    columns: fc.integer({ min: 1, max: 5 }),
    pageRows: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(any, steps, (size, moves) => {
      let selection = selectCell({ row: Math.min(0, size.rows - 1), column: 0 });
      for (const [motion, extend] of moves) {
        selection = move(selection, motion, size, extend);
        const { row, column } = selection.active;
        assert.ok(row >= -1 && row < Math.max(size.rows, 0), `row ${row} of ${size.rows}`);
        assert.ok(column >= 0 && column < size.columns);
      }
    }),
  );
});

test('moving without shift selects one cell; with it, from the anchor', () => {
  const start = selectCell({ row: 5, column: 2 });
  const down = move(move(start, 'down', bounds, true), 'right', bounds, true);
  assert.deepEqual(currentRange(down), { fromRow: 5, toRow: 7, fromColumn: 2, toColumn: 4 });
  assert.equal(countCells(selectedRanges(move(down, 'up', bounds, false))), 1);
});

test('the headers are reached by keys, never by extending, and hold no cells', () => {
  const top = selectCell({ row: 0, column: 0 });
  assert.equal(move(top, 'up', bounds, false).active.row, -1);
  assert.equal(move(top, 'up', bounds, true).active.row, 0);
  assert.equal(move(selectCell({ row: 3, column: 0 }), 'pageUp', bounds, false).active.row, 0);
  assert.deepEqual(selectedRanges(selectCell({ row: -1, column: 0 })), []);
});

test('all, rows and columns', () => {
  const start = selectCell({ row: 5, column: 2 });
  assert.equal(countCells(rangesToCopy(selectAll(start, bounds))), 500);
  assert.equal(countCells(rangesToCopy(selectColumn(2, bounds))), 100);
  const rows = selectRow(selectRow(start, 3, bounds, false), 6, bounds, true);
  assert.deepEqual(currentRange(rows), { fromRow: 3, toRow: 7, fromColumn: 0, toColumn: 5 });
});

test('ranges kept with ctrl are all selected, and one inside another is copied once', () => {
  const first = extendTo(selectCell({ row: 0, column: 0 }), { row: 3, column: 3 });
  const second = addRange(first, { row: 10, column: 1 });
  const inside = addRange(second, { row: 1, column: 1 });
  assert.equal(isSelected(selectedRanges(inside), 2, 2), true);
  assert.equal(isSelected(selectedRanges(inside), 10, 1), true);
  assert.equal(isSelected(selectedRanges(inside), 9, 1), false);
  assert.equal(rangesToCopy(inside).length, 2);
  const twice: Selection = addRange(selectCell({ row: 1, column: 1 }), { row: 1, column: 1 });
  assert.equal(rangesToCopy(twice).length, 1);
});
