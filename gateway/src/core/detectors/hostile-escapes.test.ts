import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DetectorSet } from './detector-set.ts';
import { ValueRedactor } from './redact.ts';
import { Redactor } from './redactor.ts';

const set = new DetectorSet([
  { detect: ['cards', 'secrets', 'emails', 'ibans'], patterns: [], replace: 'label' },
]);

function shown(text: string, sizes: readonly number[] = [text.length * 3]): string {
  const redactor = new Redactor(set, new Map());
  const bytes = Buffer.from(text);
  const out: Buffer[] = [];
  for (let at = 0, count = 0; at < bytes.length; count += 1) {
    const size = sizes[count % sizes.length] ?? 1;
    out.push(redactor.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return Buffer.concat([...out, redactor.end()]).toString();
}

const GHP = `ghp_${'a1B2'.repeat(10)}`;

test('what stands behind a colour is found: jq -C, grep --color, git log, ls --color', () => {
  assert.equal(shown('\x1b[31m4111111111111111\x1b[m'), '\x1b[31m[card]\x1b[m');
  assert.equal(shown(`\x1b[0;33m${GHP}\x1b[0m`), '\x1b[0;33m[secret]\x1b[0m');
  assert.equal(shown('\x1b[0;39mAKIAIOSFODNN7EXAMPLE\x1b[0m'), '\x1b[0;39m[secret]\x1b[0m');
  assert.equal(shown('\x1b[32mNL91ABNA0417164300\x1b[m'), '\x1b[32m[iban]\x1b[m');
  assert.equal(shown('\x1b[32mana@shop.example\x1b[m'), '\x1b[32m[e-mail]\x1b[m');
});

test('what has a colour within is found, and colours end where they did', () => {
  assert.equal(
    shown('\x1b[01;31m\x1b[K4111\x1b[m\x1b[K111111111111 '),
    '\x1b[01;31m\x1b[K[card]\x1b[m\x1b[K ',
  );
  assert.equal(shown(' 4111 \x1b[7m1111\x1b[27m 1111 1111 '), ' [card]\x1b[7m\x1b[27m ');
});

test('a private key that pauses stays hidden', () => {
  const redactor = new Redactor(set, new Map());
  let out = redactor.push(Buffer.from('-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n')).toString();
  out += redactor.release().toString();
  out += redactor
    .push(Buffer.from('c2VjcmV0IHNlY3JldCBzZWNyZXQ=\n-----END PRIVATE KEY-----\nafter\n'))
    .toString();
  out += redactor.end().toString();
  assert.equal(out, '[secret]\nafter\n');
});

test('what moves a cursor stands between two things, and within one', () => {
  const card = '4111 1111 1111 1111';
  assert.equal(shown(`\x1b[5;1H${card}\x1b[6;1H${card}`), '\x1b[5;1H[card]\x1b[6;1H[card]');
  assert.equal(shown(`total\x1b[2K\x1b[1G${card}`), 'total\x1b[2K\x1b[1G[card]');
  assert.equal(
    shown('4111\x1b[C1111\x1b[C1111\x1b[C1111\x1b[9C2'),
    '[card]\x1b[C\x1b[C\x1b[C\x1b[9C2',
    'each is a space to who reads',
  );
  assert.equal(shown('41\x1b[1C11 1111 1111 1111'), '[card]\x1b[1C');
  assert.equal(shown(`${card}\0${card}\0`), '[card]\0[card]\0', 'xargs -0');
});

test('the words of a title or a link are looked at, too', () => {
  assert.equal(shown('\x1b]0;4111 1111 1111 1111\x07$ '), '\x1b]0;[card]\x07$ ');
  assert.equal(
    shown('\x1b]8;;mailto:ana@shop.example\x1b\\A\x1b]8;;\x1b\\'),
    '\x1b]8;;mailto:[e-mail]\x1b\\A\x1b]8;;\x1b\\',
  );
  assert.equal(
    shown('4111 \x1b]8;;https://shop.example\x1b\\1111 1111 1111'),
    '[card]\x1b]8;;https://shop.example\x1b\\',
  );
  assert.equal(shown('x\x1bP4111 1111 1111 1111\x1b\\2'), 'x\x1bP[card]\x1b\\2');
  const titles = `\x1b]0;${'ha '.repeat(300)}4111 1111 1111 1111\x072`;
  assert.equal(shown(titles, [1]), titles.replace('4111 1111 1111 1111', '[card]'));
  const picture = `\x1bPq${'#'.repeat(5000)} 4111 1111 1111 1111 `;
  assert.equal(shown(picture), picture.replace('4111 1111 1111 1111', '[card]'), 'too long for words');
  assert.equal(shown('\x1b[4111111111111111 '), '\x1b[[card] ', 'no parameter is so long');
});

test('a sequence that is not finished waits for its end, in bounds', () => {
  const redactor = new Redactor(set, new Map());
  assert.equal(redactor.push(Buffer.from('$ \x1b[3')).toString(), '');
  assert.equal(redactor.release().toString(), '$ ', 'a pause does not cut it');
  assert.equal(redactor.push(Buffer.from('1m4111111111111111 ')).toString(), '\x1b[31m');
  assert.equal(redactor.release().toString(), '[card] ');
  for (const unit of [
    '\x1b',
    '\x1b[',
    '\x1b]',
    '\x1b]0;a',
    '\0',
    '\x1b[m',
    '\x1b[C',
    '4\x1b[m',
    '4\x1b]0;a\x07',
    '\u200b',
    '\xc2\x9b1',
  ])
    for (const size of [1, 50, 3000]) {
      const long = new Redactor(set, new Map());
      const bytes = Buffer.from(unit.repeat(60_000 / unit.length / (size === 1 ? 20 : 1)));
      let left = 0;
      for (let at = 0; at < bytes.length; at += size) left += long.push(bytes.subarray(at, at + size)).length;
      assert.ok(bytes.length - left < 40 * 1024, `${JSON.stringify(unit)}: ${bytes.length - left} held`);
      left += long.end().length;
      assert.equal(left, bytes.length, JSON.stringify(unit));
    }
});

test('a value of a database is looked at in the same way', () => {
  const redacted = (text: string) => {
    const bytes = Buffer.from(text);
    return (new ValueRedactor(set, new Map()).redact(bytes, 0, bytes.length) ?? bytes).toString();
  };
  assert.equal(redacted('a \x1b[31m4111 \x1b[m1111 1111 1111\x1b[m'), 'a \x1b[31m[card]\x1b[m');
  assert.equal(redacted('4111\u200b 1111 1111 1111\u00ad.'), '[card]\u200b\u00ad.');
  assert.equal(redacted('x\x1b[2;2Hana@shop.example'), '[e-mail]');
  assert.equal(redacted('4111111111111111\x1b[2;2H5555555555554444'), '[card]\x1b[2;2H[card]');
  const counts = new Map();
  const bytes = Buffer.from('\x1b[2;2H4111111111111111, \x1b[2;2Hand 5555555555554444'.repeat(500));
  new ValueRedactor(set, counts).redact(bytes, 0, bytes.length);
  assert.deepEqual([...counts], [['cards', 1000]], 'each is counted once');
});

const PLANTED = [
  '4111 1111 1111 1111',
  '4111111111111111',
  '5555-5555-5555-4444',
  'NL91ABNA0417164300',
  'GB82 WEST 1234 5698 7654 32',
  'ana@shop.example',
  'AKIAIOSFODNN7EXAMPLE',
  GHP,
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijk',
  '-----BEGIN PRIVATE KEY-----\nMIIEabc+/=\nxyz\n-----END PRIVATE KEY-----',
];
const BETWEEN = [
  ' ',
  '\n',
  ', ',
  ' and ',
  '"',
  '\t',
  ' é ',
  '; total ',
  'ho.',
  ' '.repeat(600),
  'la '.repeat(200),
];
/** Nothing to whoever reads. */
const COLOURS = [
  ...['\x1b[31m', '\x1b[m', '\x1b[K', '\x1b[38;2;255;100;0m', '\x1b[0;1;7m', '\x1b(B', '\x1b)0', '\u009b1m'],
  ...[
    '\x1b]0;title\x07',
    '\x1b]8;;https://shop.example/a\x1b\\',
    '\x1bP1$r0m\x1b\\',
    '\x1b_G\x1b\\',
    '\u009d0;t\u009c',
  ],
  ...['\u200b', '\u00ad', '\u2060', '\ufeff', '\u200d'],
];
/** Between two things, or within one. */
const MOVES = [
  ...[
    '\x1b[C',
    '\x1b[2D',
    '\x1b[1G',
    '\x1b[4;10H',
    '\x1b[A',
    '\x1b[?25l',
    '\x1b[2P',
    '\x1b7',
    '\x1b8',
    '\x1bM',
  ],
  ...['\x1b=', '\b', '\0', '\x7f', '\x0e', '\x0f', '\u0085', '\x1b[3J'],
];

const isSequence = new RegExp(
  [...COLOURS, ...MOVES].map((one) => one.replaceAll(/[[\](\\$?)]/g, '\\$&')).join('|'),
  'g',
);
const withoutSequences = (text: string) => text.replaceAll(isSequence, '');

/** Texts with what is to be found, and the same with sequences anywhere. */
const hidden = (sequences: readonly string[], planted: readonly string[]) =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom(...BETWEEN), fc.constantFrom(...planted)), {
        minLength: 1,
        maxLength: 8,
      }),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...sequences)), { minLength: 1, maxLength: 30 }),
    )
    .map(([parts, inserted]) => {
      const plain = `${parts.flat().join('')}\n`;
      let text = '';
      const at = inserted.map(([place, sequence]) => [place % plain.length, sequence] as const);
      for (let index = 0; index < plain.length; index += 1) {
        for (const [place, sequence] of at) if (place === index) text += sequence;
        text += plain[index];
      }
      return { plain, text };
    });
const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 });

test('with colours anywhere the same is found as without them, however the text is cut', () => {
  fc.assert(
    fc.property(hidden(COLOURS, PLANTED), sizes, ({ plain, text }, cuts) => {
      const out = shown(text, cuts);
      assert.equal(withoutSequences(out), shown(plain));
      assert.equal(shown(text, [1]), out);
      assert.equal(shown(text), out);
      assert.deepEqual(out.match(isSequence), text.match(isSequence), 'all of them are kept');
    }),
    { numRuns: 200 },
  );
});

test('with all sequences anywhere all that was planted is found', () => {
  fc.assert(
    fc.property(hidden([...COLOURS, ...MOVES], PLANTED), sizes, ({ plain, text }, cuts) => {
      const [without, out] = [shown(plain), withoutSequences(shown(text, cuts))];
      for (const planted of PLANTED)
        if (!without.includes(planted))
          assert.ok(!out.includes(planted), `${planted} in ${JSON.stringify(out)}`);
    }),
    { numRuns: 400 },
  );
});

test('where nothing is found each byte comes out as it was', () => {
  const words = ['order', '4711', '12.50', 'https://shop.example/', '2026-11-22', 'x', '日本', '–'];
  fc.assert(
    fc.property(
      hidden([...COLOURS, ...MOVES, '\x1b', '\x1b[', '\x1b]', '\x1b[1'], words),
      sizes,
      ({ text }, cuts) => {
        assert.equal(shown(text, cuts), text);
      },
    ),
    { numRuns: 300 },
  );
});

test('what has begun to be hidden stays so, whatever pauses there are', () => {
  const key = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA+/=\n'.repeat(20)}-----END RSA PRIVATE KEY-----`;
  fc.assert(
    fc.property(fc.array(fc.nat(key.length), { minLength: 1, maxLength: 6 }), (places) => {
      const cuts = [...new Set([32, ...places.map((place) => Math.max(place, 32)), key.length])].toSorted(
        (a, b) => a - b,
      );
      const redactor = new Redactor(set, new Map());
      let out = '';
      for (const [index, cut] of cuts.entries()) {
        out += redactor.push(Buffer.from(key.slice(cuts[index - 1] ?? 0, cut))).toString();
        out += redactor.release().toString();
      }
      out += redactor.push(Buffer.from(', 4111 1111 1111 1111')).toString() + redactor.end().toString();
      assert.equal(out, '[secret], [card]');
    }),
  );
});
