import { aggregate, expression, someType, windowed, windowedTypes } from './expressions.ts';
import { fromItems } from './from.ts';
import { type Cte, EMPTY_SCOPE, type Item, type Maker, type Named, type Scope } from './maker.ts';
import { COMPARABLE, SQL_NAME, type Type } from './types.ts';

export type Query = { sql: string; columns: readonly Named[] };

/** A query by itself, of any shape. */
export function topQuery(maker: Maker): Query {
  const { random } = maker;
  const depth = random.weighted([
    [3, 1],
    [5, 2],
    [2, 3],
  ]);
  if (random.chance(0.08)) return withStars(maker, depth);
  return query(maker, EMPTY_SCOPE, depth, null);
}

/** A sub-query with one column and one row. */
export function oneRow(maker: Maker, type: Type, scope: Scope, depth: number): string {
  if (depth < 0) return `(SELECT ${expression(maker, type, scope, 0)})`;
  const sub = query(maker, { ...scope, items: [], outer: scope }, Math.min(depth, 1), [type], true);
  const column = maker.fresh('x');
  return `(SELECT ${column} FROM (${sub.sql}) AS ${maker.fresh('o')} (${column}) LIMIT 1)`;
}

/** A sub-query with one column and many rows, without its parentheses. */
export function allRows(maker: Maker, type: Type, scope: Scope, depth: number): string {
  return query(maker, { ...scope, items: [], outer: scope }, Math.max(0, Math.min(depth, 1)), [type], true)
    .sql;
}

export function anyRows(maker: Maker, scope: Scope, depth: number): string {
  const inner: Scope = { ...scope, items: [], outer: scope };
  const { text, items } = fromItems(maker, inner, Math.max(0, Math.min(depth, 1)));
  const own: Scope = { ...inner, items };
  return `SELECT ${maker.random.pick(['', '1', '*'])} FROM ${text} WHERE ${expression(maker, 'bool', own, 1)}`;
}

/** A query with columns of these types, or of any; `simple` leaves WITH and set operations out. */
export function query(
  maker: Maker,
  around: Scope,
  depth: number,
  wanted: readonly Type[] | null,
  simple = false,
): Query {
  const { random } = maker;
  const shape = random.weighted<'plain' | 'grouped' | 'windowed' | 'set' | 'values' | 'with'>([
    [46, 'plain'],
    [20, 'grouped'],
    [10, 'windowed'],
    [simple || depth < 1 ? 0 : 9, 'set'],
    [2, 'values'],
    [simple || depth < 1 ? 0 : 10, 'with'],
  ]);
  switch (shape) {
    case 'plain':
      return plain(maker, around, depth, wanted);
    case 'grouped':
      return grouped(maker, around, depth, wanted);
    case 'windowed':
      return overWindows(maker, around, depth, wanted);
    case 'set':
      return setOperation(maker, around, depth, wanted);
    case 'values':
      return values(maker, around, depth, wanted);
    case 'with':
      return withClause(maker, around, depth, wanted);
  }
}

type Output = { sql: string; type: Type; name: string };

function listed(outputs: readonly Output[]): string {
  return outputs.map(({ sql, name }) => `${sql} AS ${name}`).join(', ');
}

function columnsOf(outputs: readonly Output[]): Named[] {
  return outputs.map(({ name, type }) => ({ name, type }));
}

/** Types to give: the wanted ones, or some of what is in reach. */
function typesFor(maker: Maker, wanted: readonly Type[] | null, scope: Scope, comparable: boolean): Type[] {
  if (wanted !== null) return [...wanted];
  return maker.random.several(1, 4, () => someType(maker, scope, comparable));
}

function plain(maker: Maker, around: Scope, depth: number, wanted: readonly Type[] | null): Query {
  const { random } = maker;
  const { text, items } = fromItems(maker, around, depth);
  const scope: Scope = { ...around, items };
  const distinct = random.chance(0.12);
  const outputs = typesFor(maker, wanted, scope, distinct).map((type) => ({
    sql: expression(maker, type, scope, depth),
    type,
    name: maker.fresh('c'),
  }));
  let head = 'SELECT ';
  let order = tail(maker, scope, outputs, depth);
  if (distinct && outputs.every(({ type }) => COMPARABLE.includes(type))) {
    if (random.chance(0.3)) {
      const on = expression(maker, someType(maker, scope, true), scope, 1);
      head += `DISTINCT ON (${on}) `;
      order = random.chance(0.5) ? ` ORDER BY ${on}${direction(maker)}` : '';
    } else {
      head += 'DISTINCT ';
      order = random.chance(0.5) ? ` ORDER BY ${random.int(1, outputs.length)}${direction(maker)}` : '';
    }
  }
  const lock = !distinct && wanted === null && random.chance(0.02) ? ' FOR SHARE' : '';
  const sql = `${head}${listed(outputs)} FROM ${text}${where(maker, scope, depth)}${order}${limit(maker)}${lock}`;
  return { sql, columns: columnsOf(outputs) };
}

function where(maker: Maker, scope: Scope, depth: number): string {
  if (!maker.random.chance(0.6)) return '';
  return ` WHERE ${expression(maker, 'bool', scope, depth)}`;
}

const DIRECTIONS = ['', ' DESC', ' NULLS FIRST', ' DESC NULLS LAST', ' USING <'];

function direction(maker: Maker): string {
  return maker.random.pick(DIRECTIONS);
}

function tail(maker: Maker, scope: Scope, outputs: readonly Output[], depth: number): string {
  const { random } = maker;
  if (!random.chance(0.4)) return '';
  const keys = random.several(1, 2, () => {
    const at = random.int(0, outputs.length - 1);
    const output = outputs[at];
    if (random.chance(0.4) && output !== undefined && COMPARABLE.includes(output.type))
      return `${at + 1}${direction(maker)}`;
    // A bare constant would be a position.
    return `coalesce(${expression(maker, someType(maker, scope, true), scope, depth)})${direction(maker)}`;
  });
  return ` ORDER BY ${keys.join(', ')}`;
}

/** Follows ORDER BY or nothing. */
function limit(maker: Maker): string {
  const { random } = maker;
  if (!random.chance(0.25)) return '';
  return random.weighted([
    [6, ` LIMIT ${random.int(0, 9)}`],
    [2, ` OFFSET ${random.int(0, 4)}`],
    [2, ` LIMIT ${random.int(1, 5)} OFFSET ${random.int(0, 3)}`],
    [2, ` FETCH FIRST ${random.int(1, 4)} ROWS ONLY`],
    [1, ' LIMIT (SELECT max(score) % 5 FROM customers)'],
    [1, ' OFFSET (SELECT count(*) FROM customers WHERE score > 20) % 4'],
  ]);
}

function grouped(maker: Maker, around: Scope, depth: number, wanted: readonly Type[] | null): Query {
  const { random } = maker;
  const { text, items } = fromItems(maker, around, depth);
  const scope: Scope = { ...around, items };
  const keys = random.several(0, 2, (): Output => {
    const type = someType(maker, scope, true);
    return { sql: `coalesce(${expression(maker, type, scope, depth - 1)})`, type, name: maker.fresh('g') };
  });
  const group = keys[0]?.sql ?? null;
  const sums = typesFor(maker, wanted, scope, false).map((type): Output => {
    const key = keys.find((entry) => entry.type === type);
    const sql =
      key !== undefined && random.chance(0.3) ? key.sql : aggregate(maker, type, scope, group, depth - 1);
    return { sql, type, name: maker.fresh('c') };
  });
  const outputs = wanted === null ? [...keys, ...sums] : sums;
  const by = keys.map(({ sql }) => sql);
  const groupBy =
    by.length === 0
      ? ''
      : ` GROUP BY ${random.weighted([
          [10, by.join(', ')],
          [1, `ROLLUP (${by.join(', ')})`],
          [1, `CUBE (${by.join(', ')})`],
          [1, `GROUPING SETS ((${by.join(', ')}), ())`],
          [1, `DISTINCT ${by.join(', ')}`],
        ])}`;
  const having = random.chance(0.2) ? ` HAVING ${aggregate(maker, 'bool', scope, group, 1)}` : '';
  const order = random.chance(0.4) && outputs.length > 0 ? ` ORDER BY ${orderable(maker, outputs)}` : '';
  const sql = `SELECT ${listed(outputs)} FROM ${text}${where(maker, scope, depth)}${groupBy}${having}${order}${limit(maker)}`;
  return { sql, columns: columnsOf(outputs) };
}

function orderable(maker: Maker, outputs: readonly Output[]): string {
  const at = outputs.findIndex(({ type }) => COMPARABLE.includes(type));
  return at < 0 ? 'count(*)' : `${at + 1}${direction(maker)}`;
}

const FRAMES = [
  '',
  '',
  ' ROWS BETWEEN 1 PRECEDING AND CURRENT ROW',
  ' ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
  ' GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES',
];

function overWindows(maker: Maker, around: Scope, depth: number, wanted: readonly Type[] | null): Query {
  const { random } = maker;
  const { text, items } = fromItems(maker, around, depth);
  const scope: Scope = { ...around, items };
  const partition = random.chance(0.5)
    ? `PARTITION BY ${expression(maker, someType(maker, scope, true), scope, 1)} `
    : '';
  const sort = `ORDER BY ${expression(maker, someType(maker, scope, true), scope, 1)}${random.pick(DIRECTIONS.slice(0, 4))}`;
  const spec = `(${partition}${sort}${random.pick(FRAMES)})`;
  const isNamed = random.chance(0.3);
  const types = wanted ?? random.several(1, 3, () => random.pick(windowedTypes()));
  const outputs = types.map((type): Output => {
    const name = maker.fresh('c');
    if (!windowedTypes().includes(type)) return { sql: expression(maker, type, scope, depth), type, name };
    return { sql: windowed(maker, type, scope, isNamed ? 'w' : spec, depth - 1), type, name };
  });
  const clause = isNamed ? ` WINDOW w AS ${spec}` : '';
  const sql = `SELECT ${listed(outputs)} FROM ${text}${where(maker, scope, depth)}${clause}${tail(maker, scope, outputs, 1)}${limit(maker)}`;
  return { sql, columns: columnsOf(outputs) };
}

const SET_OPERATIONS = ['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'EXCEPT ALL', 'INTERSECT ALL'];

function setOperation(maker: Maker, around: Scope, depth: number, wanted: readonly Type[] | null): Query {
  const { random } = maker;
  const types = wanted ?? random.several(1, 3, () => random.pick(COMPARABLE));
  const fit = types.every((type) => COMPARABLE.includes(type));
  const operation = fit ? random.pick(SET_OPERATIONS) : 'UNION ALL';
  const left = query(maker, around, depth - 1, types, true);
  const right = query(maker, around, depth - 1, types, true);
  const sql = `(${left.sql}) ${operation} (${right.sql})`;
  const order = fit && random.chance(0.4) ? ` ORDER BY 1${direction(maker)}` : '';
  return { sql: `${sql}${order}${limit(maker)}`, columns: left.columns };
}

function values(maker: Maker, around: Scope, depth: number, wanted: readonly Type[] | null): Query {
  const { random } = maker;
  const types = wanted ?? random.several(1, 3, () => random.pick(COMPARABLE));
  const row = () =>
    `(${types.map((type) => `${expression(maker, type, around, depth)}::${SQL_NAME[type]}`).join(', ')})`;
  const rows = random.several(1, 3, row);
  return {
    sql: `VALUES ${rows.join(', ')}`,
    columns: types.map((type, index) => ({ name: `column${index + 1}`, type })),
  };
}

function withClause(maker: Maker, around: Scope, depth: number, wanted: readonly Type[] | null): Query {
  const { random } = maker;
  const ctes: Cte[] = [];
  const texts: string[] = [];
  const isRecursive = random.chance(0.15);
  for (let count = random.int(1, 2); count > 0; count -= 1) {
    const name = random.chance(0.15) ? 'customers' : maker.fresh('w');
    if (ctes.some((cte) => cte.name === name)) continue;
    const inner = query(maker, { ...around, ctes: [...around.ctes, ...ctes] }, depth - 1, null, true);
    const columns = inner.columns.map((column) => ({ ...column, name: maker.fresh('k') }));
    const kept = random.pick(['', '', ' MATERIALIZED', ' NOT MATERIALIZED']);
    texts.push(`${name} (${columns.map((column) => column.name).join(', ')}) AS${kept} (${inner.sql})`);
    ctes.push({ name, columns });
  }
  if (isRecursive) {
    const name = maker.fresh('r');
    const seed = query(maker, { ...around, ctes: [...around.ctes, ...ctes] }, 0, ['text'], true);
    texts.push(
      `${name} (i, s) AS (SELECT 1, x.* FROM (${seed.sql}) AS x UNION ALL SELECT i + 1, upper(s) FROM ${name} WHERE i < 3)`,
    );
    ctes.push({
      name,
      columns: [
        { name: 'i', type: 'int' },
        { name: 's', type: 'text' },
      ],
    });
  }
  const body = query(maker, { ...around, ctes: [...around.ctes, ...ctes] }, depth - 1, wanted, true);
  return {
    sql: `WITH ${isRecursive ? 'RECURSIVE ' : ''}${texts.join(', ')} ${body.sql}`,
    columns: body.columns,
  };
}

/** `*`, `x.*`, whole rows and TABLE: shapes that name no column. */
function withStars(maker: Maker, depth: number): Query {
  const { random } = maker;
  if (random.chance(0.1)) {
    const relation = random.pick(maker.schema.relations);
    return { sql: `TABLE ${relation.schema}.${relation.name}`, columns: [] };
  }
  const { text, items } = fromItems(maker, EMPTY_SCOPE, Math.min(depth, 1));
  const scope: Scope = { ...EMPTY_SCOPE, items };
  const item: Item | undefined = items[0];
  const list = random.pick([
    '*',
    `${item?.alias}.*`,
    `${item?.alias}`,
    `(${item?.alias}).*`,
    `${item?.alias}.*::text`,
    `row_to_json(${item?.alias})`,
  ]);
  return { sql: `SELECT ${list} FROM ${text}${where(maker, scope, depth)}${limit(maker)}`, columns: [] };
}
