import { type ExitCode, type Surroundings, UsageError } from './command.ts';
import { policyWhat, policyWho } from './policy-access.ts';
import { policyCheck } from './policy-check.ts';
import { policyHistory, policyRestore, policyShow } from './policy-history.ts';
import { policyReplay } from './policy-replay.ts';

/** `policy check|test|replay|who|what|history|show|restore …` */
export async function policy(
  [action, ...rest]: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  switch (action) {
    case 'check':
      return policyCheck(rest, surroundings);
    case 'test':
      // It brings the readers of SQL and shell, which no other command needs in this thread.
      return (await import('./policy-test.ts')).policyTest(rest, surroundings);
    case 'replay':
      return policyReplay(rest, surroundings);
    case 'who':
      return policyWho(rest, surroundings);
    case 'what':
      return policyWhat(rest, surroundings);
    case 'history':
      return policyHistory(rest, surroundings);
    case 'show':
      return policyShow(rest, surroundings);
    case 'restore':
      return policyRestore(rest, surroundings);
    default:
      throw new UsageError('Write: sluice policy check, test, replay, who, what, history, show or restore.');
  }
}
