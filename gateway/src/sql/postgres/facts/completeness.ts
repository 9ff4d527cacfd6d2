import { hasFields } from '../parse/node.ts';
import type { Walk } from './walk.ts';

/** Fields with names that mean nothing yet, or only repeat what stands elsewhere. */
const NAMES_ONLY: ReadonlySet<string> = new Set(['intoClause', 'lockingClause']);

/** Fields by which a reference to a relation or column, a call, an operator or a sub-query is known. */
const REFERRING: ReadonlySet<string> = new Set([
  'relname',
  'funcname',
  'fields',
  'subselect',
  'lexpr',
  'rexpr',
]);

/**
 * A net below the walk of a query: every reference to a relation or column, every call, operator and sub-query of
 * the tree must have been looked at. One that wasn't stands in a place that nobody thought of.
 */
export function noteUnvisited(walk: Walk, part: unknown): void {
  if (Array.isArray(part)) {
    for (const item of part) noteUnvisited(walk, item);
    return;
  }
  if (!hasFields(part)) return;
  for (const field in part) {
    if (REFERRING.has(field) && !walk.findings.visited.has(part)) {
      walk.findings.unknowns.add('a part of the statement stands where it is not understood');
      return;
    }
    if (!NAMES_ONLY.has(field)) noteUnvisited(walk, part[field]);
  }
}
