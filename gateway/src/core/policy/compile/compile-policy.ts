import { createHash } from 'node:crypto';
import { PolicyVersion } from '../../../../contract/ids.ts';
import type { OwnPattern } from '../../detectors/own-pattern.ts';
import { mayBeNames, partsFromRight, TOO_LONG } from '../language/name.ts';
import { nearest } from '../language/nearest.ts';
import type { Problem } from '../language/problem.ts';
import type { ReadDocument } from '../language/read.ts';
import type { Rule } from '../language/schema.ts';
import type { Policy } from '../policy.ts';
import { canonical } from './canonical.ts';
import { CompiledPolicy } from './compiled-policy.ts';
import { compileCondition } from './condition.ts';
import { compileDelegations } from './delegations.ts';
import { compilePatterns, unknownDetectors } from './detect.ts';
import { compileRecording } from './record.ts';
import { type CompiledRule, compileRule, filterProblem } from './rule.ts';
import { compileTagPattern, type TagPattern } from './tags.ts';

export type Compilation = { kind: 'compiled'; policy: Policy } | { kind: 'invalid'; problems: Problem[] };

/** Merges the documents of one policy and compiles them, or says everything that is wrong. */
export function compilePolicy(documents: readonly ReadDocument[]): Compilation {
  const problems: Problem[] = [];
  const tags = documents.flatMap((read) => compileTags(read, problems));
  const declared = new Set(tags.flatMap((pattern) => pattern.tags));
  const patterns = compilePatterns(documents, problems);
  const seen = new Map<string, string>();
  const rules = documents.flatMap((read) =>
    read.document.rules.flatMap((rule, index) =>
      compileOne(read, rule, index, { declared, patterns, seen }, problems),
    ),
  );
  const delegations = compileDelegations(documents, problems);
  if (problems.length > 0) return { kind: 'invalid', problems };
  const reviewed = documents.flatMap(({ document }) => Object.entries(document.reviewedFunctions));
  return {
    kind: 'compiled',
    policy: new CompiledPolicy(versionOf(documents), {
      rules,
      tags,
      reviewed,
      delegations,
      recording: compileRecording(documents),
    }),
  };
}

/** Schema, table and column: the target before them may be longer. */
const COLUMN_PARTS = 3;

function compileTags({ source, document }: ReadDocument, problems: Problem[]): TagPattern[] {
  return Object.entries(document.tags).flatMap(([pattern, tags]) => {
    const compiled = compileTagPattern(pattern, tags);
    const fits = mayBeNames(partsFromRight(pattern).slice(0, COLUMN_PARTS));
    if (compiled !== null && fits) return [compiled];
    const what =
      compiled !== null
        ? TOO_LONG
        : `"${pattern}" is no column pattern; write target.schema.table.column, with * for anything`;
    problems.push(source.keyProblem(['tags'], pattern, what));
    return [];
  });
}

type Known = {
  /** Tags that some column carries. */
  declared: ReadonlySet<string>;
  patterns: ReadonlyMap<string, OwnPattern>;
  /** Rules' ids, with the files that they stand in. */
  seen: Map<string, string>;
};

function compileOne(
  { source }: ReadDocument,
  rule: Rule,
  index: number,
  { declared, patterns, seen }: Known,
  problems: Problem[],
): CompiledRule[] {
  const path = ['rules', index];
  const elsewhere = seen.get(rule.id);
  if (elsewhere !== undefined) {
    problems.push(
      source.problem(
        [...path, 'id'],
        `the id "${rule.id}" is taken by a rule in ${elsewhere}; choose another`,
      ),
    );
  }
  seen.set(rule.id, source.file);
  for (const [at, tag] of (rule.on === 'everything' ? [] : (rule.on.tags ?? [])).entries()) {
    if (!declared.has(tag))
      problems.push(source.problem([...path, 'on', 'tags', at], unknownTag(tag, declared)));
  }
  for (const { at, what } of unknownDetectors(rule, patterns)) {
    problems.push(source.problem([...path, 'then', 'detect', at], what));
  }
  const inFilter = filterProblem(rule);
  if (inFilter !== null) {
    problems.push(source.problem([...path, 'then', 'rows'], `the row filter can't be read: ${inFilter}`));
    return [];
  }
  if (rule.when === undefined) return [compileRule(rule, null, patterns)];
  const result = compileCondition(rule.when);
  if ('condition' in result) return [compileRule(rule, result.condition, patterns)];
  problems.push(source.problem([...path, 'when'], result.problem));
  return [];
}

function unknownTag(tag: string, declared: ReadonlySet<string>): string {
  const near = nearest(tag, declared);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return `no column carries the tag "${tag}"${hint} Tags are given to columns in the section "tags"`;
}

/** SHA-256 over what the documents say, whatever their order, comments and spelling. */
function versionOf(documents: readonly ReadDocument[]): PolicyVersion {
  const sections = documents.map(({ document }) => document);
  const record = sections
    .flatMap((section) => section.record)
    .map(canonical)
    .toSorted();
  const merged = {
    tags: sections
      .flatMap(({ tags }) => Object.entries(tags))
      .map(canonical)
      .toSorted(),
    patterns: sections
      .flatMap(({ patterns }) => Object.entries(patterns))
      .map(canonical)
      .toSorted(),
    reviewedFunctions: sections
      .flatMap(({ reviewedFunctions }) => Object.entries(reviewedFunctions))
      .map(canonical)
      .toSorted(),
    delegations: sections
      .flatMap(({ delegations }) => delegations)
      .map(canonical)
      .toSorted(),
    rules: sections
      .flatMap(({ rules }) => rules)
      .map(canonical)
      .toSorted(),
    // Policies that say nothing of records keep the version that they had.
    ...(record.length === 0 ? {} : { record }),
  };
  return PolicyVersion.parse(createHash('sha256').update(canonical(merged)).digest('hex'));
}
