import type { ApprovalRequest, ShownRequest } from '../../contract/approval-request.ts';
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

/** A request as this person is shown it; null where they may not know that there is one. */
export function shownTo({ elector, isAuditor }: Viewer, request: ApprovalRequest): ShownRequest | null {
  if (!isAuditor && !maySee(request, elector)) return null;
  return { request, acts: actsOf(request, elector) };
}
