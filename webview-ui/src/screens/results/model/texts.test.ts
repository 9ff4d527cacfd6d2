import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cellText } from './cell-text.ts';
import { type Command, commandFor, type Key } from './keyboard.ts';
import { prettyJson } from './pretty-json.ts';
import { cycleOrder } from './sorting.ts';
import { count, duration } from './words.ts';

const joined = (text: string) =>
  prettyJson(text)
    ?.map((token) => token.text)
    .join('');

test('JSON is laid out without changing what it says', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      assert.deepEqual(JSON.parse(joined(text) ?? ''), JSON.parse(text));
    }),
  );
});

test('JSON keeps digits, order and doubled keys as the server sent them', () => {
  assert.equal(
    joined('{"b":1.10,"a":12345678901234567890,"b":[]}'),
    '{\n  "b": 1.10,\n  "a": 12345678901234567890,\n  "b": []\n}',
  );
  assert.equal(prettyJson('{not json'), null);
});

test('cells: one line, nothing hidden', () => {
  assert.deepEqual(cellText(null, 'text'), { text: 'NULL', tone: 'null' });
  assert.deepEqual(cellText('NULL', 'text'), { text: 'NULL', tone: 'value' });
  assert.deepEqual(cellText('', 'text'), { text: 'empty', tone: 'empty' });
  assert.deepEqual(cellText('a\r\nb\tc', 'text'), { text: 'a↵b⇥c', tone: 'value' });
  assert.deepEqual(cellText({ cut: 'abc', length: 900 }, 'text'), { text: 'abc…', tone: 'value' });
  assert.deepEqual(cellText('t', 'boolean'), { text: 'true', tone: 'value' });
  assert.deepEqual(cellText('0.10', 'decimal'), { text: '0.10', tone: 'value' });
});

test('keys', () => {
  const key = (name: string, held: Partial<Key> = {}): Key => ({
    key: name,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...held,
  });
  const cases: [Key, Command | null][] = [
    [key('ArrowDown'), { type: 'move', motion: 'down', extend: false }],
    [key('ArrowDown', { shiftKey: true }), { type: 'move', motion: 'down', extend: true }],
    [key('End', { ctrlKey: true, shiftKey: true }), { type: 'move', motion: 'gridEnd', extend: true }],
    [key('ArrowUp', { metaKey: true }), { type: 'move', motion: 'columnStart', extend: false }],
    [key('a', { ctrlKey: true }), { type: 'selectAll' }],
    [key(' ', { shiftKey: true }), { type: 'selectRow' }],
    [key(' ', { ctrlKey: true }), { type: 'selectColumn' }],
    [key('Enter'), { type: 'open' }],
    [key('F10', { shiftKey: true }), { type: 'menu' }],
    [key('ArrowRight', { altKey: true }), { type: 'resize', byPx: 16 }],
    [key('c', { ctrlKey: true }), null],
    [key('Tab'), null],
    [key('x'), null],
  ];
  for (const [pressed, expected] of cases)
    assert.deepEqual(commandFor(pressed), expected, JSON.stringify(pressed));
});

test('a header sorts up, down, not at all; with shift it joins the others', () => {
  const up = cycleOrder([], 1, false);
  const down = cycleOrder(up, 1, false);
  assert.deepEqual(
    [up, down, cycleOrder(down, 1, false)],
    [[{ column: 1, descending: false }], [{ column: 1, descending: true }], []],
  );
  assert.deepEqual(cycleOrder(up, 4, true), [...up, { column: 4, descending: false }]);
  assert.deepEqual(cycleOrder(up, 4, false), [{ column: 4, descending: false }]);
});

test('words', () => {
  assert.equal(count(1, 'row'), '1 row');
  assert.equal(count(1240, 'row'), '1,240 rows');
  assert.deepEqual([84.4, 3240, 59_990, 125_000].map(duration), ['84 ms', '3.2 s', '59.9 s', '2 min 05 s']);
});
