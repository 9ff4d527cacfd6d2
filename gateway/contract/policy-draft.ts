import * as z from 'zod';
import { PolicyVersion, PrincipalId, TargetName } from './ids.ts';
import { PolicyProblem } from './policy-endpoints.ts';
import { Target, TargetKind } from './target.ts';

/** An expectation that a draft does not meet: where it stands (1-based), and what came instead. */
export const UnmetExpectation = z.object({
  file: z.string(),
  line: z.int().positive(),
  column: z.int().positive(),
  /** "developer on shop: select name from customers", after its name if it has one. */
  title: z.string(),
  differences: z.array(z.object({ what: z.string(), expected: z.string(), actual: z.string() })),
  /** What the person would read. */
  sentence: z.string(),
});
export type UnmetExpectation = z.infer<typeof UnmetExpectation>;

/** How a draft of a policy is judged, by what loads policies and asks them. */
export const DraftReport = z.object({
  /** The version that it would be; null: it does not compile, and would never be in force. */
  version: PolicyVersion.nullable(),
  /** Of the policy, or of files of expectations. */
  problems: z.array(PolicyProblem),
  /** Null where the policy can't be asked. */
  expectations: z.object({ asked: z.int().nonnegative(), unmet: z.array(UnmetExpectation) }).nullable(),
});
export type DraftReport = z.infer<typeof DraftReport>;

/** Names that a policy may speak of. */
export const PolicyNames = z.object({
  targets: z.array(Target),
  /** Of rules in force, and of people known from records. */
  groups: z.array(z.string()),
  /** Known from records, the last seen first. */
  people: z.array(z.object({ id: PrincipalId, name: z.string() })),
});
export type PolicyNames = z.infer<typeof PolicyNames>;

export const NamedSchema = z.object({
  name: z.string(),
  relations: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  functions: z.array(z.string()),
});
export type NamedSchema = z.infer<typeof NamedSchema>;

/** The names in a target's catalogue. A host has no schemas. */
export const CatalogueNames = z.discriminatedUnion('kind', [
  /** The catalogue is the one that the asker knows. */
  z.object({ kind: z.literal('unchanged') }),
  z.object({ kind: z.literal('names'), version: z.string(), schemas: z.array(NamedSchema) }),
]);
export type CatalogueNames = z.infer<typeof CatalogueNames>;

/** A target that a part of a draft is about. */
export const TouchedTarget = z.object({
  target: TargetName,
  kind: TargetKind,
  /** Null: it is a host, or its catalogue can't be read. */
  relations: z.int().nonnegative().nullable(),
  /** Null besides: the part is about relations as a whole. */
  columns: z.int().nonnegative().nullable(),
  /** The first few: "public.customers", "public.customers.email". */
  examples: z.array(z.string()),
});
export type TouchedTarget = z.infer<typeof TouchedTarget>;

/** What a part of a draft is about now: in the live catalogues, among known people, and in what was recorded. */
export const TouchReport = z.discriminatedUnion('kind', [
  /** It is nothing that is about something, or can't be read as it stands. */
  z.object({ kind: z.literal('unreadable'), why: z.string() }),
  z.object({
    kind: z.literal('touches'),
    /** Null: the part is about people alone. */
    targets: z.array(TouchedTarget).nullable(),
    /** Null: the part is about targets alone. */
    people: z
      .object({ count: z.int().nonnegative(), of: z.int().nonnegative(), examples: z.array(z.string()) })
      .nullable(),
    /** Recorded actions that a rule of this name counted in; null: the part is no whole rule. */
    decided: z
      .object({ count: z.int().nonnegative(), isMore: z.boolean(), days: z.int().positive() })
      .nullable(),
  }),
]);
export type TouchReport = z.infer<typeof TouchReport>;
