import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anAsk, shown as aShown } from '../../../../../extension/contract/request.fixture.ts';
import { longestWindow, readLimits } from './limits.ts';

test('a window is as long as the strictest rule allows, and none where one rule allows none', () => {
  const longest = (windows: (number | null)[], shape: string | null = 'shape') =>
    longestWindow(aShown({ shape, asks: windows.map((windowSeconds) => anAsk({ windowSeconds })) }).request);
  assert.equal(longest([1800]), 1800);
  assert.equal(longest([1800, 600]), 600);
  assert.equal(longest([1800, null]), null);
  assert.equal(longest([1800], null), null);
});

test('numbers are read as people write them; nothing is no limit', () => {
  const bounds = (rows: string, minutes: string, longest: number | null = 1800) => {
    const limits = readLimits(rows, minutes, longest);
    return limits.kind === 'right' ? limits.bounds : limits.kind;
  };
  assert.deepEqual(bounds('', ''), { maxRows: null, windowSeconds: null });
  assert.deepEqual(bounds(' 1,200 ', '30'), { maxRows: 1200, windowSeconds: 1800 });
  assert.deepEqual(bounds('0', ''), { maxRows: 0, windowSeconds: null });
  assert.deepEqual(bounds('5', '10', null), { maxRows: 5, windowSeconds: null });
  for (const [rows, minutes] of [
    ['x', ''],
    ['-1', ''],
    ['1.5', ''],
    ['', '0'],
    ['', '31'],
    ['', 'x'],
  ] as const) {
    assert.equal(bounds(rows, minutes), 'wrong', `${rows}|${minutes}`);
  }
});
