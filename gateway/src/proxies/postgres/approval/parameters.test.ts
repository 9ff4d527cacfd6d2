import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encode } from '../../../wire/postgres/index.ts';
import { boundParameters, NO_PARAMETERS } from './parameters.ts';

type Binding = { types: number[]; formats: number[]; values: Array<Buffer | null> };

function bound({ types, formats, values }: Binding) {
  const frame = encode({
    type: 'bind',
    portal: '',
    statement: 's',
    parameterFormats: formats,
    parameters: values,
    resultFormats: [],
  });
  return boundParameters(frame, types);
}

const value = fc.option(
  fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  { nil: null },
);
const binding = fc.integer({ min: 1, max: 3 }).chain((count) =>
  fc.record({
    types: fc.array(fc.constantFrom(0, 20, 23, 25), { maxLength: count }),
    formats: fc.array(fc.constantFrom(0, 1), { minLength: count, maxLength: count }),
    values: fc.array(value, { minLength: count, maxLength: count }),
  }),
);

test('two bindings have one key only if types, formats and every byte are the same', () => {
  const told = ({ types, formats, values }: Binding) =>
    JSON.stringify([types, formats, values.map((bytes) => bytes?.toString('hex') ?? null)]);
  fc.assert(
    fc.property(binding, binding, (one, other) => {
      assert.equal(bound(one).key === bound(other).key, told(one) === told(other));
    }),
    { numRuns: 2000 },
  );
});

test('one format stands for all, none for text: as the protocol has it', () => {
  const values = [Buffer.from('a'), Buffer.from('b')];
  assert.equal(
    bound({ types: [], formats: [], values }).key,
    bound({ types: [], formats: [0, 0], values }).key,
  );
  assert.equal(
    bound({ types: [], formats: [1], values }).key,
    bound({ types: [], formats: [1, 1], values }).key,
  );
  assert.deepEqual(bound({ types: [], formats: [], values: [] }), NO_PARAMETERS);
});

test('what is easily read in binary form is shown, and the rest by its size', () => {
  const int8 = Buffer.alloc(8);
  int8.writeBigInt64BE(-5n);
  const shown = bound({
    types: [23, 20, 16, 25, 2950, 701, 1700],
    formats: [1],
    values: [
      Buffer.from([0, 0, 1, 0]),
      int8,
      Buffer.from([1]),
      Buffer.from('é'),
      Buffer.alloc(16, 0xab),
      Buffer.from('3ff8000000000000', 'hex'),
      Buffer.alloc(12),
    ],
  }).shown;
  assert.deepEqual(shown, [
    '256',
    '-5',
    'true',
    'é',
    'abababab-abab-abab-abab-abababababab',
    '1.5',
    '<12 bytes>',
  ]);
  const long = bound({ types: [], formats: [], values: [Buffer.from('x'.repeat(5000))] });
  assert.match(long.shown[0] ?? '', /^x{4000}… <5000 characters>$/);
});
