import type { ApprovalRequest, ShownRequest } from '../../contract/approval-request.ts';
import { assertNever } from '../../contract/assert-never.ts';
import { SluiceError } from '../../contract/error.ts';
import type { RequestId } from '../../contract/ids.ts';
import type { Principal } from '../../contract/principal.ts';
import type { requestEndpoints } from '../../contract/request-endpoints.ts';
import type { Act, Proposed } from '../core/approvals/transitions.ts';
import { type Handlers, required } from './handlers.ts';
import { makeRequest } from './new-request.ts';
import { seenRequest, shownTo, unknownRequest, viewerOf } from './request-view.ts';
import type { ApiServices } from './services.ts';

/** Handlers of requests for approval. Whoever may not see a request hears that there is none. */
export function requestHandlers(services: ApiServices): Pick<Handlers, keyof typeof requestEndpoints> {
  const acting =
    <Body>(make: (body: Body) => Act) =>
    async ({ params, body, caller }: { params: { request: RequestId }; body: Body } & Called) =>
      act(services, params.request, make(body), required(caller).principal);
  return {
    requests: async ({ params, caller }) => {
      const viewer = viewerOf(services, required(caller).principal);
      const all = services.approvals.list();
      const wanted = params.status === 'all' ? all : all.filter(waitsForSomebody);
      return { requests: wanted.flatMap((request) => shownTo(viewer, request) ?? []) };
    },
    request: async ({ params, caller }) => {
      return seenRequest(services, params.request, viewerOf(services, required(caller).principal));
    },
    newRequest: async ({ body, caller }) => makeRequest(services, required(caller).principal, body),
    approve: acting(({ effect, reason, bounds }) => ({ act: 'approve', effect, reason, bounds })),
    deny: acting(({ effect, reason }) => ({ act: 'deny', effect, reason })),
    remark: acting(({ text }) => ({ act: 'remark', text })),
    propose: async ({ params, body, caller }) => {
      const { principal } = required(caller);
      const { request, acts } = seenRequest(services, params.request, viewerOf(services, principal));
      const { effect, reason, statement } = body;
      // Who may not propose is told so, and nothing about what the statement would do.
      const proposed = acts.includes('propose')
        ? await proposedInstead(services, request, statement)
        : { statement, effect: null };
      return act(services, request.id, { act: 'propose', effect, proposed, reason }, principal);
    },
    explain: acting(({ reason, ticket }) => ({ act: 'explain', reason, ticket })),
    withdraw: acting(() => ({ act: 'withdraw' })),
    breakGlass: acting(({ reason }) => ({ act: 'breakGlass', reason })),
    review: acting(({ reason }) => ({ act: 'review', reason })),
  };
}

type Called = Parameters<Handlers['requests']>[0] extends { caller: infer Caller }
  ? { caller: Caller }
  : never;

async function act(
  services: ApiServices,
  id: RequestId,
  wanted: Act,
  principal: Principal,
): Promise<ShownRequest> {
  const viewer = viewerOf(services, principal);
  seenRequest(services, id, viewer);
  const outcome = await services.approvals.act(id, wanted, viewer.elector);
  if (outcome?.kind === 'refused') throw new SluiceError('approval.refused', outcome.why, outcome.next);
  return seenRequest(services, id, viewer);
}

/** @throws SluiceError `approval.refused` when it could not run in the request's place */
async function proposedInstead(
  { targets }: ApiServices,
  request: ApprovalRequest,
  statement: string,
): Promise<Proposed> {
  const target = targets.get(request.target);
  if (target === undefined) throw unknownRequest();
  const drafted = await target.draftInstead(request, statement);
  switch (drafted.kind) {
    case 'draft': {
      const { wanted, effect } = drafted.draft;
      return { statement: wanted.kind === 'statement' ? wanted.statement : statement, effect };
    }
    case 'free':
      return { statement: drafted.statement, effect: null };
    case 'refused':
      throw new SluiceError('approval.refused', drafted.why, drafted.next);
    default:
      return assertNever(drafted);
  }
}

/** Somebody is to decide on it, or to look at what ran without a decision. */
function waitsForSomebody({ status }: ApprovalRequest): boolean {
  return status === 'pending' || status === 'brokenGlass';
}
