import { SluiceError } from '../../contract/error.ts';
import type { Target } from '../../contract/target.ts';
import type { GatewayConfig, TargetConfig } from '../config.ts';
import { loadConfig } from '../config-load.ts';
import { checkPolicy } from '../core/policy/files/load.ts';
import { formatProblem } from '../core/policy/language/problem.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { PolicyReach } from '../sql/postgres/prepare/policy-reach.ts';
import { targetReach } from '../target-reach.ts';
import { UsageError } from './command.ts';

/** A target as the configuration has it, with what the policy can mean for it. */
export type ConfiguredTarget = { config: TargetConfig; policy: Policy; reach: PolicyReach };

/** @throws SluiceError `config.*`, `policy.invalid`, `target.unknown` */
export async function configuredTarget(
  name: string | undefined,
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<ConfiguredTarget> {
  if (name === undefined) throw new UsageError('Say which target.');
  const config = loadConfig(file ?? null, environment);
  const found = config.targets.find((target) => target.name === name);
  if (found === undefined) {
    throw new SluiceError(
      'target.unknown',
      `The configuration has no target ${name}.`,
      'Give the file that names it with --config.',
    );
  }
  const target: Target = { name: found.name, kind: found.kind, labels: found.labels };
  const policy = await policyOf(config);
  return { config: found, policy, reach: targetReach(policy, target) };
}

async function policyOf({ policy }: GatewayConfig): Promise<Policy> {
  if (policy === undefined) {
    throw new SluiceError(
      'policy.invalid',
      'The configuration names no policy, so there is nothing to prepare a target for.',
      'Set `policy` to a file or folder.',
    );
  }
  const checked = await checkPolicy(policy);
  if (checked.kind === 'compiled') return checked.policy;
  throw new SluiceError(
    'policy.invalid',
    checked.problems.map(formatProblem).join('\n'),
    'Correct the policy; `sluice policy check` tests it.',
  );
}
