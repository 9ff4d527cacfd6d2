import type { ApprovalRequest, ShownRequest } from '../../contract/approval-request.ts';
import { SluiceError } from '../../contract/error.ts';
import type { RequestId } from '../../contract/ids.ts';
import type { Impact } from '../../contract/impact.ts';
import type { Principal } from '../../contract/principal.ts';
import { actsOf, type Elector, maySee } from '../core/approvals/electorate.ts';
import { sampleFor } from '../core/approvals/sample.ts';
import type { ApiServices } from './services.ts';

/** Who looks at requests: an auditor sees all, and may do no more with them than anybody else. */
export type Viewer = {
  elector: Elector;
  isAuditor: boolean;
  /** What they are shown of the rows on a request's card. */
  sampleOf(request: ApprovalRequest): Impact['sample'];
  /** Whether something else can be put in the place of what is asked: not of what is done with a host. */
  isReplaceable(request: ApprovalRequest): boolean;
};

/** Somebody, with all groups that they may decide for at this moment. */
export function viewerOf(services: ApiServices, principal: Principal): Viewer {
  const { policy, auditorGroups, now, targets, hosts } = services;
  return {
    elector: { principal, groups: policy.current().groupsToApprove(principal, now()) },
    isAuditor: principal.groups.some((group) => auditorGroups.includes(group)),
    sampleOf: (request) => {
      const target = targets.get(request.target)?.target ?? null;
      return sampleFor(request, principal, target, policy.current(), now());
    },
    isReplaceable: ({ target }) => !hosts.has(target),
  };
}

/** @throws SluiceError `approval.unknown`, whether there is none or this person may not see it */
export function seenRequest({ approvals }: ApiServices, id: RequestId, viewer: Viewer): ShownRequest {
  const request = approvals.get(id);
  const shown = request === null ? null : shownTo(viewer, request);
  if (shown === null) throw unknownRequest();
  return shown;
}

export function unknownRequest(): SluiceError {
  return new SluiceError(
    'approval.unknown',
    'There is no such request that you may see.',
    'Look at the list of requests: it may have been withdrawn long ago.',
  );
}

/** A request as this person is shown it; null where they may not know that there is one. */
export function shownTo(viewer: Viewer, request: ApprovalRequest): ShownRequest | null {
  const { elector, isAuditor } = viewer;
  if (!isAuditor && !maySee(request, elector)) return null;
  const { impact } = request;
  const shown =
    impact === null ? request : { ...request, impact: { ...impact, sample: viewer.sampleOf(request) } };
  const acts = actsOf(request, elector);
  return {
    request: shown,
    acts: viewer.isReplaceable(request) ? acts : acts.filter((act) => act !== 'propose'),
  };
}
