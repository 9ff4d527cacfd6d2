import type { Target } from '../contract/target.ts';
import type { Policy } from './core/policy/policy.ts';
import type { PolicyReach } from './sql/postgres/prepare/policy-reach.ts';

/** What a policy can mean for a target: what preparing and checking its database depend on. */
export function targetReach(policy: Policy, target: Target): PolicyReach {
  return {
    reviewedFunctions: policy.reviewedFunctions(target),
    of: (relation, columns) => policy.reachOf(target, relation, columns),
    keepingNothing: (columns) => policy.rulesKeepingNothing(target, columns),
  };
}
