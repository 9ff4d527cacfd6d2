/** One thing wrong with a policy: where (1-based), what, and what to write instead. */
export type Problem = { file: string; line: number; column: number; what: string };

/** As compilers print them, so that editors make links of them: `policy/shop.yaml:12:5: …`. */
export function formatProblem(problem: Problem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.what}`;
}
