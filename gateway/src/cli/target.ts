import { type ExitCode, type Surroundings, UsageError } from './command.ts';
import { targetCheck } from './target-check.ts';
import { targetPrepare } from './target-prepare.ts';

/** `target prepare NAME`, `target check NAME`. */
export async function target(
  [action, ...rest]: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  if (action === 'prepare') return targetPrepare(rest, surroundings);
  if (action === 'check') return targetCheck(rest, surroundings);
  throw new UsageError('Write: sluice target prepare NAME, or sluice target check NAME.');
}
