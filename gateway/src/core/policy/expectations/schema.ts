import { z } from 'zod';
import { Outcome } from '../../../../contract/decision.ts';
import { Facts } from '../../../../contract/facts.ts';
import { TargetName } from '../../../../contract/ids.ts';
import { mapping } from '../language/mapping.ts';
import { splitName } from '../language/name.ts';

/** docs/policy-test.schema.json is generated from this file; docs/POLICY-CHANGES.md is it in prose. */

const text = (what: string) =>
  z.string({ error: `${what} is missing or no text` }).min(1, `${what} is empty`);
const listOf = (what: string) => z.array(text(what), { error: `a list of ${what}s stands here: [one, two]` });
const oneOrMore = (what: string) =>
  z.union([text(what), listOf(what).min(1, `the list of ${what}s is empty`)]);

/** Types that columns of a described table may have. */
// biome-ignore format: one line for each family of types
export const ColumnType = z.enum([
  'text', 'varchar', 'int2', 'int4', 'int8', 'numeric', 'float8', 'bool', 'uuid',
  'date', 'timestamp', 'timestamptz', 'json', 'jsonb', 'bytea', 'inet',
]);

export type ColumnType = z.infer<typeof ColumnType>;

const Columns = z.union([listOf('column').min(1, 'a table has columns'), z.record(z.string(), ColumnType)], {
  error: 'write the columns: [id, email], or with their types: {id: int4, email: text}',
});
export type DescribedColumns = z.infer<typeof Columns>;

const TestTarget = mapping({
  kind: z.enum(['postgres', 'ssh'], { error: 'a kind is postgres or ssh' }).optional().describe('postgres.'),
  labels: z.record(z.string(), z.string()).optional().describe('Labels as the configuration gives them.'),
  tables: z
    .record(z.string(), Columns)
    .optional()
    .describe('Tables and their columns: {customers: [id, email], hr.people: {id: int4, salary: numeric}}.'),
  searchPath: listOf('schema').optional().describe('[public].'),
  accounts: listOf('account').optional().describe('Accounts of a host, the usual one first.'),
  shell: z
    .enum(['strict', 'audit'], { error: 'a shell is strict or audit' })
    .optional()
    .describe('How lines are read that are typed in a terminal of the host; strict.'),
});
export type TestTarget = z.infer<typeof TestTarget>;

/** Beside what an id begins with, at most "service:", it has to fit one. */
export const MAX_USER = 192;
const NAME_TOO_LONG = `a name has ${MAX_USER} characters at most`;

const TestPerson = mapping({
  user: text('the user')
    .max(MAX_USER, NAME_TOO_LONG)
    .optional()
    .describe('"ana@shop.example", or "service:ci"; a person of this name without it.'),
  kind: z.enum(['person', 'service', 'agent'], { error: 'a kind is person, service or agent' }).optional(),
  groups: listOf('group').optional(),
  claims: z.record(z.string(), z.json()).optional(),
});
export type TestPerson = z.infer<typeof TestPerson>;

const Destination = text('the destination').regex(/^\S+:\d{1,5}$/, 'a destination is host:port');
const Path = text('the path').regex(/^\//, 'a path is absolute: /var/log');

/** One thing done with a host other than by a line of shell. */
const Deed = mapping({
  readFile: Path.optional(),
  writeFile: Path.optional(),
  listFiles: Path.optional(),
  changeFile: Path.optional(),
  forward: Destination.optional(),
  remoteForward: Destination.optional(),
  agent: z.literal(true).optional(),
  terminal: z.literal(true).optional(),
}).refine((deed) => Object.keys(deed).length > 0, 'it is empty; write {readFile: /etc/hosts}');
export type TestDeed = z.infer<typeof Deed>;

const MaskWord = z.enum(
  ['redact', 'fixed', 'last4', 'domain', 'token', 'format', 'null', 'masked', 'clear'],
  { error: 'write redact, fixed, last4, domain, token, format, "null", masked (by whatever) or clear' },
);
export type MaskWord = z.infer<typeof MaskWord>;

const ExpectedOutcome = z.enum([...Outcome.options, 'runs'], {
  error: 'write allow, mask, approve, block, or runs (allow or mask)',
});

export const Expected = z.union(
  [
    ExpectedOutcome,
    mapping({
      outcome: ExpectedOutcome.optional().describe('allow, mask, approve, block; runs: allow or mask.'),
      by: listOf('group').optional().describe('The groups whose approval it takes, all of them.'),
      masks: z
        .record(
          z.string().refine((name) => [2, 3].includes(splitName(name)?.length ?? 0), {
            error: 'a column is written table.column or schema.table.column',
          }),
          MaskWord,
        )
        .optional()
        .describe('How columns are seen: {customers.email: domain, customers.name: clear}.'),
      rules: listOf('rule').optional().describe('Rules that counted; others may have counted too.'),
      says: oneOrMore('the text').optional().describe('Parts of what the person reads.'),
    }).refine((expected) => Object.keys(expected).length > 0, 'it is empty; say what is expected'),
  ],
  { error: 'write an outcome, or a mapping such as {outcome: mask, masks: {customers.email: domain}}' },
);
export type Expected = z.infer<typeof Expected>;

const WAYS = ['sql', 'run', 'does', 'facts'] as const;

export const Expectation = mapping({
  name: text('the name').optional().describe('What it is about, for people.'),
  who: z
    .union([text('the person'), listOf('person').min(1, 'nobody is named'), TestPerson], {
      error: 'name somebody of "people", a list of them, or write {groups: [developers]}',
    })
    .describe('Who: a name of "people", several of them, or {groups: [developers]}.'),
  on: TargetName.describe('A target of "targets".'),
  sql: text('the statement').optional().describe('A statement in SQL.'),
  run: text('the line').optional().describe('A line of shell on a host.'),
  does: Deed.optional().describe('What else is done with a host: {readFile: /etc/hosts}.'),
  facts: Facts.optional().describe('Facts as records have them.'),
  as: text('the account').optional().describe('The account on the host; its first.'),
  folder: Path.optional().describe('Where the line of shell begins; /home/ACCOUNT.'),
  network: text('the address').optional().describe("The client's address; editor."),
  at: z.iso.datetime({ offset: true }).optional().describe('When; now. For rules that read the clock.'),
  expect: Expected,
}).refine((one) => WAYS.filter((way) => one[way] !== undefined).length === 1, {
  error: 'say what is done by one of sql, run, does and facts',
  when: ({ issues }) => issues.length === 0,
});
export type Expectation = z.infer<typeof Expectation>;

/** What stands in NAME.test.yaml beside a policy. */
export const PolicyTests = mapping({
  version: z.literal(1, { error: 'write "version: 1"' }),
  targets: z
    .record(TargetName, TestTarget)
    .default({})
    .describe('The targets that statements are asked on, as far as rules can tell them apart.'),
  people: z
    .record(z.string().max(MAX_USER), TestPerson, {
      error: ({ code }) => (code === 'invalid_key' ? NAME_TOO_LONG : undefined),
    })
    .default({})
    .describe('People by names of their own.'),
  tests: z.array(Expectation, { error: 'a list of expectations stands here' }).describe('What is expected.'),
});
export type PolicyTests = z.infer<typeof PolicyTests>;
