import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TargetName } from '../../../gateway/contract/ids.ts';
import { completionsAt, type Suggestion, targetsNeeded } from './complete.ts';
import { DraftWordBook } from './draft-words.ts';
import type { KnownNames } from './names.ts';
import type { PolicyFileKind } from './policy-files.ts';
import type { Schema } from './schema.ts';

const SHOP = TargetName.parse('shop');
const LAB = TargetName.parse('lab');
const schemaOf = (name: string): Schema =>
  JSON.parse(readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')) as Schema;
const SCHEMAS = { policy: schemaOf('policy.schema.json'), tests: schemaOf('policy-test.schema.json') };

const table = (name: string, ...columns: string[]) => ({ name, columns });
const NAMES: KnownNames = {
  targets: [
    { name: SHOP, kind: 'postgres', labels: { env: 'production' } },
    { name: LAB, kind: 'postgres', labels: { env: 'staging' } },
    { name: TargetName.parse('web-1'), kind: 'ssh', labels: {}, accounts: ['deploy'] },
  ],
  groups: ['dba', 'developers'],
  people: [{ id: 'person:ana@shop.example', name: 'Ana Ruiz' }],
  catalogues: new Map([
    [
      SHOP,
      [
        {
          name: 'public',
          relations: [
            table('customers', 'id', 'email'),
            table('orders', 'id', 'total'),
            table('odd.one', 'x'),
          ],
          functions: ['order_total'],
        },
        { name: 'hr', relations: [table('people', 'id', 'salary')], functions: [] },
      ],
    ],
    [LAB, [{ name: 'public', relations: [table('samples', 'id')], functions: [] }]],
  ]),
};

/** What is offered at `|`, in its order. */
function offered(marked: string, kind: PolicyFileKind = 'policy', names = NAMES): Suggestion[] {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const words = new DraftWordBook().of([text]);
  return completionsAt({ kind, text, offset, schema: SCHEMAS[kind], names, words })?.all ?? [];
}

const labels = (...asked: Parameters<typeof offered>) => offered(...asked).map(({ label }) => label);
const rule = (lines: string) => `version: 1\nrules:\n  - id: a\n    owner: dba\n${lines}`;

test('keys are offered where they may stand, required ones first, and none twice', () => {
  assert.deepEqual(labels('|').slice(0, 1), ['version']);
  const keys = labels(rule('    |\n'));
  assert.deepEqual(keys.slice(0, 4), ['because', 'on', 'then', 'who']);
  assert.ok(keys.includes('dryRun') && !keys.includes('id') && !keys.includes('owner'));
  assert.ok(labels(rule('    on: { ta|\n')).includes('tables'));
  assert.deepEqual(labels(rule('    then: { mask: { method: partial, | } }\n')), ['keep']);
  assert.ok(labels('version: 1\nrules:\n  - |\n').includes('id'));
  assert.ok(labels(rule('    wh|\n    on: everything\n')).includes('who'));
});

test('a key says what it is for, by the schema', () => {
  const owner = offered('version: 1\nrules:\n  - id: a\n    ow|\n').find(({ label }) => label === 'owner');
  assert.deepEqual(
    [owner?.text, owner?.detail, owner?.about],
    ['owner: ', 'required', 'Who answers for the rule; people are told to ask them.'],
  );
});

test('words of the language are offered as values', () => {
  assert.ok(labels(rule('    then: |\n')).includes('allow'));
  assert.ok(labels(rule('    then: |\n')).includes('{ approve: … }'));
  assert.ok(labels(rule('    then: { mask: | }\n')).includes('{ method: redact }'));
  assert.ok(labels(rule('    doing: [select, up|]\n')).includes('update without where'));
  assert.deepEqual(labels(rule('    who: every|\n')), ['everyone']);
  assert.ok(labels(rule('    on: { targets: [shop], | }\n')).includes('tables'));
});

test('targets, groups, people and labels are those that the gateway told', () => {
  assert.deepEqual(labels(rule('    on: { targets: [|] }\n')), ['lab', 'shop', 'web-1']);
  assert.deepEqual(labels(rule('    who: { groups: [d|] }\n')), ['dba', 'developers']);
  assert.deepEqual(labels(rule('    who: [{ users: [an|] }]\n')), ['ana@shop.example']);
  assert.deepEqual(labels(rule('    on: { labels: { env: | } }\n')), ['production', 'staging', '[…]']);
  assert.deepEqual(labels(rule('    on: { labels: { | } }\n')), ['env']);
  assert.deepEqual(labels(rule('    on: { accounts: [|] }\n')), ['deploy']);
});

test('tables and columns are those of the targets that the same rule names', () => {
  const on = (line: string) => rule(`    on: { targets: [shop], schemas: [public], ${line} }\n`);
  assert.deepEqual(labels(on('tables: [c|]')).slice(0, 1), ['customers']);
  assert.ok(!labels(on('tables: [|]')).includes('samples'));
  const tables = labels(on('tables: [|]'));
  assert.ok(tables.indexOf('orders') < tables.indexOf('people'), 'those of the named schema come first');
  assert.deepEqual(labels(on('tables: [hr.|]')), ['hr.people']);
  const columns = offered(on('tables: [orders], columns: [|]'));
  assert.equal(columns[0]?.label, 'id');
  assert.equal(columns[1]?.label, 'total');
  assert.equal(columns.find(({ label }) => label === 'total')?.detail, 'orders');
  assert.ok(labels(on('columns: [customers.|]')).includes('customers.email'));
  assert.ok(labels(rule('    on: { labels: { env: staging }, tables: [|] }\n')).includes('samples'));
});

test('in lists of lines a word is a value until it has a colon', () => {
  const lines = rule('    on:\n      targets:\n        - shop\n      tables:\n        - cus|\n');
  assert.equal(labels(lines)[0], 'customers');
  assert.equal(labels(rule('    on:\n      targets:\n        - |\n'))[1], 'shop');
});

test('names that YAML or the language would read as something else stand in quotes', () => {
  const odd = offered(rule('    on: { targets: [shop], tables: [odd|] }\n')).find(
    ({ label }) => label === '"odd.one"',
  );
  assert.equal(odd?.text, '"\\"odd.one\\""');
});

test('tag patterns grow by one part after the other', () => {
  assert.deepEqual(labels('version: 1\ntags:\n  sh|\n'), ['shop']);
  assert.deepEqual(labels('version: 1\ntags:\n  shop.|\n'), ['shop.*', 'shop.hr', 'shop.public']);
  assert.ok(labels('version: 1\ntags:\n  shop.public.cust|\n').includes('shop.public.customers'));
  assert.ok(labels('version: 1\ntags:\n  shop.public.*.em|\n').includes('shop.public.*.email'));
});

test('the draft’s own names need no gateway', () => {
  const nothing = { ...NAMES, targets: [], groups: [], people: [], catalogues: new Map() };
  const draft = `tags: { shop.*.*.email: [pii] }\n${rule('    who: { groups: [leads] }\n    on: { tags: [|] }\n')}`;
  assert.deepEqual(labels(draft.replace('version: 1\n', ''), 'policy', nothing), ['pii']);
  const other = rule('    who: { groups: [leads] }\n    then: { approve: { by: [|] } }\n');
  assert.deepEqual(labels(other, 'policy', nothing), ['leads']);
});

test('expectations name what their file describes, rules, and what is in the live catalogue', () => {
  const file = (lines: string) =>
    `version: 1\ntargets: { shop: { tables: { customers: [id] } } }\npeople: { developer: {} }\n${lines}`;
  assert.deepEqual(labels(file('tests:\n  - who: |\n'), 'tests')[0], 'developer');
  assert.deepEqual(labels(file('tests:\n  - on: |\n'), 'tests'), ['shop']);
  const tables = 'version: 1\ntargets: { shop: { tables: { | } } }\n';
  assert.ok(labels(tables, 'tests').includes('customers'));
  const columns = 'version: 1\ntargets: { shop: { tables: { customers: [|] } } }\n';
  assert.deepEqual(labels(columns, 'tests'), ['email', 'id']);
  const masks = file('tests:\n  - on: shop\n    expect: { masks: { customers.e| } }\n');
  assert.ok(labels(masks, 'tests').includes('customers.email'));
});

test('nothing is offered in prose and comments', () => {
  assert.deepEqual(labels(rule('    because: Developers |look\n')), []);
  assert.deepEqual(labels(rule('    # wh|\n')), []);
});

test('only catalogues that a place needs are asked for', () => {
  const needed = (marked: string) =>
    targetsNeeded({
      kind: 'policy',
      text: marked.replace('|', ''),
      offset: marked.indexOf('|'),
      names: NAMES,
    });
  assert.deepEqual(needed(rule('    on: { targets: ["sh*"], tables: [|] }\n')), ['shop']);
  assert.deepEqual(needed(rule('    on: { tables: [|] }\n')), ['shop', 'lab']);
  assert.deepEqual(needed(rule('    on: { targets: [|] }\n')), []);
  assert.deepEqual(needed('version: 1\ntags:\n  shop.public.|\n'), ['shop']);
});
