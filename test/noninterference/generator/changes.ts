import { expression } from './expressions.ts';
import { EMPTY_SCOPE, type Item, type Maker, type Scope } from './maker.ts';
import { query } from './queries.ts';
import { type Column, nameOf, type Relation } from './schema.ts';
import { SQL_NAME } from './types.ts';

/** INSERT, UPDATE, DELETE or MERGE of some table, with RETURNING now and then. */
export function change(maker: Maker): string {
  const { random, schema } = maker;
  const relation = random.chance(0.6) ? random.pick(schema.governedTables) : random.pick(schema.relations);
  return random.weighted([
    [4, insert],
    [5, update],
    [1, violating],
    [3, remove],
    [2, merge],
  ])(maker, relation);
}

function scopeOf(relation: Relation, alias: string): { scope: Scope; item: Item } {
  const item: Item = { alias, columns: relation.columns, whole: true };
  return { scope: { ...EMPTY_SCOPE, items: [item] }, item };
}

function settable(relation: Relation): Column[] {
  return relation.columns.filter((column) => !column.generated);
}

/** Mostly columns that are not masked: writing the others is refused more often. */
function chosen(maker: Maker, relation: Relation): Column[] {
  const all = settable(relation);
  const open = all.filter((column) => !column.masked);
  const from = open.length > 0 && maker.random.chance(0.65) ? open : all;
  return [...new Set(maker.random.several(1, 3, () => maker.random.pick(from)))];
}

function returning(maker: Maker, relation: Relation, scope: Scope): string {
  const { random } = maker;
  if (!random.chance(0.5)) return '';
  const [item] = scope.items;
  if (random.chance(0.1)) return beforeAndAfter(maker, relation);
  return random.weighted([
    [2, ' RETURNING *'],
    [
      5,
      ` RETURNING ${random.several(1, 2, () => expression(maker, random.pick(relation.columns).type, scope, 1)).join(', ')}`,
    ],
    [1, ` RETURNING ${item?.alias ?? relation.name}`],
    [2, ' RETURNING id'],
  ]);
}

/** Both states of what was changed: since PostgreSQL 18. */
function beforeAndAfter(maker: Maker, relation: Relation): string {
  const { random } = maker;
  const column = random.pick(relation.columns).name;
  const [before, after] = [maker.fresh('b'), maker.fresh('a')];
  return random.pick([
    ` RETURNING old.${column}, new.${column}`,
    ` RETURNING old, new.id`,
    ` RETURNING WITH (OLD AS ${before}, NEW AS ${after}) ${before}.${column}, ${after}.id`,
    ` RETURNING WITH (OLD AS ${before}) ${before}.*, ${column}`,
  ]);
}

function insert(maker: Maker, relation: Relation): string {
  const { random } = maker;
  const columns = chosen(maker, relation);
  const keyed = relation.columns.some(({ name }) => name === 'id') && random.chance(0.8);
  const id = settable(relation).find(({ name }) => name === 'id');
  const all = keyed && id !== undefined ? [id, ...columns.filter(({ name }) => name !== 'id')] : columns;
  const alias = maker.fresh('n');
  const { scope } = scopeOf(relation, alias);
  const names = all.map(({ name }) => name).join(', ');
  const row = () =>
    all
      .map((column) =>
        column.name === 'id'
          ? String(random.int(1, 60))
          : `${expression(maker, column.type, EMPTY_SCOPE, 1)}::${SQL_NAME[column.type]}`,
      )
      .join(', ');
  const source = random.chance(0.4)
    ? query(
        maker,
        EMPTY_SCOPE,
        1,
        all.map(({ type }) => type),
        true,
      ).sql
    : `VALUES ${random.several(1, 2, () => `(${row()})`).join(', ')}`;
  return `INSERT INTO ${nameOf(relation)} AS ${alias} (${names}) ${source}${onConflict(maker, relation, scope)}${returning(maker, relation, scope)}`;
}

function onConflict(maker: Maker, relation: Relation, scope: Scope): string {
  const { random } = maker;
  if (!random.chance(0.3)) return '';
  const key = random.chance(0.8) ? 'id' : random.pick(relation.columns).name;
  if (random.chance(0.4)) return random.pick([' ON CONFLICT DO NOTHING', ` ON CONFLICT (${key}) DO NOTHING`]);
  const column = random.pick(chosen(maker, relation));
  const value = random.chance(0.3) ? `excluded.${column.name}` : expression(maker, column.type, scope, 1);
  const where = random.chance(0.3) ? ` WHERE ${expression(maker, 'bool', scope, 1)}` : '';
  return ` ON CONFLICT (${key}) DO UPDATE SET ${column.name} = ${value}${where}`;
}

function update(maker: Maker, relation: Relation): string {
  const { random } = maker;
  const alias = maker.fresh('u');
  const { scope: own } = scopeOf(relation, alias);
  let from = '';
  let scope = own;
  if (random.chance(0.3)) {
    const other = maker.fresh('q');
    const sub = query(maker, EMPTY_SCOPE, 1, null, true);
    from = ` FROM (${sub.sql}) AS ${other}`;
    scope = { ...own, items: [...own.items, { alias: other, columns: sub.columns, whole: true }] };
  }
  const set = chosen(maker, relation).map((column) => `${column.name} = ${valueFor(maker, column, scope)}`);
  return `UPDATE ${nameOf(relation)} AS ${alias} SET ${set.join(', ')}${from}${where(maker, scope)}${returning(maker, relation, scope)}`;
}

/** A change that fails at a row: what a server says of it shows that row whole. */
function violating(maker: Maker, relation: Relation): string {
  const { random } = maker;
  if (!settable(relation).some(({ name }) => name === 'id')) return update(maker, relation);
  const alias = maker.fresh('u');
  const { scope } = scopeOf(relation, alias);
  return `UPDATE ${nameOf(relation)} AS ${alias} SET id = NULL WHERE ${alias}.id = ${random.int(1, 12)}${returning(maker, relation, scope)}`;
}

function valueFor(maker: Maker, column: Column, scope: Scope): string {
  if (maker.random.chance(0.5))
    return `${expression(maker, column.type, EMPTY_SCOPE, 1)}::${SQL_NAME[column.type]}`;
  return `(${expression(maker, column.type, scope, 1)})::${SQL_NAME[column.type]}`;
}

function where(maker: Maker, scope: Scope): string {
  const { random } = maker;
  if (random.chance(0.25)) return '';
  if (random.chance(0.35))
    return ` WHERE ${scope.items[0]?.alias}.id ${random.pick(['=', '<', '>'])} ${random.int(1, 12)}`;
  return ` WHERE ${expression(maker, 'bool', scope, 2)}`;
}

function remove(maker: Maker, relation: Relation): string {
  const { random } = maker;
  const alias = maker.fresh('d');
  const { scope } = scopeOf(relation, alias);
  const using = random.chance(0.25)
    ? ` USING (${query(maker, EMPTY_SCOPE, 1, ['int', 'text'], true).sql}) AS s (i, t)`
    : '';
  const items =
    using === ''
      ? scope.items
      : [
          ...scope.items,
          {
            alias: 's',
            columns: [
              { name: 'i', type: 'int' as const },
              { name: 't', type: 'text' as const },
            ],
            whole: true,
          },
        ];
  const wide: Scope = { ...scope, items };
  return `DELETE FROM ${nameOf(relation)} AS ${alias}${using}${where(maker, wide)}${returning(maker, relation, wide)}`;
}

function merge(maker: Maker, relation: Relation): string {
  const { random } = maker;
  const alias = maker.fresh('m');
  const { scope } = scopeOf(relation, alias);
  const from = maker.fresh('s');
  const [number, text] = [maker.fresh('i'), maker.fresh('t')];
  const source = `(${query(maker, EMPTY_SCOPE, 1, ['int', 'text'], true).sql}) AS ${from} (${number}, ${text})`;
  const offered: Item = {
    alias: from,
    columns: [
      { name: number, type: 'int' },
      { name: text, type: 'text' },
    ],
    whole: true,
  };
  const both: Scope = { ...scope, items: [...scope.items, offered] };
  const column = random.pick(chosen(maker, relation));
  const condition = random.chance(0.3) ? ` AND ${expression(maker, 'bool', both, 1)}` : '';
  const matched = random.pick([
    `UPDATE SET ${column.name} = ${valueFor(maker, column, both)}`,
    'DELETE',
    'DO NOTHING',
  ]);
  const missing = random.chance(0.5) ? missingFrom(maker, offered) : '';
  const lone = random.chance(0.2) ? unmatchedBySource(maker, scope, column) : '';
  const returned = random.chance(0.3) ? returning(maker, relation, both) : '';
  return `MERGE INTO ${nameOf(relation)} AS ${alias} USING ${source} ON ${alias}.id = ${from}.${number} WHEN MATCHED${condition} THEN ${matched}${missing}${lone}${returned}`;
}

/** What the source alone has: its names are all that are in reach. */
function missingFrom(maker: Maker, source: Item): string {
  const scope: Scope = { ...EMPTY_SCOPE, items: [source] };
  const condition = maker.random.chance(0.3) ? ` AND ${expression(maker, 'bool', scope, 1)}` : '';
  return ` WHEN NOT MATCHED${condition} THEN INSERT (id) VALUES (${source.alias}.${source.columns[0]?.name} + 100)`;
}

/** What the target alone has: since PostgreSQL 17. */
function unmatchedBySource(maker: Maker, scope: Scope, column: Column): string {
  const { random } = maker;
  const condition = random.chance(0.5) ? ` AND ${expression(maker, 'bool', scope, 1)}` : '';
  const act = random.pick([
    'DELETE',
    'DO NOTHING',
    `UPDATE SET ${column.name} = ${valueFor(maker, column, scope)}`,
  ]);
  return ` WHEN NOT MATCHED BY SOURCE${condition} THEN ${act}`;
}
