import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { SluiceError } from '../../../../contract/error.ts';
import type { PolicyFile } from '../../../../contract/policy-endpoints.ts';
import { type Compilation, compilePolicy } from '../compile/compile-policy.ts';
import { formatProblem, type Problem } from '../language/problem.ts';
import { type ReadDocument, readDocument } from '../language/read.ts';
import { isTestFile } from '../language/test-file.ts';
import type { Policy } from '../policy.ts';

/** A policy as its files had it. `file` is the name below the policy's folder. */
export type LoadedPolicy = { policy: Policy; files: PolicyFile[] };
export type Loading = ({ kind: 'compiled' } & LoadedPolicy) | Extract<Compilation, { kind: 'invalid' }>;

/**
 * Reads and compiles a policy: one YAML file, or every `.yaml` and `.yml` under a folder, merged. What can't be
 * read is a problem like any other.
 */
export async function checkPolicy(path: string): Promise<Loading> {
  let files: string[];
  try {
    files = await policyFiles(path);
  } catch (error) {
    return { kind: 'invalid', problems: [unreadable(path, error)] };
  }
  if (files.length === 0) {
    return {
      kind: 'invalid',
      problems: [at(path, 'the folder holds no .yaml or .yml file; put the policy there')],
    };
  }
  const results = await Promise.all(files.map(readOne));
  const problems = results.flatMap((result) => (result.kind === 'invalid' ? result.problems : []));
  if (problems.length > 0) return { kind: 'invalid', problems };
  const read = results.flatMap((result) => (result.kind === 'read' ? [result] : []));
  const compiled = compilePolicy(read.map((one) => one.read));
  if (compiled.kind === 'invalid') return compiled;
  const named = read.map(({ file, text }) => ({ file: relative(path, file) || basename(file), text }));
  return { ...compiled, files: named };
}

/**
 * Loads a policy, or fails with every problem in the message.
 *
 * @throws SluiceError `policy.invalid`
 */
export async function loadPolicy(path: string): Promise<Policy> {
  const result = await checkPolicy(path);
  if (result.kind === 'compiled') return result.policy;
  throw invalidPolicy(result.problems);
}

/** The error of a policy that can't be used, a line for each problem. */
export function invalidPolicy(problems: readonly Problem[]): SluiceError {
  const lines = problems.map(formatProblem);
  return new SluiceError(
    'policy.invalid',
    `The policy can't be used:\n${lines.join('\n')}`,
    'Mend the policy at these places; `sluice policy check PATH` checks it without starting anything.',
  );
}

/** The YAML files of a policy without those of its tests, sorted, so that problems come in a stable order. */
export async function policyFiles(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  return (await yamlBelow(path)).filter((file) => !isTestFile(file));
}

/** Files of expectations: those below a policy's folder, or beside a policy of one file. */
export async function testFiles(path: string): Promise<string[]> {
  const isFolder = (await stat(path)).isDirectory();
  const files = await yamlBelow(isFolder ? path : dirname(path), isFolder);
  const own = isFolder ? '' : path.replace(/\.ya?ml$/, '');
  return files.filter((file) => isTestFile(file) && (isFolder || file.replace(/\.test\.ya?ml$/, '') === own));
}

async function yamlBelow(folder: string, recursive = true): Promise<string[]> {
  const entries = await readdir(folder, { recursive, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory() && /\.ya?ml$/.test(entry.name));
  return files.map((entry) => join(entry.parentPath, entry.name)).toSorted();
}

async function readOne(
  file: string,
): Promise<
  { kind: 'read'; read: ReadDocument; file: string; text: string } | { kind: 'invalid'; problems: Problem[] }
> {
  try {
    const text = await readFile(file, 'utf8');
    const result = readDocument(file, text);
    return result.kind === 'invalid' ? result : { ...result, file, text };
  } catch (error) {
    return { kind: 'invalid', problems: [unreadable(file, error)] };
  }
}

function unreadable(file: string, error: unknown): Problem {
  return at(file, `it can't be read (${error instanceof Error ? error.message : String(error)})`);
}

function at(file: string, what: string): Problem {
  return { file, line: 1, column: 1, what };
}
