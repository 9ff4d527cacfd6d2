import { SluiceError } from '../../contract/error.ts';
import type { policyEndpoints } from '../../contract/policy-endpoints.ts';
import { mustAudit } from './auditing.ts';
import { coverageHandlers } from './coverage.ts';
import type { Handlers } from './handlers.ts';
import { accessHandlers } from './policy-access.ts';
import { replayHandlers } from './policy-replay.ts';
import type { ApiServices } from './services.ts';

/** What administrators and auditors ask about policies. */
export function policyHandlers(services: ApiServices): Pick<Handlers, keyof typeof policyEndpoints> {
  return {
    policyVersions: async ({ caller }) => {
      mustAudit(services, caller);
      return { activations: (await services.policyHistory?.list()) ?? [] };
    },
    policyVersion: async ({ params, caller }) => {
      mustAudit(services, caller);
      const found = await services.policyHistory?.find(params.version);
      if (found) return found;
      throw new SluiceError(
        'request.invalid',
        `No one policy whose version begins with ${params.version} was in force.`,
        '`sluice policy history` lists them.',
      );
    },
    ...replayHandlers(services),
    ...accessHandlers(services),
    ...coverageHandlers(services),
  };
}
