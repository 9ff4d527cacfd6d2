import type { ApprovalRequest, ShownRequest } from '../../contract/approval-request.ts';
import { SluiceError } from '../../contract/error.ts';
import type { RequestId } from '../../contract/ids.ts';
import type { Principal } from '../../contract/principal.ts';
import { actsOf, type Elector, maySee } from '../core/approvals/electorate.ts';
import type { ApiServices } from './services.ts';

/** Who looks at requests: an auditor sees all, and may do no more with them than anybody else. */
export type Viewer = { elector: Elector; isAuditor: boolean };

/** Somebody, with all groups that they may decide for at this moment. */
export function viewerOf({ policy, auditorGroups, now }: ApiServices, principal: Principal): Viewer {
  return {
    elector: { principal, groups: policy.current().groupsToApprove(principal, now()) },
    isAuditor: principal.groups.some((group) => auditorGroups.includes(group)),
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
export function shownTo({ elector, isAuditor }: Viewer, request: ApprovalRequest): ShownRequest | null {
  if (!isAuditor && !maySee(request, elector)) return null;
  return { request, acts: actsOf(request, elector) };
}
