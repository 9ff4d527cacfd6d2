import type { Ask } from '../../../../contract/ask.ts';
import type { RuleId } from '../../../../contract/ids.ts';
import { secondsOf } from '../language/duration.ts';
import type { Approve, Unmask } from '../language/schema.ts';

/** How long a statement waits where its rule doesn't say. */
const WAIT_SECONDS = 15 * 60;

/** What a rule asks for before its mask is lifted; `windowSeconds` is the longest time for which it may be. */
export function compileUnmask(rule: RuleId, { for: longest = '30 minutes', ...asked }: Unmask): Ask {
  return compileAsk(rule, { ...asked, window: longest });
}

/** What a rule asks for, with what it leaves unsaid filled in. */
export function compileAsk(rule: RuleId, approve: Approve): Ask {
  const { each, by = [], people = 1, wait, window, breakGlass = [] } = approve;
  const groups = [...new Set(each ?? by)];
  const least = each === undefined ? 1 : groups.length;
  return {
    rule,
    groups,
    of: each === undefined ? 'any' : 'each',
    quorum: Math.max(people, least),
    waitSeconds: wait === undefined ? WAIT_SECONDS : secondsOf(wait),
    windowSeconds: window === undefined ? null : secondsOf(window),
    breakGlass,
  };
}
