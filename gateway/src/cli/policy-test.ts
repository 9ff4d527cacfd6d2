import { readFile } from 'node:fs/promises';
import { type ReadTests, readTests } from '../core/policy/expectations/read.ts';
import { invalidPolicy, loadPolicy, testFiles } from '../core/policy/files/load.ts';
import { formatProblem, type Problem } from '../core/policy/language/problem.ts';
import { casesOf } from '../policy-tests/cases.ts';
import { type Result, runTests } from '../policy-tests/run-tests.ts';
import { titleOf } from '../policy-tests/title.ts';
import { createPostgresEngine } from '../sql/postgres/engine.ts';
import { noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';

const OPTIONS = { tests: { type: 'string', multiple: true }, json: { type: 'boolean' } } as const;

/** `policy test PATH`: asks the policy what its expectations say. 0 when all of them are met. */
export async function policyTest(args: readonly string[], { out, say }: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  const [path] = positionals;
  if (path === undefined) throw new UsageError('Say which policy file or folder to test.');
  noMore(positionals, 1);
  const policy = await loadPolicy(path);
  const files = values.tests ?? (await testFiles(path));
  const cases = (await Promise.all(files.map(testsIn))).flatMap(casesOf);
  if (cases.length === 0) {
    say(`There are no expectations for ${path}: write some into NAME.test.yaml beside it.`);
    return 1;
  }
  const engine = createPostgresEngine();
  try {
    const results = await runTests(cases, policy, engine, new Date());
    if (values.json === true) out(JSON.stringify(results.map(asJson), null, 2));
    else for (const result of results) for (const line of linesOf(result)) out(line);
    const unmet = results.filter((result) => !isMet(result)).length;
    say(summaryOf(results.length, unmet));
    return unmet === 0 ? 0 : 1;
  } finally {
    await engine.close();
  }
}

async function testsIn(file: string): Promise<ReadTests> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} can't be read (${error.code ?? error.message}).`);
  });
  const result = readTests(file, text);
  if (result.kind === 'read') return result.read;
  throw invalidPolicy(result.problems);
}

function isMet(result: Result): boolean {
  return result.kind === 'decided' && result.differences.length === 0;
}

function linesOf(result: Result): string[] {
  if (result.kind === 'invalid') return [formatProblem(result.problem)];
  const { case: one, differences, decision } = result;
  if (differences.length === 0) return [];
  return [
    formatProblem(one.at(titleOf(one))),
    ...differences.flatMap(({ what, expected, actual }) => [
      `  - ${what}: ${expected}`,
      `  + ${what}: ${actual}`,
    ]),
    `  ${decision.sentence}`,
    '',
  ];
}

function asJson(result: Result): { met: boolean; at: Problem; differences?: unknown; decision?: unknown } {
  if (result.kind === 'invalid') return { met: false, at: result.problem };
  const { differences, decision } = result;
  return { met: isMet(result), at: result.case.at(titleOf(result.case)), differences, decision };
}

function summaryOf(all: number, unmet: number): string {
  const many = all === 1 ? '1 expectation' : `${all} expectations`;
  if (unmet === 0) return `${many}, all met.`;
  return `${unmet} of ${many} ${unmet === 1 ? 'is' : 'are'} not met.`;
}
