import type { z } from 'zod';
import type { Problem } from './problem.ts';
import { PolicyDocument } from './schema.ts';
import { type Path, Source } from './source.ts';

/** A document that fits the language, with its source to point into. */
export type ReadDocument = { source: Source; document: PolicyDocument };

/** Text to document, or everything that is wrong with it. */
export function readDocument(file: string, text: string): ReadAs<PolicyDocument> {
  return readAs(PolicyDocument, file, text);
}

export type ReadAs<Document> =
  | { kind: 'read'; read: { source: Source; document: Document } }
  | { kind: 'invalid'; problems: Problem[] };

/** The same for any document in YAML that a schema describes. */
export function readAs<Document>(schema: z.ZodType<Document>, file: string, text: string): ReadAs<Document> {
  const source = new Source(file, text);
  const syntax = source.syntaxProblems();
  if (syntax.length > 0) return { kind: 'invalid', problems: syntax };
  const value = source.value();
  if ('problem' in value) return { kind: 'invalid', problems: [value.problem] };
  const parsed = schema.safeParse(value.plain);
  if (parsed.success) return { kind: 'read', read: { source, document: parsed.data } };
  return { kind: 'invalid', problems: parsed.error.issues.flatMap((issue) => explain(source, [], issue)) };
}

function explain(source: Source, base: Path, issue: z.core.$ZodIssue): Problem[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const [first] = issue.keys;
    return first === undefined ? [] : [source.keyProblem(path, first, issue.message)];
  }
  if (issue.code === 'invalid_union') {
    const meant = branchMeant(issue.errors);
    if (meant !== undefined) return meant.flatMap((inner) => explain(source, path, inner));
  }
  return [source.problem(path, issue.message)];
}

/** The alternative that was meant: one whose outer shape fits, with the fewest foreign keys, then the fewest issues. */
function branchMeant(branches: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  const fits = branches.filter((issues) => issues.length > 0 && issues.every(isInside));
  const ranked = fits.toSorted((a, b) => foreignKeys(a) - foreignKeys(b) || a.length - b.length);
  return ranked[0];
}

function isInside(issue: z.core.$ZodIssue): boolean {
  return issue.path.length > 0 || issue.code === 'unrecognized_keys' || issue.code === 'custom';
}

function foreignKeys(issues: readonly z.core.$ZodIssue[]): number {
  return issues.filter((issue) => issue.code === 'unrecognized_keys' && issue.path.length === 0).length;
}
