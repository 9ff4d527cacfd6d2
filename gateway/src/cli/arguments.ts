import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './command.ts';

/** As `parseArgs`, with a mistake told as one of usage. */
export function parsedArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Refuses words that no option and no parameter takes. */
export function noMore(positionals: readonly string[], from: number): void {
  const extra = positionals[from];
  if (extra !== undefined) throw new UsageError(`"${extra}" is one word too many.`);
}

const MAX_LIMIT = 1_000_000;

/** The value of `--limit`. @throws UsageError */
export function limitIn(given: string): number {
  const limit = /^\d{1,7}$/.test(given) ? Number(given) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new UsageError(`--limit is 1 to ${MAX_LIMIT}.`);
}
