import type { Decision } from '../../../../contract/decision.ts';
import type { SqlFacts } from '../../../../contract/facts.ts';

/** What the analysis says of a name that means nothing, with the server's SQLSTATE for it (manual, Appendix A). */
const UNKNOWN_NAMES: ReadonlyArray<readonly [RegExp, sqlState: string]> = [
  [/^(column .+ does not exist)(?: in the tables in reach)?$/, '42703'],
  [/^(relation .+) is not in the catalogue$/, '42P01'],
  [/^(function .+) is not known$/, '42883'],
];

/**
 * The server's way of saying that a name means nothing, where that is the only reason against a statement: ORMs and
 * tools branch on these codes. Null where anything else stands against it.
 */
export function unknownName(decision: Decision, facts: SqlFacts): { code: string; message: string } | null {
  const [unknown, ...more] = facts.unknowns;
  if (unknown === undefined || more.length > 0 || decision.rules.length > 0) return null;
  if (!decision.sentence.includes(unknown)) return null;
  for (const [pattern, code] of UNKNOWN_NAMES) {
    const what = pattern.exec(unknown)?.[1];
    if (what === undefined) continue;
    return { code, message: what.endsWith(' does not exist') ? what : `${what} does not exist` };
  }
  return null;
}
