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
