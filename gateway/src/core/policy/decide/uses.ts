import type { HostUse } from '../../../../contract/host-facts.ts';
import type { ActionRule } from '../compile/rule.ts';
import { means } from '../host/selector.ts';

/** Whether a rule is about one thing that is done with a host: where it allows, beyond doubt. */
export function isAboutUse(rule: ActionRule, use: HostUse, account: string): boolean {
  return rule.outcome === 'allow' ? opensUse(rule, use, account) : may(rule, use, account);
}

/** Whether a rule that allows or asks lets it happen. */
export function opensUse(rule: ActionRule, use: HostUse, account: string): boolean {
  return rule.doing(use) && means(rule.on.host, use, account, rule.outcome === 'allow');
}

/** What whoever may use a host may do there without a rule of its own: it shows and changes nothing. */
export function isHarmless(use: HostUse): boolean {
  return use.kind === 'run' && use.program.by.length === 0 && SHELL_OWN.has(use.program.program);
}

const SHELL_OWN: ReadonlySet<string> = new Set([
  ...['cd', 'pwd', 'exit', 'logout', 'jobs', 'fg', 'bg', 'wait', 'true', 'false', ':'],
]);

function may(rule: ActionRule, use: HostUse, account: string): boolean {
  return rule.doing(use) && means(rule.on.host, use, account, false);
}
