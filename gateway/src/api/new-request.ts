import type { ShownRequest } from '../../contract/approval-request.ts';
import { assertNever } from '../../contract/assert-never.ts';
import { SluiceError } from '../../contract/error.ts';
import type { Principal } from '../../contract/principal.ts';
import type { NewRequest } from '../../contract/request-endpoints.ts';
import { draftUnmask } from '../core/approvals/unmask.ts';
import type { Drafted } from '../core/flow/governed-target.ts';
import { usableTarget } from './handlers.ts';
import { shownTo, viewerOf } from './request-view.ts';
import type { ApiServices } from './services.ts';

/**
 * Asks for approval beforehand. What it would do is computed while people look at it already.
 *
 * @throws SluiceError `target.unknown`, or `approval.refused` where there is nothing to ask for
 */
export async function makeRequest(
  services: ApiServices,
  principal: Principal,
  wanted: NewRequest,
): Promise<ShownRequest> {
  refuseTooMany(services, principal);
  const { reason, ticket } = wanted;
  const target = usableTarget(services, principal, wanted.target);
  const isUnmask = wanted.kind === 'unmask';
  const draft = draftOrRefusal(
    isUnmask ? 'None of these columns is masked for you.' : 'It needs no approval.',
    isUnmask
      ? draftUnmask(services.policy.current(), principal, target.target, wanted, services.now())
      : await target.draftOf(principal, wanted.statement),
  );
  const request = await services.approvals.ask({ ...draft, reason, ticket });
  if (request.impact === null) {
    void target
      .impactOf(request)
      .then((impact) => (impact === null ? undefined : services.approvals.describe(request.id, impact)))
      .catch(services.fault);
  }
  const shown = shownTo(viewerOf(services, principal), request);
  if (shown === null) throw new Error('a request that its requester may not see');
  return shown;
}

/** Who asks for everything beforehand gets nobody to look at any of it. */
const MAX_WAITING = 50;

/** @throws SluiceError `approval.refused` */
function refuseTooMany({ approvals }: ApiServices, { id }: Principal): void {
  const waiting = approvals.list().filter((request) => {
    return request.status === 'pending' && request.session === null && request.requester.id === id;
  });
  if (waiting.length < MAX_WAITING) return;
  throw new SluiceError(
    'approval.refused',
    `${waiting.length} requests of yours wait already, which is as many as one person may have.`,
    'Wait until some are decided, or withdraw them.',
  );
}

/** @throws SluiceError `approval.refused`: there is nothing to ask for */
function draftOrRefusal(whyFree: string, drafted: Drafted): Extract<Drafted, { kind: 'draft' }>['draft'] {
  switch (drafted.kind) {
    case 'draft':
      return drafted.draft;
    case 'free':
      throw new SluiceError('approval.refused', whyFree, 'Run it.');
    case 'refused':
      throw new SluiceError('approval.refused', drafted.why, drafted.next);
    default:
      return assertNever(drafted);
  }
}
