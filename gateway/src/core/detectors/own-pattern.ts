import { RE2JS } from 're2js';
import type { Finder } from './detector.ts';
import { patternProblem } from './pattern-syntax.ts';

/** A pattern of the policy's own. `matches` is in the syntax that `patternProblem` lets through. */
export type OwnPattern = { name: string; matches: string };

/** Compiles a pattern, or says what is wrong with it. */
export function compilePattern({ name, matches }: OwnPattern): { finder: Finder } | { problem: string } {
  const problem = patternProblem(matches);
  if (problem !== null) return { problem };
  try {
    return { finder: finderOf(name, RE2JS.compile(matches)) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function finderOf(name: string, expression: RE2JS): Finder {
  return {
    name,
    label: name,
    next: (window, from) => {
      const { bytes, start, end } = window;
      // A match begins where a character does.
      let at = from;
      while (at < end && ((bytes[at] ?? 0) & 0xc0) === 0x80) at += 1;
      const matcher = expression.matcher(bytes.subarray(start, end));
      if (!matcher.find(at - start)) return null;
      return { start: start + matcher.start(), end: start + matcher.end() };
    },
  };
}
