import { expression, filled } from './expressions.ts';
import type { Item, Maker, Named, Scope } from './maker.ts';
import { query } from './queries.ts';
import { nameOf, type Relation } from './schema.ts';
import { COMPARABLE, type Type } from './types.ts';

type From = { text: string; items: Item[] };

/** FROM without the word: one to three things, listed or joined. */
export function fromItems(maker: Maker, around: Scope, depth: number): From {
  const { random } = maker;
  const first = single(maker, around, depth);
  const more = random.weighted([
    [depth > 0 ? 5 : 8, 0],
    [4, 1],
    [depth > 1 ? 1 : 0, 2],
  ]);
  let from = first;
  for (let count = 0; count < more; count += 1) from = extended(maker, around, from, depth);
  return from;
}

function extended(maker: Maker, around: Scope, left: From, depth: number): From {
  const { random } = maker;
  const inReach: Scope = { ...around, items: left.items };
  if (random.chance(0.12)) return lateral(maker, around, left, depth);
  const right = single(maker, around, depth - 1);
  const items = [...left.items, ...right.items];
  const both: Scope = { ...around, items };
  const kind = random.weighted([
    [2, 'list'],
    [5, 'JOIN'],
    [4, 'LEFT JOIN'],
    [2, 'RIGHT JOIN'],
    [2, 'FULL JOIN'],
    [1, 'CROSS JOIN'],
    [2, 'using'],
  ]);
  if (kind === 'list') return { text: `${left.text}, ${right.text}`, items };
  if (kind === 'CROSS JOIN') return { text: `${left.text} CROSS JOIN ${right.text}`, items };
  const shared = sharedName(inReach, right.items);
  if (kind === 'using' && shared !== null) {
    const text = `${left.text} ${random.pick(['JOIN', 'LEFT JOIN', 'FULL JOIN'])} ${right.text} USING (${shared})`;
    return random.chance(0.2) ? merged(maker, { text, items }, shared) : { text, items };
  }
  const join = kind === 'using' ? 'JOIN' : kind;
  const text = `${left.text} ${join} ${right.text} ON ${joinCondition(maker, both, left, right, join)}`;
  return random.chance(0.05) ? hidden(maker, { text, items }) : { text, items };
}

/** An alias of what USING merges, beside those of both sides. */
function merged(maker: Maker, { text, items }: From, shared: string): From {
  const alias = maker.fresh('j');
  const columns = items.flatMap((item) => item.columns).filter(({ name }) => name === shared);
  return {
    text: `${text} AS ${alias}`,
    items: [...items, { alias, columns: columns.slice(0, 1), whole: true }],
  };
}

/** A join with an alias of its own, which hides those of its sides. */
function hidden(maker: Maker, { text, items }: From): From {
  const alias = maker.fresh('j');
  const all = items.flatMap((item) => item.columns);
  const columns = all.filter(({ name }) => all.filter((other) => other.name === name).length === 1);
  return { text: `(${text}) AS ${alias}`, items: [{ alias, columns, whole: true }] };
}

/** FULL JOIN takes nothing but equalities that can be merged or hashed. */
function joinCondition(maker: Maker, both: Scope, left: From, right: From, join: string): string {
  const { random } = maker;
  const pairs = left.items.flatMap((mine) =>
    mine.columns.flatMap((column) =>
      right.items.flatMap((other) =>
        other.columns
          .filter(({ type }) => type === column.type && COMPARABLE.includes(type))
          .map(({ name }) => `${mine.alias}.${column.name} = ${other.alias}.${name}`),
      ),
    ),
  );
  if (pairs.length > 0 && (join === 'FULL JOIN' || random.chance(0.7))) return random.pick(pairs);
  return join === 'FULL JOIN' ? 'true' : expression(maker, 'bool', both, 1);
}

function sharedName(left: Scope, right: readonly Item[]): string | null {
  const names = left.items.flatMap((item) => item.columns);
  for (const { columns } of right) {
    for (const { name, type } of columns) {
      const same = names.filter((column) => column.name === name);
      const twice = columns.filter((column) => column.name === name).length > 1;
      if (same.length === 1 && same[0]?.type === type && !twice && COMPARABLE.includes(type)) return name;
    }
  }
  return null;
}

function lateral(maker: Maker, around: Scope, left: From, depth: number): From {
  const alias = maker.fresh('l');
  const inner: Scope = { items: [], outer: { ...around, items: left.items }, ctes: around.ctes };
  const sub = query(maker, inner, Math.min(1, depth - 1), null, true);
  const join = maker.random.pick([
    `, LATERAL (${sub.sql}) AS ${alias}`,
    ` LEFT JOIN LATERAL (${sub.sql}) AS ${alias} ON true`,
  ]);
  return {
    text: `${left.text}${join}`,
    items: [...left.items, { alias, columns: sub.columns, whole: true }],
  };
}

function single(maker: Maker, around: Scope, depth: number): From {
  const { random } = maker;
  const kind = random.weighted<'governed' | 'table' | 'view' | 'query' | 'cte' | 'function' | 'values'>([
    [40, 'governed'],
    [12, 'table'],
    [14, 'view'],
    [depth > 0 ? 14 : 0, 'query'],
    [around.ctes.length > 0 ? 40 : 0, 'cte'],
    [8, 'function'],
    [2, 'values'],
  ]);
  switch (kind) {
    case 'governed':
      return relation(
        maker,
        around,
        random.pick(
          random.weighted([
            [9, maker.schema.governedTables.filter(({ name }) => name === 'customers')],
            [4, maker.schema.filteredTables],
            [9, maker.schema.governedTables],
          ]),
        ),
      );
    case 'table':
      return relation(maker, around, random.pick(maker.schema.tables));
    case 'view':
      return relation(
        maker,
        around,
        random.pick(maker.schema.relations.filter((one) => one.kind === 'view')),
      );
    case 'query': {
      const alias = maker.fresh('q');
      const sub = query(maker, around, depth - 1, null, true);
      return { text: `(${sub.sql}) AS ${alias}`, items: [{ alias, columns: sub.columns, whole: true }] };
    }
    case 'cte': {
      const cte = random.pick(around.ctes);
      const alias = maker.fresh('e');
      return { text: `${cte.name} AS ${alias}`, items: [{ alias, columns: cte.columns, whole: true }] };
    }
    case 'function':
      return setReturning(maker, around, depth);
    case 'values': {
      const alias = maker.fresh('v');
      return {
        text: `(VALUES (1, 'a'), (2, 'b'), (3, NULL)) AS ${alias} (x, y)`,
        items: [
          {
            alias,
            columns: [
              { name: 'x', type: 'int' },
              { name: 'y', type: 'text' },
            ],
            whole: true,
          },
        ],
      };
    }
  }
}

function relation(maker: Maker, around: Scope, found: Relation): From {
  const { random } = maker;
  const columns: readonly Named[] = found.columns;
  const isTable = found.kind !== 'view';
  const isHidden = around.ctes.some((cte) => cte.name === found.name);
  const name = random.chance(isHidden ? 0.95 : 0.3) || found.schema !== 'public' ? nameOf(found) : found.name;
  const only = isTable && random.chance(0.05) ? 'ONLY ' : '';
  const sampled = isTable && random.chance(0.01) ? ' TABLESAMPLE bernoulli (50) REPEATABLE (7)' : '';
  if (maker.shadows && random.chance(0.3))
    return { text: `${only}${name}${sampled}`, items: [{ alias: found.name, columns, whole: true }] };
  const alias = maker.fresh('t');
  if (random.chance(maker.shadows ? 0.3 : 0.08)) {
    const renamed = columns.slice(0, 3).map((column) => ({ ...column, name: maker.fresh('x') }));
    const all = [...renamed, ...columns.slice(3)];
    const list = renamed.map((column) => column.name).join(', ');
    return { text: `${only}${name} AS ${alias} (${list})`, items: [{ alias, columns: all, whole: true }] };
  }
  return { text: `${only}${name} AS ${alias}${sampled}`, items: [{ alias, columns, whole: true }] };
}

const FUNCTIONS: ReadonlyArray<
  readonly [template: string, columns: ReadonlyArray<readonly [string, Type]>, whole: boolean]
> = [
  ['generate_series(1, {n}) AS @ (g)', [['g', 'int']], false],
  ['generate_series(1, coalesce({int} % 5, 2)) AS @ (g)', [['g', 'int']], false],
  [
    'unnest({texts}) WITH ORDINALITY AS @ (u, o)',
    [
      ['u', 'text'],
      ['o', 'int'],
    ],
    true,
  ],
  [
    'unnest({texts}, {texts}) AS @ (u, v)',
    [
      ['u', 'text'],
      ['v', 'text'],
    ],
    true,
  ],
  [
    "jsonb_each_text(CASE WHEN jsonb_typeof({jsonb}) = 'object' THEN {jsonb} ELSE '{}' END) AS @ (key, value)",
    [
      ['key', 'text'],
      ['value', 'text'],
    ],
    false,
  ],
  ["jsonb_path_query({jsonb}, '$.*') AS @ (j)", [['j', 'jsonb']], false],
  [
    'jsonb_to_record({jsonb}) AS @ (k text, n int)',
    [
      ['k', 'text'],
      ['n', 'int'],
    ],
    false,
  ],
  ["regexp_split_to_table({text}, '-') AS @ (p)", [['p', 'text']], false],
  ["string_to_table({text}, 'a') AS @ (p)", [['p', 'text']], false],
  [
    "JSON_TABLE({jsonb}, '$' COLUMNS (k text PATH '$.k', a text PATH '$.deep.a')) AS @",
    [
      ['k', 'text'],
      ['a', 'text'],
    ],
    true,
  ],
  ["XMLTABLE('//b' PASSING {xml} COLUMNS b text PATH '.') AS @", [['b', 'text']], true],
  [
    'ROWS FROM (generate_series(1, 3), unnest({texts})) AS @ (a, b)',
    [
      ['a', 'int'],
      ['b', 'text'],
    ],
    true,
  ],
];

function setReturning(maker: Maker, around: Scope, depth: number): From {
  const [template, columns, whole] = maker.random.pick(FUNCTIONS);
  const alias = maker.fresh('f');
  // Its arguments see what is around the query, and sub-queries of their own.
  const scope: Scope = { items: [], outer: around.outer, ctes: around.ctes };
  const [only] = columns;
  // A function with a value of no columns gives its one column the name of its alias.
  const isBare = maker.shadows && only !== undefined && template.endsWith(` AS @ (${only[0]})`);
  const named = isBare ? [{ name: alias, type: only[1] }] : columns.map(([name, type]) => ({ name, type }));
  const call = isBare ? template.slice(0, -` (${only[0]})`.length) : template;
  const text = filled(maker, call, scope, Math.max(depth, 1)).replaceAll('@', alias);
  return { text, items: [{ alias, columns: named, whole }] };
}
