import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { ThroughRef } from '../../../../contract/facts.ts';
import { CatalogueVersion } from '../../../../contract/ids.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import { Snapshot } from '../catalogue/snapshot.ts';
import { parse, ready } from '../parse/parser.ts';
import { analyseStatement } from './statement.ts';

before(() => ready);

const TABLES: Record<string, { columns: string[]; definition?: string; generated?: Record<string, string> }> =
  {
    customers: { columns: ['id', 'name', 'ssn'] },
    orders: { columns: ['id', 'customer', 'note'] },
    named: { columns: ['id', 'who'], definition: 'SELECT id, name AS who FROM public.customers' },
    told: { columns: ['id', 'secret'], definition: 'SELECT id, ssn AS secret FROM public.customers' },
    over: { columns: ['line'], definition: 'SELECT secret FROM public.told WHERE id > 1' },
    without: {
      columns: ['id', 'name'],
      definition: 'WITH c AS (SELECT id, name, ssn FROM public.customers) SELECT id, name FROM c',
    },
    picked: { columns: ['id'], definition: "SELECT id FROM public.customers WHERE ssn = 'x'" },
    over_picked: { columns: ['id'], definition: 'SELECT id FROM public.picked' },
    asking: {
      columns: ['id', 'note'],
      definition:
        'SELECT id, note FROM public.orders WHERE customer IN (SELECT id FROM public.customers WHERE ssn IS NULL)',
    },
    itself: {
      columns: ['id', 'note'],
      definition:
        'SELECT o.id, o.note FROM public.orders o WHERE EXISTS (SELECT FROM public.orders p WHERE p.note = o.note)',
    },
    // Of more columns than its query: where they come from can't be told.
    torn: { columns: ['id', 'more'], definition: 'SELECT id FROM public.customers' },
    parted: { columns: ['id', 'key'] },
    part_a: { columns: ['id', 'key'] },
    part_b: { columns: ['key', 'id'] },
    other_parent: { columns: ['key'] },
    over_part: { columns: ['k'], definition: 'SELECT key FROM public.part_a' },
    grown: { columns: ['id', 'base', 'twice'], generated: { twice: 'base + base' } },
  };
const names = Object.keys(TABLES);
const oidOf = (name: string) => 20_000 + names.indexOf(name);

const relations = Object.entries(TABLES).map(([name, { columns, definition = null, generated = {} }]) => ({
  oid: oidOf(name),
  schema: 'public',
  name,
  kind: definition === null ? 'r' : 'v',
  type: 0,
  columns: columns.map((column, at) => [
    at + 1,
    column,
    'integer',
    'int4',
    'b',
    generated[column] === undefined ? '' : 's',
    generated[column] ?? null,
    false,
    23,
    null,
    null,
  ]),
  definition,
}));
const inheritance = [
  { child: oidOf('part_a'), parent: oidOf('parted') },
  { child: oidOf('part_b'), parent: oidOf('parted') },
  { child: oidOf('part_b'), parent: oidOf('other_parent') },
];
const viewColumns = [{ view: oidOf('torn'), relation: oidOf('customers'), column: 3 }];
const catalogue = new Catalogue(
  Snapshot.parse({
    ...Object.fromEntries(Object.keys(Snapshot.shape).map((key) => [key, []])),
    relations,
    inheritance,
    viewColumns,
  }),
);

function throughOf(text: string): ThroughRef[] {
  const parsed = parse(text);
  assert.ok(parsed.kind === 'parsed', text);
  const [statement] = parsed.statements;
  assert.ok(statement);
  return analyseStatement(statement, catalogue, {
    text,
    catalogue: CatalogueVersion.parse('v'),
    session: { searchPath: ['public'], role: 'r', temporary: [], prepared: new Map(), cursors: new Map() },
    reviewedFunctions: new Set(),
  }).through;
}

/** "select customers: ssn (told.secret)" */
function told(text: string): string[] {
  return throughOf(text).map(({ by, relation, columns }) => {
    if (columns !== null && 'sameAs' in columns) return `${by} ${relation}: as ${columns.sameAs.relation}`;
    const used = columns?.flatMap((way) =>
      way.columns.map(({ column, as }) => {
        const first = as === null ? `${way.by.relation} looks` : `${way.by.relation}.${as}`;
        return `${column} (${[first, ...way.path.map((step) => step.relation)].join(' < ')})`;
      }),
    );
    return `${by} ${relation}: ${used === undefined ? 'all' : used.sort().join(', ')}`;
  });
}

const EXPECTED: ReadonlyArray<readonly [string, readonly string[]]> = [
  ['SELECT ssn FROM customers', []],
  ['SELECT who FROM named', ['select customers: name (named.who)']],
  ['SELECT count(*) FROM told', ['select customers: ']],
  ['SELECT id FROM told WHERE secret = 1', ['select customers: id (told.id), ssn (told.secret)']],
  [
    'SELECT line FROM over',
    [
      'select told: id (over looks), secret (over.line)',
      'select customers: id (over looks < told), ssn (over.line < told)',
    ],
  ],
  ['SELECT id, name FROM without', ['select customers: id (without.id), name (without.name)']],
  ['SELECT 1 FROM picked', ['select customers: ssn (picked looks)']],
  ['SELECT 1 FROM over_picked', ['select picked: ', 'select customers: ssn (picked looks < over_picked)']],
  // What is named as well is told for the columns that are not.
  ['SELECT c.id, secret FROM customers c, told', ['select customers: ssn (told.secret)']],
  ['SELECT c.ssn, secret FROM customers c, told', []],
  ['SELECT secret AS s, who FROM told, named', ['select customers: name (named.who), ssn (told.secret)']],
  ['TABLE torn', ['select customers: ssn (torn.id)']],

  ['INSERT INTO picked VALUES (1)', ['insert customers: all']],
  ['UPDATE picked SET id = 1', ['update customers: all', 'select customers: ssn (picked looks)']],
  [
    'DELETE FROM over_picked',
    ['delete picked: all', 'delete customers: all', 'select customers: ssn (picked looks < over_picked)'],
  ],
  ['EXPLAIN DELETE FROM picked', ['select customers: ssn (picked looks)']],
  [
    'DELETE FROM told WHERE id = 1 RETURNING secret',
    ['select customers: id (told.id), ssn (told.secret)', 'delete customers: all'],
  ],
  [
    'INSERT INTO asking VALUES (1, 2)',
    ['insert orders: all', 'select customers: id (asking looks), ssn (asking looks)'],
  ],
  [
    'UPDATE asking SET note = 1',
    [
      'update orders: all',
      'select customers: id (asking looks), ssn (asking looks)',
      'select orders: customer (asking looks)',
    ],
  ],
  ['INSERT INTO itself VALUES (1, 2)', ['insert orders: all', 'select orders: note (itself looks)']],
  ['INSERT INTO orders (note) SELECT secret FROM told', ['select customers: ssn (told.secret)']],

  [
    'SELECT key FROM parted',
    ['select part_a: as parted', 'select part_b: as parted', 'select other_parent: as part_b'],
  ],
  ['SELECT key FROM part_a', ['select parted: as part_a']],
  [
    'SELECT k FROM over_part, parted',
    [
      'select part_a: key (over_part.k)',
      'select parted: as part_a',
      'select part_b: ',
      'select other_parent: ',
    ],
  ],
  ['SELECT k FROM over_part', ['select part_a: key (over_part.k)', 'select parted: as part_a']],
  ['ANALYZE parted', ['maintenance part_a: all', 'maintenance part_b: all', 'maintenance other_parent: all']],
  ['SELECT twice FROM grown', ['select grown: base (grown.twice)']],
  ['SELECT twice, base FROM grown', []],
];

for (const [text, expected] of EXPECTED) {
  test(`what is used behind ${text}`, () => assert.deepEqual(told(text).sort(), [...expected].sort()));
}
