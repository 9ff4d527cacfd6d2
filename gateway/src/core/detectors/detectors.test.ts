import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { luhn } from './built-in/cards.ts';
import { DETECTORS, type Replacement } from './detector.ts';
import { DetectorSet } from './detector-set.ts';
import type { OwnPattern } from './own-pattern.ts';
import { BLOCK_BYTES } from './prefilter/kernel.ts';
import { ALL_KINDS } from './prefilter/tables.ts';
import { type Counts, ValueRedactor } from './redact.ts';
import { redactJson } from './redact-json.ts';
import { Redactor } from './redactor.ts';
import { Scan } from './scan.ts';
import { Window } from './window.ts';

const USUAL = DETECTORS.filter((name) => name !== 'highEntropy');
const ORDERS: OwnPattern = { name: 'order-ref', matches: '\\bORD-[0-9]{6,8}\\b' };

function setOf(
  detect: readonly string[] = USUAL,
  patterns: OwnPattern[] = [],
  replace: Replacement = 'label',
) {
  return new DetectorSet([{ detect, patterns, replace }]);
}

function redacted(text: string, set = setOf()): string {
  const bytes = Buffer.from(text);
  return (new ValueRedactor(set, new Map()).redact(bytes, 0, bytes.length) ?? bytes).toString();
}

function inPieces(
  text: Buffer,
  cuts: readonly number[],
  set: DetectorSet,
  counts: Counts = new Map(),
): Buffer {
  const redactor = new Redactor(set, counts);
  const at = [...new Set([0, ...cuts.map((cut) => cut % (text.length + 1)), text.length])].toSorted(
    (a, b) => a - b,
  );
  const pieces = at.slice(1).map((end, index) => redactor.push(text.subarray(at[index], end)));
  return Buffer.concat([...pieces, redactor.end()]);
}

const PEM = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n${'MIIEpAIBAAKCAQEA+/=\n'.repeat(60)}-----END RSA PRIVATE KEY-----`;
const JWT = `${Buffer.from('{"typ":"JWT","alg":"HS256"}').toString('base64url')}.${Buffer.from('{"sub":"1"}'.repeat(80)).toString('base64url')}.c2ln`;

const FOUND: ReadonlyArray<readonly [label: string, ...texts: string[]]> = [
  [
    'card',
    '4111111111111111',
    '4111 1111 1111 1111',
    '5555-5555-5555-4444',
    '378282246310005',
    '3782 822463 10005',
    '6011111111111117',
  ],
  ['e-mail', 'ana@shop.example', 'ana.b+c@mail.shop.example', "o'neil@shop.example", 'josé@españa.example'],
  ['phone', '+31 6 1234 5678', '+34612345678', '(212) 555-0123', '212-555-0123', '+44 (20) 7946-0958'],
  ['iban', 'NL91ABNA0417164300', 'DE89 3704 0044 0532 0130 00', 'GB82WEST12345698765432'],
  [
    'national-id',
    '1112.22.333',
    '078-05-1120',
    'AB123456C',
    'AB 12 34 56 C',
    '12345678Z',
    'X1234567L',
    '1 84 12 76 451 089 46',
  ],
  [
    'secret',
    'AKIAIOSFODNN7EXAMPLE',
    `ghp_${'a1B2'.repeat(9)}`,
    `github_pat_${'a1B2_'.repeat(17)}`,
    'xoxb-123456789012-abcdefABCDEF',
    `sk_live_${'a1B2'.repeat(6)}`,
    `AIza${'a1B2-'.repeat(7)}`,
    JWT,
    PEM,
  ],
];

test('finds what is written in the usual ways, and nothing around it', () => {
  for (const [label, ...texts] of FOUND) {
    for (const text of texts) {
      for (const [before, after] of [
        ['', ''],
        ['see ', ';'],
        ['"', '"'],
        ['(', '),'],
        ['line\\n', '\\n'],
        ['é: ', ' é'],
      ] as const) {
        assert.equal(
          redacted(`${before}${text}${after}`),
          `${before}[${label}]${after}`,
          `${before}${text}${after}`,
        );
      }
    }
  }
});

test('numbers that could be anything count where their name stands before them', () => {
  assert.equal(redacted('bsn: 111222333'), 'bsn: [national-id]');
  assert.equal(redacted('"ssn": "078051120"'), '"ssn": "[national-id]"');
  assert.equal(redacted('Steuer-IdNr. 86095742719'), 'Steuer-IdNr. [national-id]');
  assert.equal(
    redacted(`aws_secret_access_key = ${'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'}`),
    'aws_secret_access_key = [secret]',
  );
  for (const text of ['111222333', '078051120', '86095742719', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY']) {
    assert.equal(redacted(text), text);
  }
});

test('ordinary data is left alone', () => {
  for (const text of [
    '4111111111111112',
    '4111-1111-1111-1112',
    '0.4111111111111111',
    'ana@localhost',
    '@ana',
    'ana@shop',
    '2026-03-04T10:00:00.123456+02:00',
    '2026-03-04 10:00:00+1030',
    '20260304100000123',
    '1772618400123',
    '1772618400123456',
    '000-12-3456',
    'NL91ABNA0417164301',
    'AKIA and xoxb- and eyJ',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    '192.168.100.200:5432',
    '1 234 567 890,00',
  ]) {
    assert.equal(redacted(text), text);
  }
});

test('UUIDs, timestamps and order numbers are never hits', () => {
  const texts = fc.oneof(
    fc.uuid(),
    fc.stringMatching(/^[0-9]{8}-[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{12}$/),
    fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2200-01-01') })
      .map((date) => date.toISOString()),
    fc.integer({ min: 0, max: 2 ** 42 }).map(String),
    fc.integer({ min: 1, max: 999_999_999_999 }).map((number) => `ORD-${number}`),
    fc.stringMatching(/^[0-9]{1,12}$/),
    fc.stringMatching(/^[0-9a-f]{40}$/),
  );
  fc.assert(
    fc.property(texts, (text) => assert.equal(redacted(`a ${text}, b`), `a ${text}, b`)),
    { numRuns: 3000 },
  );
});

test("Luhn's check holds for one last digit of ten, and tells every single wrong digit", () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[1-9][0-9]{11,17}$/),
      fc.nat(),
      fc.integer({ min: 1, max: 9 }),
      (digits, at, by) => {
        const valid = Array.from({ length: 10 }, (_, last) => digits + last).filter(luhn);
        assert.equal(valid.length, 1);
        const number = valid[0] ?? '';
        const index = at % number.length;
        const wrong = (Number(number[index]) + by) % 10;
        assert.equal(luhn(number.slice(0, index) + wrong + number.slice(index + 1)), false);
      },
    ),
  );
});

/** Texts of everything that can be found, broken off, in any order, with what stands between. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...FOUND.flatMap(([, ...texts]) => texts), 'ORD-1234567', 'bsn 111222333'),
      fc
        .constantFrom(...FOUND.flatMap(([, ...texts]) => texts))
        .chain((text) => fc.nat(text.length).map((length) => text.slice(0, length))),
      fc.constantFrom(
        ' ',
        '\n',
        '.',
        ',',
        '-',
        '\\n',
        '"',
        '@',
        '+',
        'é',
        '日本',
        'eyJ',
        '-----',
        '4111 ',
        'a'.repeat(600),
      ),
      fc.string({ unit: 'grapheme' }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.from(parts.join('')));

test('however the text is cut, the same comes out', () => {
  for (const replace of ['label', 'stars', 'last4'] as const) {
    const set = setOf(DETECTORS, [ORDERS, { name: 'any', matches: 'é.{0,3}a' }], replace);
    fc.assert(
      fc.property(hostile, fc.array(fc.nat(4000), { maxLength: 8 }), (text, cuts) => {
        const [whole, pieces]: [Counts, Counts] = [new Map(), new Map()];
        const expected = new ValueRedactor(set, whole).redact(text, 0, text.length) ?? text;
        assert.equal(inPieces(text, cuts, set, pieces).toString(), expected.toString());
        assert.deepEqual(pieces, whole);
      }),
      { numRuns: 400 },
    );
  }
});

/** Digits and letters with what may stand between them, so that every hallmark is all but shown. */
const almost = fc
  .array(
    fc.oneof(
      fc.stringMatching(/^[0-9 ().+/-]{1,24}$/),
      fc.stringMatching(/^[0-9]{4}\.[0-9]{2}\.[0-9]{3}|[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{2}( [0-9]{3}){3}$/),
      fc.stringMatching(/^[XYZ]?-?[0-9]{7,8}-?[A-Z]|[AB][BC]( ?[0-9]{2}){3} ?[A-D]$/),
      fc.stringMatching(/^[12]( ?[0-9]{2}){3}( ?[0-9]{3}){2} ?[0-9]{2}|\+[1-9][0-9 ]{8,16}$/),
      fc.stringMatching(/^\(?[2-9][0-9]{2}[). -]{1,2}[2-9][0-9]{2}[. -][0-9]{4}$/),
      fc.stringMatching(/^[A-Za-z0-9_./+=-]{1,48}$/),
      fc.constantFrom(...FOUND.flatMap(([, ...texts]) => texts)),
      fc.constantFrom(' ', '\n', '@', '"', '\\n', '-----BEGIN '),
    ),
    { maxLength: 20 },
  )
  .map((parts) => Buffer.from(parts.join('')));

/** A set whose detectors are asked at every byte. */
function unhurried(set: DetectorSet): DetectorSet {
  const candidates = (byte: number) => (set.byFirst[byte] ?? []).map(({ detector }) => detector);
  return Object.create(set, {
    replacementOf: { value: (name: string) => set.replacementOf(name) },
    beginnings: { value: [{ hallmark: undefined, starts: new Uint8Array(256).fill(1) }] },
    byFirst: {
      value: Array.from({ length: 256 }, (_, byte) =>
        candidates(byte).map((detector) => ({ detector, beginning: 0, kinds: ALL_KINDS })),
      ),
    },
  });
}

function foundBy(set: DetectorSet, text: Buffer): string[] {
  const found: string[] = [];
  new Scan(set).over(new Window(text), 0, true, ({ start, end, by: { name } }) =>
    found.push(`${name} ${start} ${end}`),
  );
  return found;
}

test('what is passed over in steps holds nothing that a look at every byte would find', () => {
  const set = setOf(DETECTORS, [ORDERS]);
  const unmarked = unhurried(set);
  fc.assert(
    fc.property(fc.oneof(almost, hostile), (text) => {
      assert.deepEqual(foundBy(set, text), foundBy(unmarked, text));
    }),
    { numRuns: 3000 },
  );
});

test('nor does it where blocks meet, however the text is cut', () => {
  const set = setOf(DETECTORS, [ORDERS]);
  const unmarked = unhurried(set);
  const filler = fc.constantFrom(
    '.',
    'x ',
    '0.1 ',
    '\\n',
    '\u001b[31m',
    '\u001b]0;a\u0007',
    '2026-11-22T10:11:12 ',
  );
  const around = fc.tuple(
    filler,
    fc.integer({ min: BLOCK_BYTES - 700, max: BLOCK_BYTES + 100 }),
    fc.oneof(almost, hostile),
  );
  const long = fc
    .array(around, { minLength: 1, maxLength: 3 })
    .map((parts) =>
      Buffer.concat(parts.flatMap(([fill, length, text]) => [Buffer.alloc(length, fill), text])),
    );
  fc.assert(
    fc.property(long, fc.array(fc.nat(60_000), { maxLength: 6 }), (text, cuts) => {
      assert.deepEqual(foundBy(set, text), foundBy(unmarked, text));
      assert.equal(
        inPieces(text, cuts, set).toString('latin1'),
        inPieces(text, cuts, unmarked).toString('latin1'),
      );
    }),
    { numRuns: 150 },
  );
});

test('a byte at a time, too, and no more than the window is held', () => {
  const text = Buffer.from(`${FOUND.flatMap(([, ...texts]) => texts).join(' and ')} ${'x'.repeat(2000)}`);
  const set = setOf();
  const bytes = Array.from({ length: text.length }, (_, index) => index);
  assert.equal(inPieces(text, bytes, set).toString(), redacted(text.toString()));
  const redactor = new Redactor(set, new Map());
  let out = 0;
  for (let sent = 1; sent <= 5000; sent += 1) {
    out += redactor.push(Buffer.from('x')).length;
    assert.ok(sent - out <= 600, `${sent - out} bytes are held back`);
  }
});

test('time is linear on hostile input', () => {
  const set = setOf(DETECTORS, [ORDERS, { name: 'nested', matches: '(?:a{1,8}){1,8}b' }]);
  const cpuMs = (unit: string, bytes: number) => {
    const text = Buffer.alloc(bytes, unit);
    const before = process.cpuUsage();
    new ValueRedactor(set, new Map()).redact(text, 0, text.length);
    return process.cpuUsage(before).user / 1000;
  };
  for (const unit of [
    'a',
    '4',
    '-',
    '+',
    '1-',
    'a.',
    'eyJ.',
    'eyJ-',
    '-----BEGIN ',
    '4111 ',
    'a@a.',
    '@',
    '+1 ',
    'AKIA',
    'xoxb-',
    '\\u00',
    'ORD-1',
    'ORD-123456 ',
    'aaaaaaab',
  ]) {
    cpuMs(unit, 20_000);
    const [small, large] = [cpuMs(unit, 40_000), cpuMs(unit, 320_000)];
    // Eight times the bytes; squared it would be 64 times the time.
    assert.ok(large < 30 * small + 100, `${small} ms and then ${large} ms for "${unit}"`);
  }
});

test('own patterns: what can be endless or empty is told', () => {
  for (const matches of [
    'a*',
    'a+',
    'a{2,}',
    '(?:a{1,100}){1,2}',
    'a?',
    '\\b',
    '^a',
    'a$',
    '(?=a)',
    '(a)\\1',
    '(a',
    'a)',
    '[a',
    '{1,2}',
    'a{1,2}{3}',
    '\\pL',
  ]) {
    assert.throws(() => setOf([], [{ name: 'x', matches }]), /pattern x: /, matches);
  }
  for (const [matches, text, result] of [
    ['\\bORD-[0-9]{6,8}\\b', 'ORD-123456, ORD-123456789', '[x], ORD-123456789'],
    ['(?i:patient) ?(?:no|nr)\\.? ?\\d{1,6}', 'PATIENT nr. 42', '[x]'],
    ['[[:alpha:]]{2}\\d{2}', 'ab12', '[x]'],
    ['日.本', 'a日é本b', 'a[x]b'],
    ['[^\\]x]{3}', 'abc', '[x]'],
  ] as const) {
    assert.equal(redacted(text, setOf([], [{ name: 'x', matches }])), result);
  }
});

test('stars keep the length, last4 the end', () => {
  assert.equal(redacted('4111 1111 1111 1111', setOf(['cards'], [], 'stars')), '*******************');
  assert.equal(redacted('4111 1111 1111 1111', setOf(['cards'], [], 'last4')), '***************1111');
  assert.equal(redacted('josé@españa.example', setOf(['emails'], [], 'stars')), '*'.repeat(19));
});

test('JSON stays valid and means the same but for what was found', () => {
  const json = (text: string) => {
    const bytes = Buffer.from(text);
    return (redactJson(new ValueRedactor(setOf(), new Map()), bytes, 0, bytes.length) ?? bytes).toString();
  };
  assert.equal(json('{"card": 4111111111111111, "n": -1.5e3}'), '{"card": "[card]", "n": -1.5e3}');
  assert.equal(json('{"bsn": 111222333}'), '{"bsn": "[national-id]"}');
  assert.equal(
    json('["a\\u0040shop.example", "x\\nana@shop.example\\""]'),
    '["[e-mail]", "x\\n[e-mail]\\""]',
  );
  assert.equal(json('{"ana@shop.example": null}'), '{"[e-mail]": null}');
  const pieces = fc.constantFrom(
    '4111111111111111',
    'ana@shop.example',
    '"',
    '\\',
    '\n',
    ' ',
    'é',
    '\u2028',
    JWT,
    '😀',
  );
  const value = fc.letrec((tie) => ({
    json: fc.oneof(
      fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join(' ')),
      fc.integer(),
      fc.constant(4111111111111111),
      fc.constant(null),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(pieces, tie('json'), { maxKeys: 3 }),
    ),
  })).json;
  fc.assert(
    fc.property(value, fc.boolean(), (document, escaping) => {
      const written = JSON.stringify(document);
      const text = escaping ? written.replaceAll('@', '\\u0040').replaceAll('é', '\\u00e9') : written;
      const out: unknown = JSON.parse(json(text));
      assert.doesNotMatch(JSON.stringify(out), /4111111111111111|ana@shop/);
    }),
  );
});
