import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  columnAt,
  layoutColumns,
  scrollShowingColumn,
  totalWidthPx,
  visibleColumns,
  widthForText,
} from './column-layout.ts';

const widths = fc.array(fc.integer({ min: 48, max: 400 }), { minLength: 1, maxLength: 200 });

test('every column that is in sight is among the visible', () => {
  fc.assert(
    fc.property(
      widths,
      fc.nat(20_000),
      fc.integer({ min: 100, max: 1500 }),
      fc.nat(3),
      (all, scroll, view, frozen) => {
        const layout = layoutColumns(all, frozen, view);
        const left = Math.min(scroll, Math.max(0, totalWidthPx(layout) - view));
        const { from, to } = visibleColumns(layout, left, view);
        const frozenPx = layout.leftsPx[layout.frozen] ?? 0;
        for (let column = layout.frozen; column < all.length; column++) {
          const start = (layout.leftsPx[column] ?? 0) - left;
          const seen = start < view && start + (all[column] ?? 0) > frozenPx;
          if (seen) assert.ok(column >= from && column < to, `column ${column} of ${from}..${to}`);
        }
      },
    ),
  );
});

test('the column under a point', () => {
  const { leftsPx } = layoutColumns([100, 50, 200], 0, 1000);
  assert.deepEqual(
    [-5, 0, 99, 100, 149, 150, 9999].map((at) => columnAt(leftsPx, at)),
    [0, 0, 0, 1, 1, 2, 2],
  );
});

test('frozen columns leave room to scroll', () => {
  assert.equal(layoutColumns([100, 100, 100], 2, 1000).frozen, 2);
  assert.equal(layoutColumns([100, 100, 100], 2, 200).frozen, 1);
});

test('a column comes into view beside the frozen ones', () => {
  const layout = layoutColumns([100, 100, 100, 100, 100], 1, 300);
  assert.equal(scrollShowingColumn(layout, 0, 250, 300), 250);
  assert.equal(scrollShowingColumn(layout, 4, 0, 300), 200);
  assert.equal(scrollShowingColumn(layout, 1, 200, 300), 0);
  assert.equal(scrollShowingColumn(layout, 2, 50, 300), 50);
});

test('first widths are bounded', () => {
  assert.equal(widthForText(1, 7, 10), 48);
  assert.equal(widthForText(10_000, 7, 10), 340);
});
