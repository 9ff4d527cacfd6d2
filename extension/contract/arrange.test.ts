import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { arrange, type ColumnFilter, type FilterOperator, type RowSource } from './arrange.ts';
import { compareDecimals, compareKey, compareValues } from './compare-values.ts';
import type { ValueKind } from './value-kind.ts';

function source(kind: ValueKind, values: readonly (string | null)[]): RowSource {
  return { rowCount: values.length, kinds: [kind], valueAt: (row) => values[row] ?? null };
}

function sorted(kind: ValueKind, values: readonly (string | null)[], descending = false): (string | null)[] {
  return [...arrange(source(kind, values), [{ column: 0, descending }], [])].map(
    (row) => values[row] ?? null,
  );
}

function matching(
  kind: ValueKind,
  values: readonly (string | null)[],
  operator: FilterOperator,
  text: string,
) {
  const filter: ColumnFilter = { column: 0, operator, text };
  return [...arrange(source(kind, values), [], [filter])].map((row) => values[row] ?? null);
}

test('numbers sort by value, beyond what a double holds, NaN last but for NULL', () => {
  assert.deepEqual(sorted('decimal', ['10', '9', null, '-1.5', 'NaN', '-2', '1e3']), [
    '-2',
    '-1.5',
    '9',
    '10',
    '1e3',
    'NaN',
    null,
  ]);
  assert.deepEqual(sorted('integer', ['9223372036854775807', '9223372036854775806']), [
    '9223372036854775806',
    '9223372036854775807',
  ]);
  assert.deepEqual(sorted('decimal', ['Infinity', 'NaN', '1', '-Infinity']), [
    '-Infinity',
    '1',
    'Infinity',
    'NaN',
  ]);
});

test('NULL is the greatest, as PostgreSQL has it', () => {
  assert.deepEqual(sorted('text', ['b', null, 'a']), ['a', 'b', null]);
  assert.deepEqual(sorted('text', ['b', null, 'a'], true), [null, 'b', 'a']);
});

test('moments and spans sort by time', () => {
  assert.deepEqual(
    sorted('timestamp', [
      'infinity',
      '2026-01-01 00:00:00',
      '10000-01-01 00:00:00',
      '0044-03-15 00:00:00 BC',
      '-infinity',
    ]),
    ['-infinity', '0044-03-15 00:00:00 BC', '2026-01-01 00:00:00', '10000-01-01 00:00:00', 'infinity'],
  );
  assert.deepEqual(sorted('interval', ['1 day', '02:00:00', '-00:00:01', '1 mon', '25:00:00']), [
    '-00:00:01',
    '02:00:00',
    '1 day',
    '25:00:00',
    '1 mon',
  ]);
});

test('comparing decimals exactly agrees with big integers', () => {
  const number = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
  const scaled = (value: bigint) => {
    const digits = String(value < 0n ? -value : value).padStart(11, '0');
    return `${value < 0n ? '-' : ''}${digits.slice(0, -10)}.${digits.slice(-10)}`;
  };
  fc.assert(
    fc.property(number, number, (a, b) => {
      assert.equal(compareDecimals(scaled(a), scaled(b)), a < b ? -1 : a > b ? 1 : 0);
    }),
  );
  assert.equal(compareDecimals('1.50', '1.5'), 0);
  assert.equal(compareDecimals('-0', '0'), 0);
  assert.equal(compareDecimals('-1.50', '-1.5'), 0);
});

test('an order is total over any texts: sorting is stable and reversible', () => {
  const kinds: ValueKind[] = ['text', 'integer', 'decimal', 'timestamp', 'interval', 'json'];
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.array(fc.option(fc.string(), { nil: null })),
      (kind, values) => {
        const once = sorted(kind, values);
        assert.deepEqual(sorted(kind, once), once);
        assert.equal(once.length, values.length);
      },
    ),
  );
});

test('filters by kind', () => {
  const numbers = ['1', '10', '2', null, '10.0'];
  assert.deepEqual(matching('decimal', numbers, 'atLeast', '2'), ['10', '2', '10.0']);
  assert.deepEqual(matching('decimal', numbers, 'equals', '10'), ['10', '10.0']);
  assert.deepEqual(matching('decimal', numbers, 'notEquals', '10'), ['1', '2']);
  assert.deepEqual(matching('decimal', numbers, 'isNull', ''), [null]);
  assert.deepEqual(matching('text', ['Ana', 'banana', null], 'contains', 'ANA'), ['Ana', 'banana']);
  assert.deepEqual(matching('text', ['Ana', 'banana'], 'startsWith', 'an'), ['Ana']);
  assert.deepEqual(matching('text', ['', null], 'isNotNull', ''), ['']);
});

test('a filter on any column looks at all of them, and all filters must pass', () => {
  const rows = [
    ['1', 'Ana'],
    ['2', 'Ana'],
    ['3', 'Bo'],
  ];
  const two: RowSource = {
    rowCount: 3,
    kinds: ['integer', 'text'],
    valueAt: (row, column) => rows[row]?.[column] ?? null,
  };
  const anywhere: ColumnFilter = { column: null, operator: 'contains', text: 'ana' };
  const first: ColumnFilter = { column: 0, operator: 'atLeast', text: '2' };
  assert.deepEqual([...arrange(two, [], [anywhere])], [0, 1]);
  assert.deepEqual([...arrange(two, [], [anywhere, first])], [1]);
});

test('a second key decides where the first is equal', () => {
  const rows = [
    ['a', '1'],
    ['b', '2'],
    ['a', '3'],
  ];
  const two: RowSource = {
    rowCount: 3,
    kinds: ['text', 'integer'],
    valueAt: (row, column) => rows[row]?.[column] ?? null,
  };
  const order = [
    { column: 0, descending: false },
    { column: 1, descending: true },
  ];
  assert.deepEqual([...arrange(two, order, [])], [2, 0, 1]);
});

test('comparing is antisymmetric', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<ValueKind>('text', 'integer', 'decimal', 'float', 'money'),
      fc.string(),
      fc.string(),
      (kind, a, b) => {
        const compare = (x: string, y: string) =>
          compareValues(kind, x, y, compareKey(kind, x), compareKey(kind, y));
        assert.equal(Math.sign(compare(a, b)) + Math.sign(compare(b, a)), 0);
      },
    ),
  );
});
