import type { BashGrammar } from '../../../shell/audit/grammar.ts';
import { type AuditedReading, readAudited } from '../../../shell/audit/read-audited.ts';
import { readStrict, type StrictReading } from '../../../shell/strict/read-strict.ts';

export type Reading = StrictReading | AuditedReading;

/** Reads what a person typed: what it would do, and what of it a shell may be given. */
export type ReadLine = (line: string) => Reading;

/** Strict mode: what is not understood to its last word does not run. */
export const readStrictly: ReadLine = readStrict;

/**
 * Audit mode: what strict mode understands is as there; any other line of Bash goes on as written, decided as far as it
 * tells what it does.
 */
export function readingAll(grammar: BashGrammar): ReadLine {
  return (line) => {
    const strict = readStrict(line);
    return strict.outcome === 'refused' ? readAudited(line, grammar) : strict;
  };
}
