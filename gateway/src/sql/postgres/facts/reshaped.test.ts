import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { aRelation, nothing } from '../catalogue/a-relation.fixture.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import { parse, ready } from '../parse/parser.ts';
import { examine } from './statement.ts';

before(() => ready);

const catalogue = new Catalogue({
  ...nothing,
  relations: [
    aRelation(1, 'people', 'r', ['mail', 'name', 'town']),
    aRelation(2, 'bills', 'p', ['day', 'iban']),
    aRelation(3, 'bills_2026', 'r', ['day', 'iban']),
    aRelation(4, 'folk', 'r', ['name']),
    aRelation(5, 'workers', 'r', ['name', 'salary']),
  ],
  inheritance: [
    { child: 3, parent: 2 },
    { child: 5, parent: 4 },
  ],
  partitionKeys: [{ relation: 2, columns: [1] }],
  computed: [{ relation: 1, columns: [1, 3], whole: false, inherited: false, validated: true }],
});

/** The columns that a change works on, or null when it may work on any. */
function reshaped(text: string): string[] | null {
  const parsed = parse(text);
  const [statement] = parsed.kind === 'parsed' ? parsed.statements : [];
  assert.ok(statement, text);
  const { findings } = examine(statement, catalogue, {
    text,
    catalogue: '' as never,
    session: { searchPath: ['public'], role: 'r', temporary: [], prepared: new Map(), cursors: new Map() },
    reviewedFunctions: new Set(),
  });
  const [columns] = [...findings.references.values()]
    .filter(({ role }) => role === 'altered')
    .map(({ node }) => findings.reshaped.get(node));
  return columns === undefined ? null : [...columns].map(({ name }) => name);
}

test('a change works on the columns that it names and computes with', () => {
  const onPeople = (change: string) => reshaped(`ALTER TABLE people ${change}`);
  assert.deepEqual(onPeople('ADD COLUMN age int NOT NULL DEFAULT 1 CHECK (age > 0)'), []);
  assert.deepEqual(onPeople('ADD COLUMN age int CHECK (age > length(mail))'), ['mail']);
  assert.deepEqual(onPeople('ADD COLUMN joined text GENERATED ALWAYS AS (mail || name) STORED'), [
    'mail',
    'name',
  ]);
  assert.deepEqual(onPeople('ADD COLUMN IF NOT EXISTS mail text CHECK (mail > $$a$$)'), ['mail']);
  // The workers' column becomes part of it, and the check is asked of their values.
  assert.deepEqual(reshaped('ALTER TABLE folk ADD COLUMN salary int CHECK (salary > 1)'), ['salary']);
  assert.deepEqual(reshaped('ALTER TABLE folk ADD COLUMN age int CHECK (age > 1)'), []);
  assert.deepEqual(onPeople('DROP COLUMN name, DROP COLUMN IF EXISTS nothing'), ['name']);
  assert.deepEqual(onPeople('ALTER name SET STORAGE EXTERNAL'), ['name']);
  assert.deepEqual(onPeople('ADD CHECK (people.name <> town)'), ['name', 'town']);
  assert.deepEqual(onPeople('ADD UNIQUE (name), ALTER town SET NOT NULL'), ['name', 'town']);
  assert.deepEqual(onPeople('RENAME COLUMN name TO called'), ['name']);
  assert.deepEqual(reshaped('CREATE INDEX ON people (lower(name)) WHERE town IS NULL'), ['name', 'town']);
  assert.deepEqual(reshaped('CREATE TABLE b27 PARTITION OF bills FOR VALUES IN ($$x$$)'), ['day']);
});

test('what is computed with others is computed anew under a new type', () => {
  assert.deepEqual(reshaped('ALTER TABLE people ALTER name TYPE varchar(9)'), ['name']);
  assert.deepEqual(reshaped('ALTER TABLE people ALTER town TYPE varchar(9)'), ['town', 'mail']);
  assert.equal(reshaped('ALTER TABLE bills ALTER day TYPE varchar(9)'), null);
});

test('every other change may work on any column', () => {
  for (const change of [
    'RENAME TO folk',
    'OWNER TO r',
    'DISABLE TRIGGER ALL',
    'ENABLE ROW LEVEL SECURITY',
    'ALTER name TYPE text USING mail',
    'DROP COLUMN name CASCADE',
    'ADD UNIQUE USING INDEX i',
    'ADD CHECK (people IS NOT NULL)',
    'ADD CHECK (row_to_json(people.*) IS NOT NULL)',
    'ADD EXCLUDE (name WITH =)',
    'ADD COLUMN salary int, ADD CHECK (salary > 1)',
    'ADD COLUMN pad text STORAGE PLAIN',
    'ALTER name SET STORAGE "PLAIN"',
    'ALTER name SET STORAGE DEFAULT',
    'INHERIT bills',
  ]) {
    assert.equal(reshaped(`ALTER TABLE people ${change}`), null, change);
  }
  assert.deepEqual(reshaped('ALTER TABLE bills DROP COLUMN iban'), ['iban']);
  assert.equal(reshaped('ALTER TABLE bills DETACH PARTITION bills_2026'), null);
  assert.equal(reshaped('CREATE INDEX ON people ((people::text))'), null);
  assert.equal(reshaped('CREATE TABLE c () INHERITS (people)'), null);
});
