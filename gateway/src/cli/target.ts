import { type ExitCode, explain, type Surroundings, UsageError } from './command.ts';
import { targetCheck } from './target-check.ts';
import { targetDescribe } from './target-describe.ts';
import { targetPrepare } from './target-prepare.ts';

/**
 * `target prepare NAME`, `target check NAME`, `target describe NAME`. Errors are told here: in the bundled gateway this is a file of its own,
 * whose errors the other would not know.
 */
export async function target(
  [action, ...rest]: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  try {
    if (action === 'prepare') return await targetPrepare(rest, surroundings);
    if (action === 'check') return await targetCheck(rest, surroundings);
    if (action === 'describe') return await targetDescribe(rest, surroundings);
    throw new UsageError('Write: sluice target prepare, check or describe, and the NAME of a target.');
  } catch (error) {
    const { text, exit } = explain(error);
    surroundings.say(text);
    return exit;
  }
}
