import { change } from './changes.ts';
import { Maker } from './maker.ts';
import { topQuery } from './queries.ts';
import type { Random } from './random.ts';
import type { Schema } from './schema.ts';
import {
  closeNamed,
  copyIn,
  executeNamed,
  frame,
  portal,
  prepareNamed,
  type Script,
  type Step,
  simple,
  unnamed,
} from './script.ts';
import { definition, sideDoor } from './side-doors.ts';

/** One case: statements that belong together, and that leave masked tables and the session as they found them. */
export function makeCase(random: Random, schema: Schema): Script {
  const make = random.weighted<(maker: Maker) => Script>([
    [22, asSimple],
    [6, asSeveral],
    [14, asUnnamed],
    [7, asNamed],
    [6, asPortal],
    [6, asCursor],
    [7, asCopy],
    [6, asPrepared],
    [3, asExplained],
    [0.3, asKept],
    [9, asChange],
    [1.5, asKeptChange],
    [14, asSideDoor],
    [0.5, asDefinition],
    [0.5, underAnotherPolicy],
    [0.25, underOthersChanges],
  ]);
  return make(new Maker(random, schema));
}

function asSimple(maker: Maker): Script {
  return [simple(topQuery(maker).sql)];
}

function asSeveral(maker: Maker): Script {
  const texts = maker.random.several(2, 3, () => topQuery(maker).sql);
  return [simple(texts.join('; '), 'several in one', texts.length)];
}

function withParameters(maker: Maker): { text: string; parameters: string[] } {
  maker.parameters = [];
  const text = topQuery(maker).sql;
  const { parameters } = maker;
  maker.parameters = null;
  return { text, parameters };
}

function asUnnamed(maker: Maker): Script {
  const { text, parameters } = withParameters(maker);
  return [unnamed(text, parameters, maker.random.chance(0.5))];
}

/** Prepared once, executed again after something of the session has changed. */
function asNamed(maker: Maker): Script {
  const { random } = maker;
  const { text, parameters } = withParameters(maker);
  const run = () => executeNamed('s', text, parameters, random.chance(0.3));
  const between = random.weighted<Script>([
    [40, []],
    [5, [frame('SET search_path = other, public')]],
    [5, [frame('SET statement_timeout = 5000')]],
    [
      1,
      [
        frame('BEGIN'),
        simple('CREATE OR REPLACE VIEW directory AS SELECT id, name, email FROM customers', 'change'),
        frame('ROLLBACK'),
      ],
    ],
    [1, [{ kind: 'policy', variant: 1 }]],
    [1, [frame('CREATE TEMP TABLE orders (id int)')]],
  ]);
  const undo: Step[] = [
    frame('RESET search_path'),
    ...(between.some((step) => step.kind === 'ask' && step.text.includes('TEMP'))
      ? [frame('DROP TABLE pg_temp.orders')]
      : []),
    { kind: 'policy', variant: 0 },
  ];
  return [
    prepareNamed('s', text),
    run(),
    run(),
    ...between,
    run(),
    closeNamed('s'),
    ...(between.length > 0 ? undo : []),
  ];
}

function asPortal(maker: Maker): Script {
  const { text, parameters } = withParameters(maker);
  return [
    portal(
      text,
      parameters,
      maker.random.several(1, 4, () => maker.random.int(1, 6)),
    ),
  ];
}

const FETCHES = [
  'FETCH 3',
  'FETCH ALL',
  'MOVE 2',
  'FETCH RELATIVE 1',
  'FETCH ABSOLUTE 2',
  'FETCH BACKWARD 2',
  'FETCH PRIOR',
  'FETCH LAST',
  'MOVE ALL',
  'FETCH 0',
];

function asCursor(maker: Maker): Script {
  const { random } = maker;
  const kind = random.pick(['', ' SCROLL', ' NO SCROLL', ' INSENSITIVE', ' BINARY']);
  const { sql } = topQuery(maker);
  const held = random.chance(0.2);
  const declare = simple(`DECLARE k${kind} CURSOR${held ? ' WITH HOLD' : ''} FOR ${sql}`, 'cursor');
  const fetches = random.several(1, 3, () => simple(`${random.pick(FETCHES)} FROM k`, 'cursor'));
  if (held) return [frame('BEGIN'), declare, frame('COMMIT'), ...fetches, frame('CLOSE ALL')];
  return [frame('BEGIN'), declare, ...fetches, simple('CLOSE k', 'session', 0), frame('ROLLBACK')];
}

const FORMATS = [
  '',
  '',
  ' (FORMAT csv, HEADER)',
  ' (FORMAT binary)',
  " (FORMAT csv, FORCE_QUOTE *, NULL 'none')",
  " (DELIMITER '|')",
];

function asCopy(maker: Maker): Script {
  const { random } = maker;
  if (random.chance(0.1)) return copyFrom(maker);
  return [simple(`COPY (${topQuery(maker).sql}) TO STDOUT${random.pick(FORMATS)}`, 'copy')];
}

function copyFrom({ random }: Maker): Script {
  const [text, data] = random.pick<readonly [string, string]>([
    ['COPY jots (v, n) FROM STDIN', 'one\t1\ntwo\t2\n'],
    ['COPY jots (v, n) FROM STDIN (FORMAT csv)', 'one,1\n"two",x\n'],
    ['COPY customers (id, name, active) FROM STDIN', '90\tninety\tt\n'],
    ['COPY customers (id, name, active, email) FROM STDIN', '90\tninety\tt\tanna1@two.example\n'],
    ['COPY mailing (address, topic) FROM STDIN', 'bartholomew.99@two.example\tprobe\n'],
    ['COPY plain (id, v) FROM STDIN WHERE id > 50', '50\tx\n51\ty\n'],
    ['COPY pay (id, bonus) FROM STDIN', '20\t3\n'],
  ]);
  return [frame('BEGIN'), copyIn(text, data), frame('ROLLBACK')];
}

function asPrepared(maker: Maker): Script {
  const { random } = maker;
  const { text, parameters } = withParameters(maker);
  const list =
    parameters.length === 0
      ? ''
      : `(${parameters.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')})`;
  const run = (): Step => {
    const execute = `EXECUTE s${list}`;
    return simple(random.chance(0.1) ? `EXPLAIN (COSTS OFF) ${execute}` : execute, 'prepare');
  };
  const between = random.chance(0.4)
    ? [
        simple(
          random.pick([
            'SET plan_cache_mode = force_generic_plan',
            'SET search_path = other, public',
            'DISCARD PLANS',
          ]),
          'session',
          0,
        ),
      ]
    : [];
  return [
    simple(`PREPARE s AS ${text}`, 'prepare'),
    run(),
    ...between,
    run(),
    frame('DEALLOCATE ALL'),
    frame('RESET ALL'),
  ];
}

const EXPLAINS = [
  'EXPLAIN',
  'EXPLAIN (COSTS OFF)',
  'EXPLAIN (VERBOSE)',
  'EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, BUFFERS OFF)',
  'EXPLAIN (FORMAT JSON)',
  'EXPLAIN (SETTINGS, FORMAT YAML)',
];

function asExplained(maker: Maker): Script {
  return [simple(`${maker.random.pick(EXPLAINS)} ${topQuery(maker).sql}`, 'explain')];
}

/** What a query gives is kept, in a table or as a view, and read from there. */
function asKept(maker: Maker): Script {
  const { random } = maker;
  const { sql } = topQuery(maker);
  const make = random.pick([
    'CREATE TEMP TABLE kept AS',
    'CREATE TABLE kept AS',
    'CREATE VIEW kept AS',
    'CREATE TEMP VIEW kept AS',
    'CREATE MATERIALIZED VIEW kept AS',
  ]);
  const read = random.pick([
    'SELECT * FROM kept',
    'SELECT count(*) FROM kept',
    'SELECT kept::text FROM kept',
    'COPY (SELECT * FROM kept) TO STDOUT',
    'SELECT to_jsonb(kept) FROM kept LIMIT 3',
  ]);
  return [frame('BEGIN'), simple(`${make} ${sql}`, 'kept'), simple(read, 'kept'), frame('ROLLBACK')];
}

function asChange(maker: Maker): Script {
  const { random } = maker;
  const steps: Step[] = [frame('BEGIN')];
  for (let count = random.int(1, 3); count > 0; count -= 1) {
    const guarded = random.chance(0.6);
    if (guarded) steps.push(frame('SAVEPOINT p'));
    if (random.chance(0.25)) {
      maker.parameters = [];
      const text = change(maker);
      steps.push(unnamed(text, maker.parameters, false));
      maker.parameters = null;
    } else steps.push(simple(change(maker), 'change'));
    if (random.chance(0.4)) steps.push(simple(topQuery(maker).sql));
    if (guarded) steps.push(frame('ROLLBACK TO p'));
  }
  steps.push(frame('ROLLBACK'));
  return steps;
}

const KEPT_CHANGES = [
  "INSERT INTO jots (v, n) VALUES ('a', 1), ('b', 2) RETURNING *",
  'UPDATE plain SET n = n + 1 WHERE id % 2 = 0 RETURNING id, n',
  'UPDATE plain SET j = j || \'{"b": 1}\' WHERE id = 3 RETURNING j',
  'DELETE FROM jots WHERE id % 3 = 0 RETURNING id',
  "INSERT INTO plain (id, v) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET v = plain.v || 'y' RETURNING v",
  'WITH gone AS (DELETE FROM jots WHERE n = 2 RETURNING v) INSERT INTO jots (v) SELECT upper(v) FROM gone RETURNING id',
  'INSERT INTO jots (v, n) SELECT c.name, c.id FROM customers c WHERE c.score IS NULL RETURNING v',
  "SELECT nextval('counter')",
  'UPDATE jots SET v = 1 / (n - 1)',
];

/** Written to stay, in tables that hold nothing masked: later cases see it on both sides. */
function asKeptChange({ random }: Maker): Script {
  return random.several(1, 3, () => simple(random.pick(KEPT_CHANGES), 'change'));
}

function asSideDoor(maker: Maker): Script {
  return inTransaction(maker, sideDoor(maker));
}

function asDefinition(maker: Maker): Script {
  return inTransaction(maker, definition(maker));
}

function inTransaction({ random }: Maker, statements: readonly string[]): Script {
  const whole = random.chance(0.1);
  const steps = whole
    ? [simple(statements.join('; '), 'several in one', statements.length)]
    : statements.map((text) => (random.chance(0.2) ? unnamed(text, [], false) : simple(text, wayOf(text))));
  return [
    frame('BEGIN'),
    ...steps,
    frame('ROLLBACK'),
    frame('RESET ALL'),
    frame('DEALLOCATE ALL'),
    frame('UNLISTEN *'),
  ];
}

function wayOf(text: string) {
  if (text.startsWith('EXPLAIN')) return 'explain';
  if (text.startsWith('COPY')) return 'copy';
  if (text.startsWith('SET') || text.startsWith('RESET') || text.startsWith('SHOW')) return 'session';
  return /^(?:INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP)/.test(text) ? 'change' : 'simple';
}

function underAnotherPolicy(maker: Maker): Script {
  const queries = maker.random.several(1, 3, () => simple(topQuery(maker).sql));
  return [{ kind: 'policy', variant: 1 }, ...queries, { kind: 'policy', variant: 0 }];
}

/** What is made of other columns by somebody else, and what was there before. */
const OTHERS_CHANGES: ReadonlyArray<readonly [view: string, changed: string, back: string]> = [
  [
    'harmless',
    'CREATE OR REPLACE VIEW harmless AS SELECT id, ssn AS name, region FROM customers',
    'CREATE OR REPLACE VIEW harmless AS SELECT id, name, region FROM customers',
  ],
  [
    'safe_orders',
    'CREATE OR REPLACE VIEW safe_orders AS SELECT id, amount, coupon AS note FROM orders',
    'CREATE OR REPLACE VIEW safe_orders AS SELECT id, amount, note FROM orders',
  ],
  [
    'safe_orders',
    'CREATE OR REPLACE VIEW safe_orders AS SELECT id, amount, note FROM orders WHERE quantity > 20',
    'CREATE OR REPLACE VIEW safe_orders AS SELECT id, amount, note FROM orders',
  ],
  [
    'harmless',
    'CREATE OR REPLACE VIEW harmless AS SELECT id, said AS name, hours::text AS region FROM replies',
    'CREATE OR REPLACE VIEW harmless AS SELECT id, name, region FROM customers',
  ],
];

/** Prepared in every way there is, changed by somebody else, and used. */
function underOthersChanges({ random }: Maker): Script {
  const [view, changed, back] = random.pick(OTHERS_CHANGES);
  const text = random.pick([
    `SELECT * FROM ${view}`,
    `SELECT upper(v::text) FROM ${view} AS v ORDER BY id`,
    `SELECT count(*) FROM ${view}`,
  ]);
  return [
    simple(`PREPARE s AS ${text}`, 'prepare'),
    prepareNamed('s2', text),
    executeNamed('s2', text, [], false),
    simple('EXECUTE s', 'prepare'),
    { kind: 'others', text: changed },
    ...random.pick<Script>([
      [simple('EXECUTE s', 'prepare'), executeNamed('s2', text, [], false), simple(text)],
      [executeNamed('s2', text, [], false), simple(text), simple('EXECUTE s', 'prepare')],
      [simple(text), simple(`COPY (${text}) TO STDOUT`, 'copy')],
    ]),
    { kind: 'others', text: back },
    closeNamed('s2'),
    frame('DEALLOCATE ALL'),
  ];
}
