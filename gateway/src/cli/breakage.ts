/** Innermost last; deeper ones explain no more. */
const MAX_CAUSES = 5;

/**
 * Says of what breaks this process where it broke, and nothing of what it worked on: an error's message and properties
 * hold rows, statements and passwords. For the same reason Node writes no report, whatever its options say: it would
 * hold the environment and the command line. The process then ends with exit code 1; what was released is on disk.
 */
export function endBroken(say: (text: string) => void): void {
  const { report } = process;
  report.reportOnFatalError = false;
  report.reportOnSignal = false;
  report.reportOnUncaughtException = false;
  // One that is asked for in code.
  report.excludeEnv = true;
  process.on('uncaughtException', (error: unknown) => {
    say(
      `Sluice is broken and ends: this is a fault of its own. Report these lines, which hold no data:\n${whereOf(error)}`,
    );
    process.exit(1);
  });
}

/** What kind of error it is, its code, and where it was thrown; the same of what caused it. */
export function whereOf(error: unknown): string {
  const chain: string[] = [];
  for (let cause = error, depth = 0; depth < MAX_CAUSES && cause !== undefined; depth += 1) {
    chain.push(oneOf(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return chain.join('\ncaused by ');
}

function oneOf(error: unknown): string {
  if (!(error instanceof Error)) return `a value that is no error (${typeof error})`;
  const code =
    'code' in error && typeof error.code === 'string' && /^\w+(\.\w+)*$/.test(error.code)
      ? ` ${error.code}`
      : '';
  return [`${error.constructor.name}${code}`, ...framesOf(error)].join('\n');
}

/** The lines of the stack that name a place in a program; a message may have lines that only begin like them. */
function framesOf({ message, stack = '' }: Error): string[] {
  const at = stack.indexOf(message);
  const frames = at < 0 ? '' : stack.slice(at + message.length);
  return frames.split('\n').filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line));
}
