import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { root } from '../setup/root.ts';
import { searchPath } from '../setup/system-packages.ts';
import type { Step } from './steps.ts';

/** `failures`: what each failed test said, for the end of a long output. */
export type StepResult = { passed: number; failed: number; failures: readonly string[] };

/** Runs one step with its output on this terminal. A step that breaks counts as one failure, never as none. */
export async function runStep(step: Step, fileNames: readonly string[]): Promise<StepResult> {
  if (step.kind === 'command') {
    const file = step.argv[1];
    if (step.argv[0] === 'node' && file !== undefined && !existsSync(join(root, file)))
      return nothing(step.name);
    const code = await run(step.argv, step.env);
    return code === 0 ? { passed: 1, failed: 0, failures: [] } : brokenStep(step.name);
  }
  const files = step.globs.flatMap((glob) => globSync(glob, { cwd: root })).sort();
  const picked = fileNames.length === 0 ? files : files.filter((file) => fileNames.includes(suiteName(file)));
  if (picked.length === 0) {
    if (fileNames.length === 0) return nothing(step.name);
    console.log(`No suite is called ${fileNames.join(', ')}; there are: ${files.map(suiteName).join(', ')}.`);
    return brokenStep(step.name);
  }
  return runTests(picked, step);
}

async function runTests(files: readonly string[], step: Step & { kind: 'tests' }): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const summaryFile = join(folder, 'summary.json');
  try {
    const argv = [
      'node',
      '--disable-warning=ExperimentalWarning',
      '--test',
      `--test-concurrency=${step.parallel}`,
      `--test-timeout=${step.timeoutMs}`,
      `--test-reporter=${join(root, 'scripts/test/reporter.ts')}`,
      '--test-reporter-destination=stdout',
      ...files,
    ] as const;
    const code = await run(argv, { ...step.env, SLUICE_TEST_SUMMARY: summaryFile });
    if (!existsSync(summaryFile)) return brokenStep(step.name);
    const summary = z
      .object({ passed: z.int(), failed: z.int(), failures: z.array(z.string()) })
      .parse(JSON.parse(readFileSync(summaryFile, 'utf8')));
    return code !== 0 && summary.failed === 0
      ? { ...brokenStep(step.name), passed: summary.passed }
      : summary;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** "test/e2e/main-job.e2e.ts" is the suite "main-job". */
function suiteName(file: string): string {
  return basename(file).replace(/\.(e2e|test)\.tsx?$/, '');
}

function nothing(name: string): StepResult {
  console.log(`${name} has no tests yet.`);
  return { passed: 0, failed: 0, failures: [] };
}

function brokenStep(name: string): StepResult {
  return { passed: 0, failed: 1, failures: [`  ✖ ${name}: see its part of the output.\n`] };
}

function run(
  argv: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const [command, ...args] = argv;
  return new Promise((settle) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env, PATH: searchPath() },
    });
    child.on('error', (error) => {
      console.error(`${command} does not start: ${error.message}`);
      settle(1);
    });
    child.on('exit', (code) => settle(code ?? 1));
  });
}
