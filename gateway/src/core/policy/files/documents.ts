import { type Compilation, compilePolicy } from '../compile/compile-policy.ts';
import type { Problem } from '../language/problem.ts';
import { type ReadDocument, readDocument } from '../language/read.ts';
import { isTestFile } from '../language/test-file.ts';

/** Compiles a policy of texts that somebody holds; files of tests are left out. */
export function compileTexts(documents: ReadonlyArray<{ file: string; text: string }>): Compilation {
  const read: ReadDocument[] = [];
  const problems: Problem[] = [];
  for (const { file, text } of documents.filter((one) => !isTestFile(one.file))) {
    const result = readDocument(file, text);
    if (result.kind === 'read') read.push(result.read);
    else problems.push(...result.problems);
  }
  return problems.length > 0 ? { kind: 'invalid', problems } : compilePolicy(read);
}
