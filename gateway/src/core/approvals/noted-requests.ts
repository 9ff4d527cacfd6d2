import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import type { TargetName } from '../../../contract/ids.ts';
import type { EventLog } from '../recording/event-log.ts';
import type { RequestStore } from './approvals.ts';

const LEFT_OUT = '(left out: the policy keeps constants out of records)';

/**
 * Requests whose every state stands in the log before it counts. `hidesConstants`: whether records of a target leave
 * constants out; a request's statement and parameters then stand in no entry.
 */
export function notedRequests(
  store: RequestStore,
  events: EventLog,
  hidesConstants: (target: TargetName) => boolean,
): RequestStore {
  return {
    all: () => store.all(),
    async put(request) {
      const shown = hidesConstants(request.target) ? withoutConstants(request) : request;
      await events.note(actorOf(request), { kind: 'request', request: shown });
      await store.put(request);
    },
  };
}

/** Who brought it to where it stands; null where time or the gateway did. */
function actorOf({ status, votes, requester }: ApprovalRequest) {
  if (status === 'lapsed') return null;
  return votes.at(-1)?.by ?? { id: requester.id, name: requester.name };
}

function withoutConstants(request: ApprovalRequest): ApprovalRequest {
  const { wanted, proposal } = request;
  return {
    ...request,
    wanted: wanted.kind === 'statement' ? { ...wanted, statement: LEFT_OUT, parameters: [] } : wanted,
    proposal: proposal === null ? null : { ...proposal, statement: LEFT_OUT },
  };
}
