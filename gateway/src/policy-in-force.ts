import { SluiceError } from '../contract/error.ts';
import type { PolicyFile } from '../contract/policy-endpoints.ts';
import { compilePolicy } from './core/policy/compile/compile-policy.ts';
import { watchPolicy } from './core/policy/files/watch.ts';
import { formatProblem } from './core/policy/language/problem.ts';
import type { Policy, PolicyInForce } from './core/policy/policy.ts';

export type OpenPolicy = PolicyInForce & { files(): readonly PolicyFile[]; close(): void };

/** The configured policy, kept in step with its files; without one, a policy that blocks everything. */
export async function policyInForce(
  path: string | undefined,
  tell: (line: string) => void,
): Promise<OpenPolicy> {
  if (path !== undefined) {
    return watchPolicy(path, {
      onActivated: (policy) => tell(`The policy ${policy.version.slice(0, 12)} is in force.`),
      onRejected: (problems) =>
        tell(
          `The changed policy was rejected, the last good one stays:\n${problems.map(formatProblem).join('\n')}`,
        ),
    });
  }
  tell('No policy is configured, so every statement is blocked. Set `policy` to a file or folder.');
  const policy = emptyPolicy();
  return { current: () => policy, onChange: () => () => undefined, files: () => [], close: () => undefined };
}

/** No rules: nothing matches, so everything is blocked. */
function emptyPolicy(): Policy {
  const compiled = compilePolicy([]);
  if (compiled.kind === 'compiled') return compiled.policy;
  throw new SluiceError('internal.fault', 'An empty policy did not compile.');
}
