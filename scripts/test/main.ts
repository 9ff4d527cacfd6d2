/** `npm test`: every step of steps.ts. With arguments: `main.ts STEP [NAME …]`, NAME picking files of the step. */
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareNeed } from '../setup/system-packages.ts';
import { runStep, type StepResult } from './run-step.ts';
import { rounds, type Step } from './steps.ts';
import { removeWritten, writtenFolder } from './written.ts';

/** Where a suite that can't run is a failure. */
const isCi = !['', 'false', '0'].includes(process.env.CI ?? '');
const [stepName, ...fileNames] = process.argv.slice(2);
const steps = rounds.flat();
const chosen = stepName === undefined ? rounds : steps.filter((step) => step.name === stepName);
if (chosen.length === 0) {
  console.error(`There is no step "${stepName}"; there are: ${steps.map((step) => step.name).join(', ')}.`);
  process.exit(2);
}

const keptFolder = writtenFolder();
const folder = keptFolder ?? mkdtempSync(join(tmpdir(), 'sluice-'));
// Servers run as another user when this one is root.
chmodSync(folder, 0o711);
process.env.SLUICE_WRITTEN = folder;
process.env.TMPDIR = folder;

let passed = 0;
let failed = 0;
const failures: string[] = [];
for (const round of chosen) {
  for (const result of await Promise.all([round].flat().map(prepareAndRun))) {
    passed += result.passed;
    failed += result.failed;
    failures.push(...result.failures);
  }
}
// Whoever named a folder looks into it.
delete process.env.SLUICE_WRITTEN;
if (keptFolder === null) removeWritten(folder);
// Said again where a long output is read first.
if (failures.length > 0) console.log(`\n── failed\n${failures.join('')}`);
console.log('');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function prepareAndRun(step: Step): Promise<StepResult> {
  console.log(`\n── ${step.name}`);
  const startedMs = Date.now();
  const missing = step.needs.map(prepareNeed).filter((sentence) => sentence !== null);
  if (missing.length > 0) {
    for (const sentence of missing) console.log(`Skipped ${step.name}: ${sentence}`);
    return {
      passed: 0,
      failed: isCi ? 1 : 0,
      failures: isCi ? missing.map((sentence) => `  ✖ ${step.name} was skipped: ${sentence}\n`) : [],
    };
  }
  const result = await runStep(step, fileNames);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  console.log(`── ${step.name}: ${result.passed} ok, ${result.failed} not ok (${seconds} s)`);
  return result;
}
