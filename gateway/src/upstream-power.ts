import { withDatabase } from './administration.ts';
import type { TargetConfig } from './config.ts';
import type { PostgresTarget } from './proxies/postgres/target.ts';
import { powerOf } from './sql/postgres/prepare/check/power.ts';
import { upstreamAddress } from './targets.ts';

const MAX_TOLD = 5;

/**
 * Says in words what a target's role could do past its masks, were there no gateway. A target that is away is told of
 * elsewhere.
 */
export async function warnOfPower(
  config: TargetConfig,
  target: PostgresTarget,
  tell: (line: string) => void,
): Promise<void> {
  const address = upstreamAddress(config);
  const asked = Promise.all([withDatabase(address, powerOf), target.exposures()]);
  const [role, exposures] = await asked.catch(() => [[], []]);
  const reasons = [...role.map(({ why }) => why), ...exposures];
  if (reasons.length === 0) return;
  const more = reasons.length > MAX_TOLD ? ` (and ${reasons.length - MAX_TOLD} more)` : '';
  tell(
    `The role ${address.user} of target ${config.name} has more power than it needs: ${reasons.slice(0, MAX_TOLD).join('; ')}${more}. \`sluice target check ${config.name}\` says what is open.`,
  );
}
