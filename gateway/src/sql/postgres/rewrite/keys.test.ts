import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { aRelation, nothing, textColumn } from '../catalogue/a-relation.fixture.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import type { SnapshotRelation } from '../catalogue/snapshot.ts';
import { examine } from '../facts/statement.ts';
import { parse, ready } from '../parse/parser.ts';
import { askedEnds, isComputed, isReached, maskedStored } from './keys.ts';

before(() => ready);

const relation = (
  oid: number,
  name: string,
  columns: SnapshotRelation['columns'],
  definition: string | null = null,
) => aRelation(oid, name, definition === null ? 'r' : 'v', columns, definition);

/** `mailed.address` and its like refer to `people.mail`, `people.code` to `codes.code`. */
const key = (from: number, columns: number[], referenced: number, referencedColumns: number[]) => ({
  relation: from,
  type: 'f' as const,
  columns,
  referenced,
  referencedColumns,
  onDelete: 'a',
  onUpdate: 'a',
  validated: true,
  inherited: false,
  alone: false,
});

const catalogue = new Catalogue({
  ...nothing,
  relations: [
    relation(1, 'people', [textColumn(1, 'mail'), textColumn(2, 'code')]),
    relation(2, 'mailed', [
      textColumn(1, 'address'),
      textColumn(2, 'topic'),
      textColumn(3, 'low', 'lower(topic)'),
    ]),
    relation(3, 'codes', [textColumn(1, 'code'), textColumn(2, 'title')]),
    relation(4, 'part', [textColumn(1, 'topic'), textColumn(2, 'address')]),
    relation(
      5,
      'mailings',
      [textColumn(1, 'who'), textColumn(2, 'topic')],
      ' SELECT address AS who, topic FROM public.mailed;',
    ),
    relation(6, 'numbers', [{ ...textColumn(1, 'number'), type: 'integer', baseType: 'int4', typeOid: 23 }]),
    relation(7, 'numbered', [textColumn(1, 'number')]),
    relation(8, 'searched', [
      textColumn(1, 'title'),
      { ...textColumn(2, 'words'), type: 'tsvector', baseType: 'tsvector', typeOid: 3614 },
    ]),
  ],
  functions: [],
  inheritance: [{ child: 4, parent: 2 }],
  constraints: [key(2, [1], 1, [1]), key(4, [2], 1, [1]), key(1, [2], 3, [1]), key(7, [1], 6, [1])],
  defaults: [
    { relation: 2, column: 1, expression: "'a'::text" },
    { relation: 2, column: 2, expression: 'NULL::text' },
  ],
  triggers: [
    {
      ...{
        relation: 8,
        name: 't',
        schema: 'pg_catalog',
        function: 'tsvector_update_trigger',
        arguments: ['words', 'pg_catalog.simple', 'title'],
      },
      ...{ type: 1 | 2 | 4 | 16, compared: [] },
    },
  ],
  unvalidatedKeys: [{ relation: 2, name: 'late', columns: [1] }],
});

function examined(text: string) {
  const parsed = parse(text);
  assert.equal(parsed.kind, 'parsed');
  const [statement] = parsed.kind === 'parsed' ? parsed.statements : [];
  assert.ok(statement);
  const { findings, names } = examine(statement, catalogue, {
    text,
    catalogue: '' as never,
    session: { searchPath: ['public'], role: 'r', temporary: [], prepared: new Map(), cursors: new Map() },
    reviewedFunctions: new Set(),
  });
  return { findings, names };
}

function reached(text: string): string[] {
  const { findings, names } = examined(text);
  const mailed = catalogue.relation('public', 'mailed');
  assert.ok(mailed);
  return mailed.columns.filter((own) => isReached(findings, names, mailed, own)).map(({ name }) => name);
}

function asked(text: string): string[] {
  const { findings, names } = examined(text);
  const ends = findings.askedKeys.flatMap((keys) => askedEnds(names, keys));
  return [...new Set(ends)].map(({ relation: { name }, name: own }) => `${name}.${own}`);
}

test('a write reaches what it names, what a known default fills, and what is generated from such', () => {
  assert.deepEqual(reached("INSERT INTO mailed (topic) VALUES ('t')"), ['address', 'topic', 'low']);
  assert.deepEqual(reached('INSERT INTO mailed DEFAULT VALUES'), ['address']);
  assert.deepEqual(reached("INSERT INTO mailed VALUES (NULL, 't')"), ['topic', 'low']);
  assert.deepEqual(reached('INSERT INTO mailed VALUES (NULL), (DEFAULT)'), ['address']);
  assert.deepEqual(reached('INSERT INTO mailed (address) VALUES (NULL)'), []);
  assert.deepEqual(reached("UPDATE mailed SET topic = 't'"), ['topic', 'low']);
  assert.deepEqual(reached('COPY mailed (topic) FROM STDIN'), ['address', 'topic', 'low']);
  assert.deepEqual(
    reached('MERGE INTO mailed USING codes ON false WHEN NOT MATCHED THEN INSERT DEFAULT VALUES'),
    ['address'],
  );
});

test('what the trigger of a search fills is reached by every write, and keeps what others had', () => {
  const [title, words] = catalogue.relation('public', 'searched')?.columns ?? [];
  assert.ok(title && words);
  const { names } = examined('SELECT 1');
  assert.deepEqual(
    [title, words].map((own) => isComputed(() => false, names, own)),
    [false, true],
  );
  assert.equal(
    maskedStored(
      (own) => own === title,
      (own) => own === words,
      names,
      words,
    ),
    words,
  );
});

test('a write through a view leaves the rest to the defaults of its table', () => {
  assert.deepEqual(reached("INSERT INTO mailings (topic) VALUES ('t')"), ['address', 'topic', 'low']);
  assert.deepEqual(reached("INSERT INTO mailings VALUES (NULL, 't')"), ['topic', 'low']);
});

test('ALTER TABLE asks keys where it computes, fills or checks their columns', () => {
  const ends = ['people.mail'];
  assert.deepEqual(asked("ALTER TABLE mailed ALTER address SET DEFAULT 'a'"), ends);
  assert.deepEqual(asked("ALTER VIEW mailings ALTER who SET DEFAULT 'a'"), ends);
  assert.deepEqual(asked('ALTER TABLE mailed ADD x int, ALTER address TYPE text USING topic'), ends);
  assert.deepEqual(asked('ALTER TABLE mailed ATTACH PARTITION part DEFAULT'), ends);
  assert.deepEqual(asked('ALTER TABLE mailed VALIDATE CONSTRAINT late'), ends);
  assert.deepEqual(asked('ALTER TABLE mailed ALTER CONSTRAINT late ENFORCED'), ends);
  assert.deepEqual(asked('ALTER TABLE codes ALTER code TYPE int USING 1'), ['people.code']);
  assert.deepEqual(asked('ALTER TABLE codes DETACH PARTITION part'), ['people.code']);
});

test('a wider type that keeps every value asks no key, and a narrower or computed one does', () => {
  const ends = ['numbered.number'];
  assert.deepEqual(asked('ALTER TABLE numbers ALTER number TYPE bigint'), []);
  assert.deepEqual(asked('ALTER TABLE numbers ALTER number SET DATA TYPE pg_catalog.int8'), []);
  assert.deepEqual(asked('ALTER TABLE numbers ALTER number TYPE int8'), ends);
  assert.deepEqual(asked('ALTER TABLE numbers ALTER number TYPE smallint'), ends);
  assert.deepEqual(asked('ALTER TABLE numbers ALTER number TYPE bigint[]'), ends);
  assert.deepEqual(asked('ALTER TABLE numbers ALTER number TYPE bigint USING number + 1'), ends);
  assert.deepEqual(asked('ALTER TABLE numbers ALTER number TYPE numeric'), ends);
});

test('other changes ask no key', () => {
  for (const text of [
    "ALTER TABLE mailed ADD x int DEFAULT 1, ALTER topic TYPE varchar(9), ALTER topic SET DEFAULT 'a'",
    'ALTER TABLE mailed ALTER address DROP DEFAULT, ALTER address SET NOT NULL, DROP CONSTRAINT late',
    'ALTER TABLE mailed VALIDATE CONSTRAINT checked',
    'ALTER TABLE mailed ALTER CONSTRAINT late DEFERRABLE',
    "ALTER TABLE codes ALTER code SET DEFAULT 'a', ALTER title TYPE varchar(9)",
    'ALTER TABLE codes ATTACH PARTITION part DEFAULT',
    'ALTER TABLE mailed RENAME TO sent',
  ])
    assert.deepEqual(asked(text), [], text);
});

test('what one part of a statement writes, another does not', () => {
  const updates = (text: string) =>
    examined(text).findings.updates.map(({ relation: { name }, columns }) => [
      name,
      [...columns].map((own) => own.name),
    ]);
  assert.deepEqual(
    updates("INSERT INTO mailed (address) VALUES ('a') ON CONFLICT (topic) DO UPDATE SET topic = 't'"),
    [['mailed', ['topic']]],
  );
  assert.deepEqual(updates("WITH w AS (UPDATE codes SET code = 'c') UPDATE codes SET title = 't'"), [
    ['codes', ['code']],
    ['codes', ['title']],
  ]);
  assert.deepEqual(
    updates(
      'MERGE INTO mailed USING codes ON topic = code WHEN MATCHED AND title IS NULL THEN UPDATE SET topic = 1 WHEN MATCHED THEN UPDATE SET address = 1 WHEN NOT MATCHED THEN INSERT (topic) VALUES (1)',
    ),
    [
      ['mailed', ['topic']],
      ['mailed', ['address']],
    ],
  );
  assert.deepEqual(updates("UPDATE mailings SET who = 'w'"), [['mailings', ['who', 'address']]]);
  assert.deepEqual(updates("INSERT INTO mailed (topic) VALUES ('t') ON CONFLICT DO NOTHING"), []);
});

test('a masked value stays where it is neither written nor generated from what is', () => {
  const mailed = catalogue.relation('public', 'mailed');
  assert.ok(mailed);
  const { names } = examined('SELECT 1');
  const stored = (written: string, masked: string) =>
    mailed.columns.flatMap(
      (own) =>
        maskedStored(
          ({ name }) => name === written,
          ({ name }) => name === masked,
          names,
          own,
        )?.name ?? [],
    );
  assert.deepEqual(stored('address', 'address'), []);
  assert.deepEqual(stored('address', 'topic'), ['topic', 'topic']);
  assert.deepEqual(stored('topic', 'low'), []);
  assert.deepEqual(stored('address', 'low'), ['low']);
});
