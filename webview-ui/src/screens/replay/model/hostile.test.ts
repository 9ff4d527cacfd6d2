import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Emulator } from './emulator.ts';
import { entryOfMarker } from './entries.ts';
import { found } from './output-search.ts';
import { Player } from './player.ts';
import { runsOf, textOf } from './screen-rows.ts';
import { unfinishedAfter } from './sequence.ts';
import { Tape } from './tape.ts';

const size = { columns: 40, rows: 6 };

test('titles, links, clipboards, colours of the palette and questions do nothing but be left out', async () => {
  const emulator = new Emulator(size);
  const heard: string[] = [];
  emulator.terminal.onData((data) => heard.push(`answered ${data}`));
  emulator.terminal.onTitleChange((title) => heard.push(`title ${title}`));
  emulator.terminal.onBell(() => heard.push('bell'));
  await emulator.write(
    [
      '\u001b]0;a title\u0007',
      '\u001b]2;another\u001b\\',
      '\u001b]52;c;c3RvbGVu\u0007',
      '\u001b]8;;https://evil.example\u0007a link\u001b]8;;\u0007',
      '\u001b]4;1;rgb:00/00/00\u0007\u001b]10;#000000\u0007\u001b]11;?\u0007',
      '\u001b[8;200;300t\u001b[21t\u001b[?69h',
    ].join(''),
  );
  assert.equal(textOf(emulator.terminal), 'a link');
  assert.deepEqual(emulator.size, size);
  assert.deepEqual(heard, []);
  // Nobody listens for answers in the replay: there is no way from a recording to anything.
  await emulator.write('\u001b[c\u001b[6n');
  assert.equal(textOf(emulator.terminal), 'a link');
});

test('what is to be done two thousand million times is not done, and hides nothing that follows', async () => {
  for (const final of ['b', 'I', 'Z', 'S', 'T', 'L', 'M']) {
    const emulator = new Emulator(size);
    await emulator.write(`A\u001b[2147483647${final}seen`);
    assert.match(textOf(emulator.terminal), /seen/, final);
    emulator.dispose();
  }
});

test('a recording of an absurd size, and one that resizes to it, makes no absurd screen', async () => {
  const tape = new Tape();
  await tape.append(
    '{"version":2,"width":65535,"height":65535}\n[1,"r","65535x60000"]\n[2,"o","still here"]\n',
  );
  const screen = new Emulator(size);
  await new Player(tape, screen).show(2);
  assert.deepEqual(screen.size, { columns: 500, rows: 200 });
  assert.equal(textOf(screen.terminal), 'still here');
});

test('lines that are none of a recording are passed over; without a header nothing is played', async () => {
  const tape = new Tape();
  await tape.append('{"version":2,"width":80,"height":24}\nno line\n{}\n[1,"o"]\n[1,"o","seen"]\n');
  assert.equal(tape.events(0).length, 1);
  await assert.rejects(new Tape().append('{"version":3}\n'), /no header/);
});

test('what turns the direction of text is not drawn, nor in a marker', async () => {
  const emulator = new Emulator(size);
  await emulator.write('rm \u202efdp.txt\u202c a\u2066b');
  const text = runsOf(emulator.terminal, 0).map((run) => run.text);
  assert.doesNotMatch(text.join(''), /[\u202a-\u202e\u2066-\u2069]/);
  assert.equal(entryOfMarker(0, 'command: a\u202eb\u001b[2J').text, 'a\ufffdb\ufffd[2J');
});

test('any bytes at all are shown by a jump as by playing', async () => {
  const bit = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '\u001b[2;4r',
      '\u001b[r',
      '\u001b[?1049h',
      '\u001b[?1049l',
      '\u001b[?7l',
      '\u001b[31;1m',
      '\u001b[',
    ),
    fc.constantFrom(
      '\u001b]0;',
      '\u0007',
      '\u001b\\',
      '\u001b[?6h',
      '\u001b[?6l',
      '\r\n',
      '漢字',
      'ö',
      '\u001bM',
    ),
    fc.constantFrom(
      '\u001b7',
      '\u001b8',
      '\u001b[s',
      '\u001b[u',
      'long '.repeat(20),
      '\u001b[3;7H',
      '\u001b[K',
      '\u001b[2J',
      '\u001b[5L',
      '\u001b[2P',
      '\u001bc',
      '\u001b[!p',
      '\t',
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(bit, { minLength: 1, maxLength: 30 }), fc.nat(29), async (bits, cutAt) => {
      const before = bits.slice(0, cutAt).join('');
      // Screens are kept between control sequences alone.
      fc.pre(unfinishedAfter('', before) === '');
      const [played, jumped] = [new Emulator(size), new Emulator(size)];
      await played.write(before);
      // … and where they draw what they were taken of.
      fc.pre(await jumped.redraws(played.snapshot()));
      assert.equal(textOf(jumped.terminal), textOf(played.terminal));
      const after = bits.slice(cutAt).join('');
      await played.write(after);
      await jumped.write(after);
      assert.equal(textOf(jumped.terminal), textOf(played.terminal));
    }),
    {
      numRuns: 300,
      examples: [
        [['\u001b[2;4r\u001b7 ', '\u001b[b!'], 1],
        [['\u001b[2;4r\u001b7e', '\u0301!'], 1],
      ],
    },
  );
});

test('words are found across control sequences, pieces and colours, with the time they were whole', () => {
  const output = (atS: number, text: string) => ({ kind: 'output' as const, atS, text });
  const events = [
    output(1, 'pass\u001b[1'),
    output(2, 'mwo\u001b]0;title with password\u0007'),
    { kind: 'input' as const, atS: 3, text: 'password' },
    output(4, 'RD\r\nother \u001b[3;4Hline'),
  ];
  assert.deepEqual(found(events, 'password'), [{ atS: 4, excerpt: 'passwoRD other line' }]);
  assert.deepEqual(found(events, 'other line'), []);
  assert.deepEqual(found(events, ''), []);
});

test('searching never throws, and is over, whatever was written', () => {
  const events = fc.array(
    fc.record({ kind: fc.constant('output' as const), atS: fc.nat(), text: fc.string() }),
  );
  fc.assert(fc.property(events, fc.string(), (all, words) => void found(all, words)));
  const begun = Date.now();
  found([{ kind: 'output', atS: 0, text: '\u001b]'.repeat(200_000) }], 'x');
  found([{ kind: 'output', atS: 0, text: '\u001b[;'.repeat(200_000) }], 'x');
  assert.ok(Date.now() - begun < 5_000);
});
