import { z } from 'zod';
import { RuleId } from '../../../../contract/ids.ts';
import { Delegation } from './delegation.ts';
import { Detect, Patterns } from './detect.ts';
import { Duration } from './duration.ts';
import { HOST_SELECTORS, HOST_WORDS, SQL_WORDS } from './host.ts';
import { mapping } from './mapping.ts';
import { mayBeNames, splitName, TOO_LONG } from './name.ts';
import { nearest } from './nearest.ts';
import { RecordSection } from './record.ts';
import { DOING_WORDS } from './words.ts';

/** docs/POLICY.md is this file in prose; docs/policy.schema.json is generated from it. */

const text = (what: string) =>
  z
    .string({ error: `${what} is missing or no text` })
    .trim()
    .min(1, `${what} is empty`);

/** Once something is told to be wrong, what it would mean is not judged. */
const isSound = ({ issues }: { issues: unknown[] }): boolean => issues.length === 0;

const listOf = (what: string) =>
  z
    .array(text(what), { error: `a list of ${what}s stands here: [one, two]` })
    .min(1, `the list of ${what}s is empty`);

/** Names of at most so many parts; one part too many would be about something else than its writer thinks. */
const namesOf = (what: string, fromParts: number, toParts: number, instead: string) =>
  z
    .array(
      text(what)
        .refine((name) => {
          const parts = splitName(name)?.length ?? 0;
          return parts >= fromParts && parts <= toParts;
        }, `this is no ${what}; write ${instead}`)
        .refine((name) => mayBeNames(splitName(name) ?? []), TOO_LONG),
      { error: `a list of ${what}s stands here: [one, two]` },
    )
    .min(1, `the list of ${what}s is empty`);

const ClaimValue = z.union([z.string(), z.number(), z.boolean()], {
  error: 'a claim is compared with a text, a number, or true/false, or with a list of them',
});

export const Who = mapping({
  users: listOf('user')
    .optional()
    .describe(
      'Principals: "person:ana@shop.example", "service:ci"; * stands for anything. Without a prefix a person is meant.',
    ),
  groups: listOf('group')
    .optional()
    .describe('Groups, as the identity provider names them. Any one is enough.'),
  kinds: z
    .array(z.enum(['person', 'service', 'agent'], { error: 'a kind is person, service or agent' }), {
      error: 'a list of kinds stands here: [person, service, agent]',
    })
    .min(1, 'the list of kinds is empty')
    .optional()
    .describe('What kind of principal acts.'),
  claims: z
    .record(z.string(), z.union([ClaimValue, z.array(ClaimValue).min(1)]))
    .optional()
    .describe('Claims that must have this value, or one of these values.'),
})
  .refine((who) => Object.keys(who).length > 0, {
    error: 'it is empty; write "everyone" or say who',
    when: isSound,
  })
  .refine(
    (who) => who.users === undefined || who.groups === undefined,
    'users and groups in one mapping can be read two ways; for "these users or these groups" write a list: [{users: […]}, {groups: […]}]',
  );
export type Who = z.infer<typeof Who>;

const Whos = z.union(
  [z.literal('everyone'), Who, z.array(Who).min(1, 'the list is empty; write "everyone" or say who')],
  {
    error: 'write "everyone", a mapping such as {groups: [developers]}, or a list of such mappings',
  },
);
const Excepted = z.union([Who, z.array(Who).min(1, 'the list is empty; take it out')], {
  error: 'write a mapping such as {groups: [dba]}, or a list of such mappings',
});

export const On = mapping({
  targets: listOf('target').optional().describe('Target names; * stands for anything.'),
  labels: z
    .record(z.string(), z.union([text('label'), listOf('label')]))
    .optional()
    .describe(
      'Labels that a target must carry: {env: production}, or one of several: {env: [staging, production]}.',
    ),
  schemas: listOf('schema')
    .refine(mayBeNames, TOO_LONG)
    .optional()
    .describe('Schemas; * stands for anything.'),
  tables: namesOf('table', 1, 2, 'table or schema.table; the target stands in "targets"')
    .optional()
    .describe('Tables and views: "orders" in any schema, or "public.orders"; * stands for anything.'),
  columns: namesOf('column', 1, 3, 'column, table.column or schema.table.column')
    .optional()
    .describe('Columns: "email", "customers.email" or "public.customers.email"; * stands for anything.'),
  tags: listOf('tag').optional().describe('Columns that carry any of these tags; see the section tags.'),
  ...HOST_SELECTORS,
})
  .refine((on) => Object.keys(on).length > 0, {
    error: 'it is empty; write "everything" or say on what',
    when: isSound,
  })
  .refine(
    (on) =>
      !Object.keys(on).some((word) => SQL_WORDS.includes(word)) ||
      !Object.keys(on).some((word) => HOST_WORDS.includes(word)),
    {
      error: `what databases have (${SQL_WORDS.join(', ')}) and what hosts have (${HOST_WORDS.join(', ')}) stand together; write two rules`,
      when: isSound,
    },
  );
export type On = z.infer<typeof On>;

const DoingWord = z
  .enum(DOING_WORDS, {
    error: (issue) => {
      const near = typeof issue.input === 'string' ? nearest(issue.input, DOING_WORDS) : undefined;
      const hint = near === undefined ? '' : `did you mean "${near}"? `;
      return `"${String(issue.input)}" is no kind of statement; ${hint}Known are ${DOING_WORDS.join(', ')}`;
    },
  })
  .describe('A statement kind.');

const Doing = z.union(
  [z.literal('anything'), z.array(DoingWord).min(1, 'the list is empty; write "anything" or say what')],
  {
    error: 'write "anything", or a list of statement kinds such as [select, update without where]',
  },
);

const Approve = mapping({
  by: listOf('group').optional().describe('Groups; anybody of any of them may approve, except who asked.'),
  each: listOf('group')
    .optional()
    .describe('Instead of "by": somebody of each of these groups must approve, each of them another person.'),
  people: z
    .int({ error: 'a number of people stands here' })
    .min(1, 'at least one person approves')
    .max(20, 'at most 20 people')
    .optional()
    .describe('How many different people must approve; 1, or one of each.'),
  wait: Duration.optional().describe('How long a statement waits before the request lapses; 15 minutes.'),
  window: Duration.optional().describe(
    'For how long an approver may let statements of the same shape through; without it, one statement once.',
  ),
  breakGlass: listOf('group')
    .optional()
    .describe('Groups whose members may run it at once, with a reason that is reviewed afterwards.'),
}).refine(({ by, each }) => (by === undefined) !== (each === undefined), {
  error: 'write either "by" (anybody of these groups) or "each" (somebody of each of them)',
  when: isSound,
});
export type Approve = z.infer<typeof Approve>;

const Unmask = mapping({
  by: listOf('group').optional().describe('Groups; anybody of any of them may agree, except who asked.'),
  each: listOf('group').optional().describe('Instead of "by": somebody of each of these groups must agree.'),
  people: z
    .int({ error: 'a number of people stands here' })
    .min(1, 'at least one person agrees')
    .max(20, 'at most 20 people')
    .optional()
    .describe('How many different people must agree; 1, or one of each.'),
  wait: Duration.optional().describe('How long the request waits before it lapses; 15 minutes.'),
  for: Duration.optional().describe('The longest time for which the mask is lifted; 30 minutes.'),
}).refine(({ by, each }) => (by === undefined) !== (each === undefined), {
  error: 'write either "by" (anybody of these groups) or "each" (somebody of each of them)',
  when: isSound,
});
export type Unmask = z.infer<typeof Unmask>;

/** The contract's methods, strict, so that a `keep` where none belongs is told. */
export const Mask = z.discriminatedUnion(
  'method',
  [
    mapping({
      method: z.literal('redact'),
      fixed: z
        .literal(true, {
          error: '"fixed: true" asks for a fixed value of the type, such as 0; take it out for NULL',
        })
        .optional(),
    }),
    mapping({
      method: z.literal('partial'),
      keep: z.enum(['last4', 'domain'], { error: '"keep" says what stays readable: last4 or domain' }),
    }),
    mapping({ method: z.literal('token') }),
    mapping({ method: z.literal('format') }),
    // YAML reads a bare null as no value at all; both spellings mean the method.
    mapping({ method: z.literal(['null', null]).transform((): 'null' => 'null') }),
  ],
  {
    error:
      'write a method: {method: redact}, {method: partial, keep: last4}, {method: token}, {method: format} or {method: null}',
  },
);

export type Mask = z.infer<typeof Mask>;

const Masked = mapping({
  mask: Mask,
  lookup: z
    .literal('exact', { error: '"lookup" says what may be asked of the raw column: exact' })
    .optional()
    .describe('exact: "=" with a constant or parameter finds rows by the raw value, which stays masked.'),
  unmask: Unmask.optional().describe(
    'Who may agree to lift the mask for somebody for a while. Without it nobody may.',
  ),
});
const Rows = mapping({
  rows: text('the row filter').describe(
    'Which rows are there for those whom the rule concerns: "region = claims.region". See docs/POLICY.md.',
  ),
});

export const Then = z.union(
  [z.literal('allow'), z.literal('block'), Masked, Rows, mapping({ approve: Approve }), Detect],
  {
    error:
      'write allow, block, {mask: {method: redact}}, {rows: "region = claims.region"}, {detect: [cards]} or {approve: {by: [dba]}}',
  },
);
export type Then = z.infer<typeof Then>;

export const Rule = mapping({
  id: RuleId.check(
    z.regex(/^[a-z0-9][a-z0-9._-]*$/, 'an id is made of a-z, 0-9, ".", "_" and "-", as in "emails-masked"'),
  ).describe('The name that people see in decisions and records. Unique.'),
  owner: text('the owner').describe('Who answers for the rule; people are told to ask them.'),
  who: Whos.describe(
    'Whom the rule concerns. All lines of one mapping must hold; of a list of mappings, any one.',
  ),
  except: Excepted.optional().describe('Whom the rule does not concern after all.'),
  on: z
    .union([z.literal('everything'), On], {
      error: 'write "everything", or a mapping such as {targets: [shop], tables: [orders]}',
    })
    .describe('What the rule is about. All lines must hold.'),
  doing: Doing.optional().describe(
    'What is done. Every rule says it, except masks and detectors: they hold whenever a value is read.',
  ),
  when: text('the condition').optional().describe('A condition in CEL; see docs/POLICY.md for its names.'),
  // biome-ignore lint/suspicious/noThenProperty: the policy language's own word; a rule is never awaited
  then: Then.describe('What follows.'),
  because: text('the reason').describe('Shown to people: why the rule stands.'),
  dryRun: z
    .boolean({ error: 'write "dryRun: true", or take it out' })
    .optional()
    .describe('true: the rule is on trial. It changes nothing, and records say what it would have changed.'),
}).superRefine((rule, context) => {
  const masks =
    typeof rule.then === 'object' && ('mask' in rule.then || 'rows' in rule.then || 'detect' in rule.then);
  if (masks && rule.doing !== undefined) {
    context.addIssue({
      code: 'custom',
      path: ['doing'],
      message: 'it holds whenever a value is read; take "doing" out',
    });
  }
  const rows = typeof rule.then === 'object' && 'rows' in rule.then;
  if (rows && (rule.on === 'everything' || rule.on.tables === undefined)) {
    context.addIssue({
      code: 'custom',
      path: ['on'],
      message: 'a row filter is about tables; name them: {tables: [customers]}',
    });
  }
  if (rows && rule.on !== 'everything' && (rule.on.columns ?? rule.on.tags) !== undefined) {
    context.addIssue({
      code: 'custom',
      path: ['on'],
      message: 'a row filter is about whole rows; take "columns" and "tags" out',
    });
  }
  if (!masks && rule.doing === undefined) {
    context.addIssue({
      code: 'custom',
      path: [],
      message: '"doing" is missing; write "anything" or a list such as [select]',
    });
  }
});
export type Rule = z.infer<typeof Rule>;

const TagName = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'a tag is made of a-z, 0-9, "_" and "-"');

export const PolicyDocument = mapping({
  version: z.literal(1, { error: 'write "version: 1"' }).describe("The policy language's version."),
  tags: z
    .record(z.string(), z.array(TagName).min(1, 'the list of tags is empty'), {
      error: 'a mapping of column patterns to tags stands here: shop.public.customers.email: [pii]',
    })
    .default({})
    .describe('Column patterns, target.schema.table.column, and the tags they carry; * stands for anything.'),
  patterns: Patterns,
  reviewedFunctions: z
    .record(z.string(), namesOf('function', 2, 2, 'schema.name, without arguments'), {
      error: 'a mapping of targets to functions stands here: shop: [public.order_total]',
    })
    .default({})
    .describe(
      'For each target, functions of its own (schema.name) that somebody has read and found harmless.',
    ),
  delegations: z
    .array(Delegation, { error: 'a list of delegations stands here' })
    .default([])
    .describe("Who approves in a group's place for a while."),
  record: RecordSection,
  rules: z
    .array(Rule, { error: 'a list of rules stands here' })
    .default([])
    .describe('The rules; their order means nothing.'),
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;
