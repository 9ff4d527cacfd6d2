import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { completionsAt, targetsNeeded } from './complete.ts';
import { describedAt } from './describe.ts';
import { DraftWordBook } from './draft-words.ts';
import { NO_NAMES } from './names.ts';
import { offlineProblems } from './offline-problems.ts';
import { endsOfProblems, placeAt, wordAt } from './place.ts';
import type { Schema } from './schema.ts';

const fileOf = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const SCHEMAS = {
  policy: JSON.parse(fileOf('docs/policy.schema.json')) as Schema,
  tests: JSON.parse(fileOf('docs/policy-test.schema.json')) as Schema,
};
const DOCUMENTS = ['shop.yaml', 'personal-data.yaml', 'shop.test.yaml'].map((name) =>
  fileOf(`examples/policy/${name}`),
);
const words = new DraftWordBook();

/** Everything that is asked of a document while somebody types in it. */
function askAll(kind: 'policy' | 'tests', text: string, offset: number): void {
  const schema = SCHEMAS[kind];
  const place = placeAt(text, offset);
  if (place !== null) {
    assert.ok(0 <= place.start && place.start <= offset && offset <= place.end && place.end <= text.length);
  }
  const word = wordAt(text, offset);
  if (word !== null) assert.ok(word.start <= offset && offset < word.end);
  completionsAt({ kind, text, offset, schema, names: NO_NAMES, words: words.of([text]) });
  targetsNeeded({ kind, text, offset, names: NO_NAMES });
  describedAt(kind, text, offset, schema);
  for (const { start, end } of offlineProblems(text, schema)) assert.ok(start <= end);
  assert.ok((endsOfProblems(text, [offset])[0] ?? -1) > offset);
}

const kinds = fc.constantFrom('policy' as const, 'tests' as const);

test('any offset in any text is answered, whatever stands there', () => {
  fc.assert(
    fc.property(kinds, fc.string({ maxLength: 200, unit: 'grapheme' }), fc.nat(220), (kind, text, at) =>
      askAll(kind, text, Math.min(at, text.length)),
    ),
    { numRuns: 400 },
  );
});

test('texts of YAML’s own signs are answered too', () => {
  const sign = fc.constantFrom(
    '- ',
    ': ',
    '{',
    '}',
    '[',
    ']',
    ', ',
    '\n',
    '\n  ',
    '\n    ',
    '"',
    "'",
    '&a ',
    '*a',
    '|\n',
    '>\n',
    '#',
    '? ',
    '---\n',
    '%',
    '<<: ',
    '!!set ',
    'rules',
    'id',
    'on',
    'who',
    'targets',
    'shop',
    'then',
    'mask',
    '\t',
    '\r\n',
  );
  const text = fc.array(sign, { maxLength: 40 }).map((signs) => signs.join(''));
  fc.assert(
    fc.property(kinds, text, fc.nat(300), (kind, yaml, at) => askAll(kind, yaml, Math.min(at, yaml.length))),
    { numRuns: 1000 },
  );
});

test('a real policy is answered wherever somebody cuts it and writes on', () => {
  const cut = fc.tuple(fc.constantFrom(...DOCUMENTS), fc.nat(), fc.nat(30), fc.string({ maxLength: 4 }));
  fc.assert(
    fc.property(kinds, cut, (kind, [document, at, length, typed]) => {
      const start = at % (document.length + 1);
      const text = document.slice(0, start) + typed + document.slice(start + length);
      askAll(kind, text, Math.min(start + typed.length, text.length));
    }),
    { numRuns: 60 },
  );
});
