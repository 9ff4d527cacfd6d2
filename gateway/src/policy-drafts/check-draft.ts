import type { DraftReport, UnmetExpectation } from '../../contract/policy-draft.ts';
import type { PolicyFile } from '../../contract/policy-endpoints.ts';
import { readTests } from '../core/policy/expectations/read.ts';
import { compileTexts } from '../core/policy/files/documents.ts';
import type { Problem } from '../core/policy/language/problem.ts';
import { isTestFile } from '../core/policy/language/test-file.ts';
import { type Case, casesOf } from '../policy-tests/cases.ts';
import { type Result, runTests } from '../policy-tests/run-tests.ts';
import { titleOf } from '../policy-tests/title.ts';
import type { SqlEngine } from '../sql/engine.ts';

/** What `sluice policy check` and `sluice policy test` say of these files. */
export async function checkDraft(
  documents: readonly PolicyFile[],
  engine: SqlEngine,
  now: Date,
): Promise<DraftReport> {
  const compiled = compileTexts(documents);
  const tests = documents.filter(({ file }) => isTestFile(file));
  const read = tests.map(({ file, text }) => readTests(file, text));
  const problems = read.flatMap((one) => (one.kind === 'invalid' ? one.problems : []));
  if (compiled.kind === 'invalid') {
    return { version: null, problems: [...compiled.problems, ...problems], expectations: null };
  }
  const cases = read.flatMap((one) => (one.kind === 'read' ? casesOf(one.read) : []));
  const results = await runTests(cases, compiled.policy, engine, now);
  return {
    version: compiled.policy.version,
    problems: [...problems, ...results.flatMap(problemOf)],
    expectations: { asked: cases.length, unmet: results.flatMap(unmet) },
  };
}

function problemOf(result: Result): Problem[] {
  return result.kind === 'invalid' ? [result.problem] : [];
}

function unmet(result: Result): UnmetExpectation[] {
  if (result.kind === 'invalid' || result.differences.length === 0) return [];
  const { case: one, decision, differences } = result;
  const title = titleOf(one);
  return [{ ...placeOf(one), title, differences, sentence: decision.sentence }];
}

function placeOf(one: Case): Omit<Problem, 'what'> {
  const { file, line, column } = one.at('');
  return { file, line, column };
}
