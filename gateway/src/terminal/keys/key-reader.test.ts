import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Key, named } from './key.ts';
import { ESCAPE_TIMEOUT_MS, KeyReader, SEQUENCE_TIMEOUT_MS } from './key-reader.ts';
import { MAX_PASTE_LENGTH } from './paste.ts';

function read(text: string): Key[] {
  return new KeyReader().read(Buffer.from(text));
}

function text(typed: string): Key {
  return { kind: 'text', text: typed };
}

function control(character: string): Key {
  return { kind: 'control', character };
}

const table: readonly [name: string, bytes: string, keys: readonly Key[]][] = [
  ['text', 'aé漢🙂', [text('aé漢🙂')]],
  ['Enter', '\r', [named('enter')]],
  ['Ctrl-J', '\n', [named('enter')]],
  ['Tab', '\t', [named('tab')]],
  ['Backspace', '\x7f', [named('backspace')]],
  ['Ctrl-H', '\b', [named('backspace')]],
  ['Ctrl-A', '\x01', [control('a')]],
  ['Ctrl-@', '\0', [control('@')]],
  ['Ctrl-_', '\x1f', [control('_')]],
  ['C1', '\u009b', []],
  ['up of xterm', '\x1b[A', [named('up')]],
  ['up in application mode', '\x1bOA', [named('up')]],
  ['Ctrl-left of xterm', '\x1b[1;5D', [named('left', true)]],
  ['Alt-right of xterm', '\x1b[1;3C', [named('right', false, true)]],
  ['Ctrl-Alt-right of xterm', '\x1b[1;7C', [named('right', true, true)]],
  ['Shift-right of xterm', '\x1b[1;2C', [named('right')]],
  ['Ctrl-left of old terminals', '\x1bO5D', [named('left', true)]],
  ['Ctrl-left of rxvt', '\x1bOd', [named('left', true)]],
  ['Shift-left of rxvt', '\x1b[d', [named('left')]],
  ['Alt-left of rxvt and macOS', '\x1b\x1b[D', [named('left', false, true)]],
  ['Home of xterm', '\x1b[H', [named('home')]],
  ['Home of xterm, application', '\x1bOH', [named('home')]],
  ['Home of VT220, Linux and tmux', '\x1b[1~', [named('home')]],
  ['Home of rxvt', '\x1b[7~', [named('home')]],
  ['End of xterm', '\x1b[F', [named('end')]],
  ['End of VT220, Linux and tmux', '\x1b[4~', [named('end')]],
  ['End of rxvt', '\x1b[8~', [named('end')]],
  ['Delete', '\x1b[3~', [named('delete')]],
  ['Ctrl-Delete of xterm', '\x1b[3;5~', [named('delete', true)]],
  ['Ctrl-Delete of rxvt', '\x1b[3^', [named('delete', true)]],
  ['Shift-Delete of rxvt', '\x1b[3$x', [named('delete'), text('x')]],
  ['Alt-d', '\x1bd', [{ kind: 'alt', character: 'd' }]],
  ['Alt-ü', '\x1bü', [{ kind: 'alt', character: 'ü' }]],
  ['Alt-Backspace', '\x1b\x7f', [named('backspace', false, true)]],
  ['Alt-Enter', '\x1b\r', [named('enter', false, true)]],
  ['keypad 5 and Enter', '\x1bOu\x1bOM', [text('5'), named('enter')]],
  ['F1 of xterm', '\x1bOPx', [text('x')]],
  ['F5 of xterm', '\x1b[15~x', [text('x')]],
  ['F1 of Linux', '\x1b[[Ax', [text('x')]],
  ['Insert, Page Up, Page Down', '\x1b[2~\x1b[5~\x1b[6~x', [text('x')]],
  ['Shift-Tab', '\x1b[Zx', [text('x')]],
  ['focus', '\x1b[I\x1b[Ox', [text('x')]],
  ['report of a mouse', '\x1b[M !!x', [text('x')]],
  ['report of a mouse, SGR', '\x1b[<0;12;7Mx', [text('x')]],
  ['answer to a request for the cursor', '\x1b[12;40Rx', [text('x')]],
  ['answer to a request for the terminal', '\x1b[?64;1;2cx', [text('x')]],
  ['answer with a colour, BEL', '\x1b]11;rgb:0000/0000/0000\x07x', [text('x')]],
  ['answer with a colour, ST', '\x1b]11;rgb:0000/0000/0000\x1b\\x', [text('x')]],
  ['answer to a request for a version', '\x1bP>|xterm(370)\x1b\\x', [text('x')]],
  ['CSI u', '\x1b[97;5ux', [text('x')]],
  ['an arrow with a number that means nothing', '\x1b[7Ax', [text('x')]],
  ['a sequence cut by Ctrl-C', '\x1b[1;\x03x', [control('c'), text('x')]],
  ['an answer cut by Ctrl-C', '\x1b]11;rgb\x03x', [control('c'), text('x')]],
  ['an answer cut by an arrow', '\x1b]11;rgb\x1b[Ax', [named('up'), text('x')]],
  [
    'a paste',
    '\x1b[200~a\rb\r\nc\x1b[A\x03\x1b[201~x',
    [{ kind: 'paste', text: 'a\nb\nc\x1b[A\x03' }, text('x')],
  ],
  [
    'a paste with what looks like its end',
    '\x1b[200~\x1b[201\x1b\x1b[20x\x1b[201~',
    [{ kind: 'paste', text: '\x1b[201\x1b\x1b[20x' }],
  ],
  ['the end of no paste', '\x1b[201~x', [text('x')]],
];

for (const [name, bytes, keys] of table) {
  test(`${name}: ${JSON.stringify(bytes)}`, () => {
    assert.deepEqual(read(bytes), keys);
  });

  test(`${name}, byte by byte`, () => {
    const reader = new KeyReader();
    const one = [...Buffer.from(bytes)].flatMap((byte) => reader.read(Uint8Array.of(byte)));
    assert.deepEqual(joined(one), keys);
  });
}

/** Text keys in a row as one. */
function joined(keys: readonly Key[]): Key[] {
  const all: Key[] = [];
  for (const key of keys) {
    const last = all.at(-1);
    if (key.kind === 'text' && last?.kind === 'text') all.splice(-1, 1, text(last.text + key.text));
    else all.push(key);
  }
  return all;
}

test('an ESC alone is a key when nothing follows in time', () => {
  const reader = new KeyReader();
  assert.equal(reader.timeoutMs, null);
  assert.deepEqual(reader.read(Buffer.from('\x1b')), []);
  assert.equal(reader.timeoutMs, ESCAPE_TIMEOUT_MS);
  assert.deepEqual(reader.expire(), [named('escape')]);
  assert.equal(reader.timeoutMs, null);
  assert.deepEqual(reader.read(Buffer.from('[A')), [text('[A')]);
});

test('a sequence that does not go on is forgotten', () => {
  const reader = new KeyReader();
  assert.deepEqual(reader.read(Buffer.from('\x1b]')), []);
  assert.equal(reader.timeoutMs, SEQUENCE_TIMEOUT_MS);
  assert.deepEqual(reader.expire(), []);
  assert.deepEqual(reader.read(Buffer.from('x')), [text('x')]);
});

test('a paste hangs on no time, so that none of it ever counts as typed', () => {
  const reader = new KeyReader();
  reader.read(Buffer.from('\x1b[200~rm'));
  assert.equal(reader.timeoutMs, null);
  assert.deepEqual(reader.expire(), []);
  assert.deepEqual(reader.read(Buffer.from(' x\r\x1b[201~')), [{ kind: 'paste', text: 'rm x\n' }]);
});

test('of a paste that is too long nothing is kept', () => {
  const reader = new KeyReader();
  reader.read(Buffer.from(`\x1b[200~${'x'.repeat(MAX_PASTE_LENGTH)}`));
  assert.deepEqual(reader.read(Buffer.from('xy\x1b[201~z')), [{ kind: 'pasteTooLong' }, text('z')]);
  const fits = `\x1b[200~${'x'.repeat(MAX_PASTE_LENGTH)}\x1b[201~`;
  assert.deepEqual(reader.read(Buffer.from(fits)), [{ kind: 'paste', text: 'x'.repeat(MAX_PASTE_LENGTH) }]);
});

test('what never ends takes no memory', () => {
  const bytesAtStart = memoryUsed();
  const readers = ['\x1b[', '\x1b]', '\x1bP', '\x1b[200~'].map((start) => {
    const reader = new KeyReader();
    reader.read(Buffer.from(start));
    return reader;
  });
  const megabyte = Buffer.alloc(1024 * 1024, '1');
  for (const reader of readers) for (let count = 0; count < 4; count += 1) reader.read(megabyte);
  const grown = memoryUsed() - bytesAtStart;
  assert.ok(grown < 8 * 1024 * 1024, `${grown} bytes`);
  assert.deepEqual(readers[0]?.read(Buffer.from('~x')), [text('x')]);
});

function memoryUsed(): number {
  return process.memoryUsage().heapUsed;
}

const piece = fc.oneof(
  fc.uint8Array({ maxLength: 8 }),
  fc
    .constantFrom(
      '\x1b',
      '\x1b[',
      '\x1bO',
      '\x1b]',
      '\x1b[200~',
      '\x1b[201~',
      ';',
      '1',
      '5',
      'A',
      '~',
      'é',
      '漢',
      '\x03',
    )
    .map((sequence) => Buffer.from(sequence)),
);

test('random bytes give keys of clean text, however they are cut', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const whole = new KeyReader().read(Buffer.concat(pieces));
      const reader = new KeyReader();
      const cut = pieces.flatMap((bytes) => reader.read(bytes));
      assert.deepEqual(joined(cut), whole);
      for (const key of whole) if (key.kind === 'text') assert.doesNotMatch(key.text, /\p{Cc}|\p{Cs}/u);
    }),
    { numRuns: 2000 },
  );
});
