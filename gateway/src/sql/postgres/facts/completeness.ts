import type { Walk } from './walk.ts';

/** Fields with names that mean nothing yet, or only repeat what stands elsewhere. */
const NAMES_ONLY: ReadonlySet<string> = new Set(['intoClause', 'lockingClause']);

/**
 * A net below the walk of a query: every reference to a relation or column, every call, operator and sub-query of
 * the tree must have been looked at. One that wasn't stands in a place that nobody thought of.
 */
export function noteUnvisited(walk: Walk, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) noteUnvisited(walk, item);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [field, part] of Object.entries(value)) {
    if (NAMES_ONLY.has(field)) continue;
    if (isReference(part) && !walk.findings.visited.has(part)) {
      walk.findings.unknowns.add('a part of the statement stands where it is not understood');
      return;
    }
    noteUnvisited(walk, part);
  }
}

function isReference(part: unknown): part is object {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return false;
  return (
    'relname' in part ||
    'funcname' in part ||
    'fields' in part ||
    'subselect' in part ||
    'lexpr' in part ||
    'rexpr' in part
  );
}
