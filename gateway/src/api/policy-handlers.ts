import { SluiceError } from '../../contract/error.ts';
import type { policyEndpoints, ReplayReply } from '../../contract/policy-endpoints.ts';
import { compileTexts } from '../core/policy/files/documents.ts';
import { readerLines } from '../core/policy/replay/reader-lines.ts';
import { replay } from '../core/policy/replay/replay.ts';
import { mustAudit } from './auditing.ts';
import { coverageHandlers } from './coverage.ts';
import type { Handlers } from './handlers.ts';
import { accessHandlers } from './policy-access.ts';
import type { ApiServices } from './services.ts';

/** What administrators and auditors ask about policies. */
export function policyHandlers(services: ApiServices): Pick<Handlers, keyof typeof policyEndpoints> {
  const replays = new OneAtATime();
  return {
    policyReplay: async ({ body, caller }): Promise<ReplayReply> => {
      mustAudit(services, caller);
      const candidate = compileTexts(body.documents);
      if (candidate.kind === 'invalid') return candidate;
      const since = body.since === undefined ? null : new Date(body.since);
      const wanted = { target: body.target ?? null, since, limit: body.limit };
      const options = {
        ...(since === null ? {} : { since }),
        ...(body.against === 'inForce' ? { base: services.policy.current() } : {}),
      };
      const asked = body.dryRun ? candidate.policy.onTrial() : candidate.policy;
      const report = await replays.run(() => replay(readerLines(services.records, wanted), asked, options));
      return { kind: 'replayed', report };
    },
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
    ...accessHandlers(services),
    ...coverageHandlers(services),
  };
}

/** A replay takes the processor: a second one waits for the first. */
class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
