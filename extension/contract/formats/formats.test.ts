import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvField } from './csv.ts';
import type { FormatColumn, FormatName, FormatRow } from './format.ts';
import { quoteIdentifier } from './identifier.ts';
import { formatColumn, formatRows } from './index.ts';
import { sqlLiteral } from './insert.ts';
import { jsonValue } from './json.ts';

const OPTIONS = { headers: true, table: ['public', 'customers'] };

/** What PostgreSQL can send: any text but NUL, or NULL. */
const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
const value = fc.option(text, { nil: null });
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { maxLength: 6 }));

function write(
  format: FormatName,
  columns: readonly FormatColumn[],
  rows: readonly FormatRow[],
  options = OPTIONS,
) {
  return [...formatRows(format, columns, rows, options)].join('');
}

function textColumns(count: number): FormatColumn[] {
  return Array.from({ length: count }, (_, at) => ({ name: `c${at}`, kind: 'text', elementKind: 'text' }));
}

test('CSV: a reader of RFC 4180 gets every value back, and NULL stays apart from empty', () => {
  fc.assert(
    fc.property(table, (rows) => {
      const columns = textColumns(rows[0]?.length ?? 1);
      const csv = write('csv', columns, rows, { ...OPTIONS, headers: false });
      assert.deepEqual(readCsv(csv), rows);
    }),
  );
});

test('CSV: fields by example', () => {
  assert.equal(csvField(null), '');
  assert.equal(csvField(''), '""');
  assert.equal(csvField('a,b'), '"a,b"');
  assert.equal(csvField('say "hi"'), '"say ""hi"""');
  assert.equal(csvField('plain'), 'plain');
});

test('text: one value is written as it is; more are read back by a spreadsheet’s rules', () => {
  assert.equal(write('text', textColumns(1), [['a\tb\n"c"']], { ...OPTIONS, headers: false }), 'a\tb\n"c"');
  assert.equal(
    write(
      'text',
      textColumns(2),
      [
        ['a\tb', null],
        ['"', '1'],
      ],
      { ...OPTIONS, headers: false },
    ),
    '"a\tb"\t\n""""\t1',
  );
  assert.equal(write('text', textColumns(2), [['1', '2']]), 'c0\tc1\n1\t2');
});

test('JSON: texts come back the same, whatever is in them', () => {
  fc.assert(
    fc.property(table, (rows) => {
      const columns = textColumns(rows[0]?.length ?? 1);
      const parsed: unknown = JSON.parse(write('json', columns, rows));
      const expected = rows.map((row) => Object.fromEntries(row.map((cell, at) => [`c${at}`, cell])));
      assert.deepEqual(parsed, expected);
    }),
  );
});

test('JSON: a column of a name that was there before loses no value', () => {
  const columns = [
    ...textColumns(1),
    ...textColumns(1),
    { name: 'c0_2', kind: 'text', elementKind: 'text' } as const,
  ];
  assert.deepEqual(JSON.parse(write('json', columns, [['a', 'b', 'c']])), [
    { c0: 'a', c0_2: 'b', c0_2_2: 'c' },
  ]);
});

const integer: FormatColumn = { name: 'n', kind: 'integer', elementKind: 'text' };
const decimal: FormatColumn = { name: 'n', kind: 'decimal', elementKind: 'text' };

test('JSON: integers are numbers while they are safe, texts beyond', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (number) => {
      const json: unknown = JSON.parse(jsonValue(integer, String(number)));
      assert.equal(BigInt(json as number | string), number);
      assert.equal(typeof json, Number.isSafeInteger(Number(number)) ? 'number' : 'string');
    }),
  );
});

test('JSON: no decimal loses a digit', () => {
  const digits = fc.tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 40n }),
    fc.integer({ min: 0, max: 30 }),
  );
  fc.assert(
    fc.property(digits, ([negative, whole, scale]) => {
      const padded = String(whole).padStart(scale + 1, '0');
      const sent = `${negative && whole > 0n ? '-' : ''}${scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`}`;
      const json = jsonValue(decimal, sent);
      assert.equal(json.replaceAll('"', ''), sent);
      if (!json.startsWith('"')) assert.equal(sameNumber(JSON.parse(json), sent), true, json);
    }),
  );
});

test('JSON: kinds by example', () => {
  const of = (typeOid: number, sent: string) =>
    jsonValue(formatColumn({ name: 'x', typeOid, typeName: '' }), sent);
  assert.equal(of(16, 't'), 'true');
  assert.equal(of(1700, '19.90'), '19.90');
  assert.equal(of(1700, 'NaN'), '"NaN"');
  assert.equal(of(701, 'Infinity'), '"Infinity"');
  assert.equal(of(701, '1e+400'), '"1e+400"');
  assert.equal(of(3802, '{"n": 12345678901234567890.123}'), '{"n": 12345678901234567890.123}');
  assert.equal(of(3802, '*****'), '"*****"');
  assert.equal(of(1007, '{1,NULL,3}'), '[1, null, 3]');
  assert.equal(of(1009, '{"a,b","c\\"d",NULL,"NULL"}'), '["a,b", "c\\"d", null, "NULL"]');
  assert.equal(of(1007, '{{1,2},{3,4}}'), '[[1, 2], [3, 4]]');
  assert.equal(of(17, '\\xdead'), '"\\\\xdead"');
});

test('Markdown: every row is one line of as many cells, whatever the values', () => {
  fc.assert(
    fc.property(table, (rows) => {
      const columns = textColumns(rows[0]?.length ?? 1);
      const lines = write('markdown', columns, rows).trimEnd().split('\n');
      assert.equal(lines.length, rows.length + 2);
      for (const line of lines)
        assert.equal(line.replaceAll(/\\./g, '').split('|').length, columns.length + 2);
    }),
  );
});

test('Markdown: markup is shown, not obeyed; numbers stand at the right', () => {
  const markdown = write('markdown', [integer, ...textColumns(1)], [['1', '<b>*x*</b>\n|']]);
  assert.equal(markdown, '| n | c0 |\n| ---: | --- |\n| 1 | &lt;b>\\*x\\*&lt;/b><br>\\| |\n');
});

test('INSERT: a literal reads back as its value under either setting of standard_conforming_strings', () => {
  fc.assert(fc.property(text, (sent) => assert.equal(readLiteral(sqlLiteral('text', sent)), sent)));
});

test('INSERT: an identifier reads back as its name', () => {
  fc.assert(
    fc.property(text, (name) => {
      const quoted = quoteIdentifier(name);
      if (quoted.startsWith('"')) assert.equal(quoted.slice(1, -1).replaceAll('""', '"'), name);
      else assert.match(quoted, /^[a-z_][a-z0-9_]*$/);
    }),
  );
  assert.equal(quoteIdentifier('order'), '"order"');
  assert.equal(quoteIdentifier('Name'), '"Name"');
  assert.equal(quoteIdentifier('a"b'), '"a""b"');
});

test('INSERT: statements by example, no more than 500 rows each, none for no rows', () => {
  const columns: FormatColumn[] = [
    integer,
    { name: 'ok', kind: 'boolean', elementKind: 'text' },
    ...textColumns(1),
  ];
  assert.equal(
    write('insert', columns, [
      ['1', 't', "it's"],
      [null, 'f', 'a\\b'],
    ]),
    "INSERT INTO public.customers (n, ok, c0) VALUES\n  (1, TRUE, 'it''s'),\n  (NULL, FALSE, E'a\\\\b');\n",
  );
  assert.equal(write('insert', columns, []), '');
  const many = Array.from({ length: 1001 }, () => ['1', 't', 'x']);
  assert.equal(write('insert', columns, many).match(/INSERT INTO/g)?.length, 3);
  assert.equal(sqlLiteral('integer', '1); drop table x; --'), "'1); drop table x; --'");
});

/** A reader of RFC 4180 that keeps NULL (unquoted empty) apart from the empty text. */
function readCsv(csv: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  for (let at = 0; at < csv.length; ) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(csv.slice(at));
    const bare = quoted ? null : /^[^,\r\n]*/.exec(csv.slice(at));
    at += (quoted?.[0] ?? bare?.[0] ?? '').length;
    row.push(quoted ? (quoted[1] ?? '').replaceAll('""', '"') : bare?.[0] === '' ? null : (bare?.[0] ?? ''));
    if (csv[at] === ',') at++;
    else {
      assert.equal(csv.slice(at, at + 2), '\r\n');
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

function readLiteral(literal: string): string {
  const escaped = literal.startsWith('E');
  const inside = literal.slice(escaped ? 2 : 1, -1).replaceAll("''", "'");
  assert.equal(escaped || !inside.includes('\\'), true);
  return escaped ? inside.replaceAll('\\\\', '\\') : inside;
}

/** Whether a double prints the digits that were sent. */
function sameNumber(parsed: unknown, sent: string): boolean {
  const trim = (digits: string) => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits);
  const scale = sent.split('.')[1]?.length ?? 0;
  return typeof parsed === 'number' && trim(parsed.toFixed(scale)) === trim(sent);
}
