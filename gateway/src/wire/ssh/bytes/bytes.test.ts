import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decode } from './decode.ts';
import { malformed } from './malformed.ts';
import type { Reader } from './reader.ts';
import { Writer } from './writer.ts';

const MAX_BYTES = 4096;

function read<Value>(bytes: Uint8Array, reading: (reader: Reader) => Value) {
  return decode('It', bytes, MAX_BYTES, reading);
}

function refusal(hex: string, reading: (reader: Reader) => unknown): string {
  const outcome = read(Buffer.from(hex, 'hex'), reading);
  return outcome.ok ? 'not refused' : outcome.why;
}

test('numbers are written as RFC 4251 section 5 shows', () => {
  const shown: readonly [bigint, string][] = [
    [0n, '00000000'],
    [0x9a378f9b2e332a7n, '0000000809a378f9b2e332a7'],
    [0x80n, '000000020080'],
    [-0x1234n, '00000002edcc'],
    [-0xdeadbeefn, '00000005ff21524111'],
  ];
  for (const [value, hex] of shown) {
    assert.equal(new Writer().mpint(value).end().toString('hex'), hex);
    assert.deepEqual(
      read(Buffer.from(hex, 'hex'), (reader) => reader.mpint('n')),
      { ok: true, value },
    );
  }
});

const name = fc.stringMatching(/^[!-+\--~]{1,64}$/);
const everything = fc.record(
  {
    boolean: fc.boolean(),
    uint8: fc.nat(0xff),
    uint32: fc.nat(0xffff_ffff),
    uint64: fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
    string: fc.uint8Array({ maxLength: 40 }),
    text: fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !/\p{Cc}/u.test(text)),
    mpint: fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n }),
    magnitude: fc.bigInt({ min: 0n, max: 2n ** 100n }),
    nameList: fc.array(name, { maxLength: 4 }),
  },
  { noNullPrototype: true },
);
type Everything = typeof everything extends fc.Arbitrary<infer Value> ? Value : never;

function written(all: Everything): Buffer {
  return new Writer()
    .boolean(all.boolean)
    .uint8(all.uint8)
    .uint32(all.uint32)
    .uint64(all.uint64)
    .string(all.string)
    .string(all.text)
    .mpint(all.mpint)
    .mpint(all.magnitude)
    .nameList(all.nameList)
    .end();
}

function readEverything(reader: Reader): Everything {
  return {
    boolean: reader.boolean('boolean'),
    uint8: reader.uint8('uint8'),
    uint32: reader.uint32('uint32'),
    uint64: reader.uint64('uint64'),
    string: Uint8Array.from(reader.string('string')),
    text: reader.text('text'),
    mpint: reader.mpint('mpint'),
    magnitude: BigInt(`0x0${reader.magnitude('magnitude').toString('hex')}`),
    nameList: reader.nameList('nameList'),
  };
}

test('what is written is read again, and never a byte shorter or longer', () => {
  fc.assert(
    fc.property(everything, fc.uint8Array({ minLength: 1, maxLength: 3 }), (all, more) => {
      const bytes = written(all);
      assert.deepEqual(read(bytes, readEverything), { ok: true, value: all });
      for (let length = 0; length < bytes.length; length += 1) {
        const cut = read(bytes.subarray(0, length), readEverything);
        assert.ok(!cut.ok);
      }
      const longer = read(Buffer.concat([bytes, more]), readEverything);
      assert.match(longer.ok ? '' : longer.why, /bytes follow its end/);
    }),
    { numRuns: 100 },
  );
});

test('no bytes make reading throw, and what is read is what they would be written as', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const outcome = read(bytes, readEverything);
      if (outcome.ok) assert.deepEqual(written(outcome.value).subarray(1), Buffer.from(bytes.subarray(1)));
    }),
  );
});

test('what is wrong is said', () => {
  assert.equal(
    refusal('00000005616263', (reader) => reader.string('the name')),
    'It can not be read: the name ends too soon',
  );
  assert.equal(
    refusal('ffffffff', (reader) => reader.string('the name')),
    'It can not be read: the name ends too soon',
  );
  assert.match(
    refusal('0000', (reader) => reader.string('the name')),
    /the length of the name ends too soon/,
  );
  for (const padded of ['0000000100', '00000002007f', '00000002ffff', '0000000200', '000000030000ff']) {
    assert.match(
      refusal(padded, (reader) => reader.mpint('n')),
      /n (is written with more bytes|ends too soon)/,
      padded,
    );
  }
  assert.match(
    refusal('00000001ff', (reader) => reader.magnitude('n')),
    /n is negative/,
  );
  assert.match(
    refusal('00000000', (reader) => reader.name('n')),
    /n is empty, too long or not printable ASCII/,
  );
  assert.match(
    refusal('00000001ff', (reader) => reader.text('t')),
    /t is not UTF-8/,
  );
  assert.match(
    refusal('000000020061', (reader) => reader.text('t')),
    /t contains a control character/,
  );
  assert.match(
    refusal('00000003612c2c', (reader) => reader.nameList('l')),
    /l has a name that is empty/,
  );
  assert.match(
    refusal('000000012c', (reader) => reader.nameList('l')),
    /l has a name that is empty/,
  );
  assert.match(
    refusal('00000001e9', (reader) => reader.nameList('l')),
    /printable ASCII/,
  );
});

test('more bytes than are allowed are not looked at', () => {
  const outcome = read(Buffer.alloc(MAX_BYTES + 1), () => assert.fail('it was read'));
  assert.match(outcome.ok ? '' : outcome.why, /4097 bytes is longer than the 4096/);
});

test('breakage is no refusal', () => {
  assert.throws(() => read(Buffer.alloc(0), () => assert.fail('a fault')), /a fault/);
  assert.deepEqual(
    read(Buffer.alloc(0), () => malformed('it is empty')),
    { ok: false, why: 'It can not be read: it is empty' },
  );
});
