import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CellRange, RowsWindow } from '../../../../../extension/contract/results-messages.ts';
import { RowWindows } from './row-windows.ts';

type Asked = { range: CellRange; answer: (version?: number) => Promise<void>; fail: () => Promise<void> };

/** A host that answers when the test says so. */
function setUp(columns = 10) {
  const asked: Asked[] = [];
  let arrivals = 0;
  const windows = new RowWindows({
    columns,
    onFailed: () => {},
    onArrived: () => {
      arrivals++;
    },
    fetchWindow: (range) =>
      new Promise<RowsWindow>((resolve, reject) => {
        const settled = () => new Promise<void>((done) => setImmediate(done));
        asked.push({
          range,
          answer: (version = 0) => {
            resolve(windowOf(range, version));
            return settled();
          },
          fail: () => {
            reject(new Error('gone'));
            return settled();
          },
        });
      }),
  });
  return { windows, asked, arrivals: () => arrivals };
}

function windowOf(range: CellRange, version: number): RowsWindow {
  const rows = Array.from({ length: range.toRow - range.fromRow }, (_, at) => range.fromRow + at);
  const columns = Array.from({ length: range.toColumn - range.fromColumn }, (_, at) => range.fromColumn + at);
  return {
    version,
    fromRow: range.fromRow,
    fromColumn: range.fromColumn,
    numbers: rows.map((row) => row + 1),
    cells: rows.map((row) => columns.map((column) => `${row}/${column}`)),
  };
}

const see = (fromRow: number, toRow: number, fromColumn = 0, toColumn = 10): CellRange[] => [
  { fromRow, toRow, fromColumn, toColumn },
];

test('what is seen is asked for once, neighbours in one question', async () => {
  const { windows, asked, arrivals } = setUp();
  windows.update(0, 1000);
  windows.want(see(90, 130));
  windows.want(see(95, 135));
  assert.deepEqual(
    asked.map(({ range }) => range),
    [{ fromRow: 0, toRow: 200, fromColumn: 0, toColumn: 10 }],
  );
  assert.equal(windows.cellAt(100, 3), undefined);
  await asked[0]?.answer();
  assert.equal(windows.cellAt(100, 3), '100/3');
  assert.equal(windows.numberAt(100, 3), 101);
  assert.equal(arrivals(), 1);
  windows.want(see(100, 140));
  assert.equal(asked.length, 1);
});

test('a long scroll leaves no queue: at most two questions at a time, the next for what is seen then', async () => {
  const { windows, asked } = setUp();
  windows.update(0, 100_000);
  for (let row = 0; row < 50_000; row += 1000) windows.want(see(row, row + 40));
  assert.equal(asked.length, 2);
  await asked[0]?.answer();
  assert.equal(asked.length, 3);
  assert.equal(asked[2]?.range.fromRow, 49_000);
});

test('wide results are asked for by blocks of columns', () => {
  const { windows, asked } = setUp(100);
  windows.update(0, 50);
  windows.want(see(0, 40, 30, 40));
  assert.deepEqual(
    asked.map(({ range }) => [range.fromColumn, range.toColumn]),
    [
      [0, 32],
      [32, 64],
    ],
  );
});

test('a window of an older arrangement is dropped and asked for again', async () => {
  const { windows, asked } = setUp();
  windows.update(0, 100);
  windows.want(see(0, 40));
  windows.update(1, 100);
  await asked[0]?.answer(0);
  assert.equal(windows.cellAt(0, 0), undefined);
  await asked.at(-1)?.answer(1);
  assert.equal(windows.cellAt(0, 0), '0/0');
});

test('when more rows arrive only the incomplete page is asked for again', async () => {
  const { windows, asked } = setUp();
  windows.update(0, 150);
  windows.want(see(90, 200));
  await asked[0]?.answer();
  windows.update(0, 400);
  assert.deepEqual(
    asked.slice(1).map(({ range }) => [range.fromRow, range.toRow]),
    [[100, 200]],
  );
  assert.equal(windows.cellAt(149, 0), '149/0');
});

test('a question that failed is not asked in a circle, but again when one looks again', async () => {
  const { windows, asked } = setUp();
  windows.update(0, 100);
  windows.want(see(0, 40));
  await asked[0]?.fail();
  assert.equal(asked.length, 1);
  windows.want(see(0, 41));
  assert.equal(asked.length, 2);
});

test('memory is bounded: pages seen long ago are let go', async () => {
  const { windows, asked } = setUp(1);
  windows.update(0, 1_000_000);
  for (let page = 0; page < 400; page++) {
    windows.want(see(page * 100, page * 100 + 50, 0, 1));
    await asked.at(-1)?.answer();
  }
  assert.equal(windows.cellAt(0, 0), undefined);
  assert.equal(windows.cellAt(39_900, 0), '39900/0');
});
