import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ArrangedRows, copyRows } from './copy-rows.ts';
import { exportRows } from './export-rows.ts';
import { tableName } from './table-name.ts';

const rows = [
  ['1', 'a,b', null],
  ['2', 'c', 'x'],
  ['3', 'd', ''],
];
const source: ArrangedRows = {
  columns: ['id', 'name', 'note'].map((name) => ({ name, masked: null, typeOid: 25, typeName: 'text' })),
  rowsSync: (from, to) => rows.slice(from, to),
};
const options = { headers: true, table: ['t'] };

test('ranges that share rows stand side by side; ranges that share columns follow one another', () => {
  const range = (fromRow: number, toRow: number, fromColumn: number, toColumn: number) => {
    return { fromRow, toRow, fromColumn, toColumn };
  };
  const aside = copyRows(source, [range(0, 2, 2, 3), range(0, 2, 0, 1)], 'csv', options);
  assert.equal(aside.text, 'id,note\r\n1,\r\n2,x\r\n');
  const below = copyRows(source, [range(2, 3, 0, 2), range(0, 1, 0, 2)], 'csv', options);
  assert.equal(below.text, 'id,name\r\n1,"a,b"\r\n3,d\r\n');
  assert.deepEqual([below.rows, below.cells], [2, 4]);
});

test('a range outside the columns is refused', () => {
  const range = { fromRow: 0, toRow: 1, fromColumn: 0, toColumn: 9 };
  assert.throws(() => copyRows(source, [range], 'text', options), /no column 4/);
});

test('an export streams chunks, and stops when it is given up', async () => {
  const long: ArrangedRows = {
    ...source,
    rowsSync: function* () {
      for (let i = 0; i < 100_000; i++) yield [`${i}`, 'name', 'note'];
    },
  };
  const chunks: string[] = [];
  const file = { appendFile: async (text: string) => void chunks.push(text) };
  assert.equal(await exportRows(long, 100_000, 'json', ['t'], file as never), 100_000);
  assert.equal(JSON.parse(chunks.join('')).length, 100_000);
  assert.ok(chunks.length > 10);
  const giveUp = new AbortController();
  giveUp.abort(new Error('given up'));
  await assert.rejects(exportRows(long, 100_000, 'csv', ['t'], file as never, giveUp.signal), /given up/);
});

test('the table that INSERT names is the first a statement names', () => {
  assert.deepEqual(tableName('select * from Public.customers c'), ['public', 'customers']);
  assert.deepEqual(tableName('SELECT 1 FROM ONLY "Odd ""Name"""."t"'), ['Odd "Name"', 't']);
  assert.deepEqual(tableName('select 1'), ['result']);
});
