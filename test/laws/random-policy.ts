import fc from 'fast-check';
import { stringify } from 'yaml';
import type { SqlFacts, StatementKind, ThroughColumns, ThroughRef } from '../../gateway/contract/facts.ts';
import type { Principal } from '../../gateway/contract/principal.ts';
import {
  column,
  person,
  policyOf,
  relation,
  shop,
} from '../../gateway/src/core/policy/a-question.fixture.ts';
import type { Rule } from '../../gateway/src/core/policy/language/schema.ts';
import type { Policy, SqlQuestion } from '../../gateway/src/core/policy/policy.ts';

/** Random rules and questions over a world so small that rules and questions often meet. */

const GROUPS = ['developers', 'dba'];
const TABLES = ['customers', 'orders', 'hr.people', 'pg_catalog.pg_class'];
const COLUMNS = ['id', 'email', 'salary'];
const KINDS: StatementKind[] = [
  'select',
  'update',
  'delete',
  'insert',
  'create',
  'copyTo',
  'explain',
  'set',
  'lock',
];
const TAGS = { 'shop.*.*.email': ['pii'], 'shop.hr.*.salary': ['pii', 'pay'] };

const some = <Value>(values: Value[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const who = fc.oneof(
  fc.constant('everyone' as const),
  fc.record({ groups: some(GROUPS), kinds: optional(some<'person' | 'service'>(['person', 'service'])) }),
);
const on = fc.oneof(
  fc.constant('everything' as const),
  fc
    .record({
      targets: optional(some(['shop', 's*', 'other'])),
      schemas: optional(some(['public', 'hr', 'pg_catalog', '*'])),
      tables: optional(some(['customers', 'public.orders', 'p*', '*'])),
      columns: optional(some(['email', 'customers.id', '*'])),
      tags: optional(some(['pii', 'pay'])),
    })
    .filter((value) => Object.values(value).some((line) => line !== undefined)),
);
const when = optional(
  fc.constantFrom(
    '"dba" in groups',
    'statement.readOnly',
    'claims.level > 1',
    'now < timestamp("2026-06-01T00:00:00Z")',
  ),
);
const doing = fc.oneof(
  fc.constant('anything' as const),
  some<string>([...KINDS, 'ddl', 'update without where', 'delete without where']),
);
const mask = fc.constantFrom<Extract<Rule['then'], { mask: unknown }>['mask']>(
  { method: 'redact' },
  { method: 'partial', keep: 'last4' },
  { method: 'partial', keep: 'domain' },
  { method: 'token' },
  { method: 'format' },
  { method: 'redact', fixed: true },
  { method: 'null' },
);

/** A rule but for its id, as a policy file would have it. */
export type Draft = Record<string, unknown>;

const draft = (outcome: fc.Arbitrary<unknown>, withDoing: boolean): fc.Arbitrary<Draft> =>
  fc
    .record({ who, except: optional(fc.record({ groups: some(GROUPS) })), on, when, outcome, doing })
    .map(({ outcome: then, doing: words, ...rest }) => ({
      owner: 'somebody',
      because: 'a reason',
      ...rest,
      ...(withDoing ? { doing: words } : {}),
      ...Object.fromEntries([['then', then]]),
    }));

export const allowRule = draft(fc.constant('allow'), true);
export const blockRule = draft(fc.constant('block'), true);
export const askRule = draft(
  some(['dba', 'leads']).map((by) => ({ approve: { by } })),
  true,
);
export const maskRule = draft(
  fc.tuple(mask, optional(fc.constant('exact'))).map(([method, lookup]) => ({ mask: method, lookup })),
  false,
);
export const rowRule = fc
  .tuple(
    draft(
      fc
        .constantFrom('id = claims.level', "email = 'x'", 'salary < 5 OR id IS NULL')
        .map((rows) => ({ rows })),
      false,
    ),
    some(['customers', 'public.orders', 'p*', '*']),
  )
  .map(([rule, tables]): Draft => ({ ...rule, on: { tables } }));
export const anyRule = fc.oneof({ arbitrary: allowRule, weight: 3 }, blockRule, askRule, maskRule, {
  arbitrary: rowRule,
  weight: 1,
});
export const rules = fc.array(anyRule, { maxLength: 8 });

/** Compiles drafts; each is named by its content, so that order changes no name. */
export function compile(drafts: readonly Draft[]): Policy {
  const unique = new Map(drafts.map((rule) => [JSON.stringify(rule), rule]));
  const named = [...unique].map(([text, rule]) => ({ id: `r-${hash(text)}`, ...rule }));
  return policyOf(stringify({ version: 1, tags: TAGS, rules: named }));
}

function hash(text: string): string {
  let value = 0n;
  for (const character of text)
    value = (value * 1_000_003n + BigInt(character.codePointAt(0) ?? 0)) % (1n << 64n);
  return value.toString(36);
}

const principal = fc
  .record({
    groups: fc.subarray(GROUPS),
    kind: fc.constantFrom<Principal['kind'][]>('person', 'service'),
    claims: fc.constantFrom<Principal['claims'][]>({}, { level: 1 }, { level: 2 }, { level: 'high' }),
  })
  .map(({ groups, ...rest }) => person(groups, rest));

const facts: fc.Arbitrary<SqlFacts> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    readOnly: fc.boolean(),
    reads: fc.subarray(TABLES).map((names) => names.map(relation)),
    writes: fc.array(
      fc.record({
        name: fc.constantFrom(...TABLES),
        by: fc.constantFrom<StatementKind>('insert', 'update', 'delete', 'create'),
        everyRow: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
    used: fc.subarray(COLUMNS),
    shown: fc.nat(COLUMNS.length),
    unknowns: fc.constantFrom<string[][]>([], [], [], [], [], ['something']),
  })
  .map(({ used, shown, writes, reads, ...rest }) => {
    const columns = reads.flatMap((read) => used.map((name) => ({ ...read, column: name })));
    return {
      protocol: 'sql' as const,
      node: 'AnyStmt',
      hasWhere: null,
      functions: [],
      settings: [],
      reads,
      writes: writes.map(({ name, ...write }) => ({ ...relation(name), ...write })),
      disclosed: columns.slice(0, shown),
      conditions: columns.slice(shown),
      lookups: columns.slice(0, 1).map((used) => ({ column: used, values: 1 })),
      ...rest,
    };
  });

const through = fc
  .array(
    fc.record({
      name: fc.constantFrom(...TABLES),
      by: fc.constantFrom<StatementKind>('select', 'update', 'delete'),
      named: fc.constantFrom(...TABLES).map(relation),
      everyRow: fc.boolean(),
      columns: fc.option(fc.subarray(COLUMNS)),
    }),
    { maxLength: 2 },
  )
  .map((all) =>
    all.map(({ name, ...reached }) => ({ ...relation(name), ...reached, columns: used(reached) })),
  );

/** The columns that are used of what is read; of what is written every one counts. */
function used({
  by,
  named,
  columns,
}: Pick<ThroughRef, 'by' | 'named'> & { columns: string[] | null }): ThroughColumns[] | null {
  if (by !== 'select' || columns === null) return null;
  return [{ by: named, path: [], columns: columns.map((name) => ({ column: name, as: 'shown' })) }];
}

/** What a statement names leads on, and nothing else does. */
export const question: fc.Arbitrary<SqlQuestion> = fc
  .record({ principal, facts, through, at: fc.constantFrom(new Date('2026-01-01'), new Date('2027-01-01')) })
  .map(({ principal: asker, facts: stated, at, ...drawn }) => {
    const names = [...stated.reads, ...stated.writes];
    const led = names.length === 0 ? [] : drawn.through;
    const touched = [...names, ...led].map((ref) => `${ref.schema}.${ref.relation}`);
    const columns = [...new Set(touched)].flatMap((name) => COLUMNS.map((own) => column(`${name}.${own}`)));
    return { principal: asker, target: shop, facts: stated, columns, through: led, at, network: 'editor' };
  });
