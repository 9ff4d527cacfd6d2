/** Reporter for `node --test`: one line a file, failures in full, and totals and failures as JSON in SLUICE_TEST_SUMMARY. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const failures: string[] = [];
  for await (const event of events) {
    if (event.type === 'test:fail') {
      // A suite fails because of its tests, which have been told already.
      if (event.data.details.error.cause !== undefined && isSubtestsFailed(event.data.details.error))
        continue;
      const at = `${shown(event.data.file)}:${event.data.line ?? 0}`;
      const failure = `  ✖ ${event.data.name}  (${at})\n${indent(explained(event.data.details.error))}\n`;
      failures.push(failure);
      yield failure;
    } else if (event.type === 'test:stderr' || event.type === 'test:stdout') {
      yield event.data.message;
    } else if (event.type === 'test:summary') {
      const { counts, file, duration_ms: durationMs } = event.data;
      const failed = counts.tests - counts.passed - counts.skipped - counts.todo;
      if (file === undefined) {
        const target = process.env.SLUICE_TEST_SUMMARY;
        if (target) writeFileSync(target, JSON.stringify({ passed: counts.passed, failed, failures }));
      } else {
        const skipped = counts.skipped + counts.todo > 0 ? `, ${counts.skipped + counts.todo} skipped` : '';
        yield `  ${failed > 0 ? '✖' : '✔'} ${shown(file)}  ${counts.passed}/${counts.tests}${skipped}  ${Math.round(durationMs)} ms\n`;
      }
    }
  }
}

/** An assertion says all in its message; its properties would only repeat it. */
function explained(error: Error): string {
  const cause = error.cause ?? error;
  const isAssertion = cause instanceof Error && 'code' in cause && cause.code === 'ERR_ASSERTION';
  return isAssertion ? (cause.stack ?? cause.message) : inspect(cause, { depth: 4 });
}

function isSubtestsFailed(error: Error): boolean {
  return 'failureType' in error && error.failureType === 'subtestsFailed';
}

function shown(file: string | undefined): string {
  return file === undefined ? '' : relative(process.cwd(), file);
}

function indent(text: string): string {
  return text.replace(/^/gm, '      ');
}
