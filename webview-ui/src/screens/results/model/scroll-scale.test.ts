import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Extent,
  MAX_SCROLL_PX,
  maxTopPx,
  movedTo,
  mustSettleNow,
  scrolled,
  scrollHeightPx,
  topShowingRow,
} from './scroll-scale.ts';

const million: Extent = { contentPx: 24_000_000, viewportPx: 400 };
const few: Extent = { contentPx: 4_800, viewportPx: 400 };
const extent = fc.record({
  contentPx: fc.integer({ min: 0, max: 10_000_000_000 }),
  viewportPx: fc.integer({ min: 1, max: 2_000 }),
});

test('few rows scroll as the browser does', () => {
  assert.equal(scrollHeightPx(few), 4_800);
  assert.equal(scrolled({ topPx: 0, scrollTopPx: 0 }, few, 1234).topPx, 1234);
});

test('the ends of the bar are the ends of the rows, and the bar stays within what browsers can do', () => {
  fc.assert(
    fc.property(extent, (any) => {
      assert.ok(scrollHeightPx(any) <= MAX_SCROLL_PX);
      const end = movedTo(any, Number.POSITIVE_INFINITY);
      assert.equal(end.topPx, maxTopPx(any));
      assert.ok(Math.abs(end.scrollTopPx - Math.max(0, scrollHeightPx(any) - any.viewportPx)) < 1e-6);
      assert.deepEqual(movedTo(any, -5), { topPx: 0, scrollTopPx: 0 });
    }),
  );
});

test('every place of the rows has one on the bar, and a jump there comes back', () => {
  fc.assert(
    fc.property(extent, fc.double({ min: 0, max: 1, noNaN: true }), (any, share) => {
      const there = movedTo(any, share * maxTopPx(any));
      const far = { topPx: 0, scrollTopPx: -1_000_000 };
      const off = Math.abs(scrolled(far, any, there.scrollTopPx).topPx - there.topPx);
      // In the scaled bar's last pixel a jump goes to the end.
      const pixelPx = maxTopPx(any) / Math.max(1, scrollHeightPx(any) - any.viewportPx);
      const atEnd = pixelPx > 1 && maxTopPx(any) - there.topPx <= pixelPx;
      assert.ok(off <= (atEnd ? pixelPx : 1e-3 * Math.max(1, any.contentPx / 1e6)));
    }),
  );
});

test('rows that are hardly more than fit are where the browser’s bar is', () => {
  const bare: Extent = { contentPx: 9, viewportPx: 8 };
  assert.equal(scrolled({ topPx: 0, scrollTopPx: 0 }, bare, 0.25).topPx, 0.25);
});

test('scaled: a turn of the wheel moves pixel for pixel, a drag by proportion', () => {
  const middle = movedTo(million, 12_000_000);
  assert.equal(scrolled(middle, million, middle.scrollTopPx + 100).topPx, 12_000_100);
  const dragged = scrolled(middle, million, middle.scrollTopPx + 100_000).topPx;
  assert.ok(dragged > 12_290_000 && dragged < 12_310_000, String(dragged));
});

test('scaled: a bar that drifted to its end before the rows did is put back', () => {
  assert.equal(mustSettleNow({ topPx: 5_000, scrollTopPx: 20 }, million), true);
  assert.equal(mustSettleNow({ topPx: 60, scrollTopPx: 20 }, million), false);
  assert.equal(mustSettleNow({ topPx: 100, scrollTopPx: 20 }, few), false);
});

test('a row comes into view with the least movement', () => {
  assert.equal(topShowingRow(5, 24, 0, 240), 0);
  assert.equal(topShowingRow(10, 24, 0, 240), 24);
  assert.equal(topShowingRow(2, 24, 100, 240), 48);
});
