import type { RequestAct, ShownRequest } from '../../contract/approval-request.ts';
import { SluiceError } from '../../contract/error.ts';
import type { RequestId } from '../../contract/ids.ts';
import type { Principal } from '../../contract/principal.ts';
import type { requestEndpoints } from '../../contract/request-endpoints.ts';
import type { Elector } from '../core/approvals/electorate.ts';
import { actsOf, maySee } from '../core/approvals/electorate.ts';
import type { Act } from '../core/approvals/transitions.ts';
import { type Handlers, required } from './handlers.ts';
import type { ApiServices } from './services.ts';

/** Handlers of requests for approval. Whoever may not see a request hears that there is none. */
export function requestHandlers(services: ApiServices): Pick<Handlers, keyof typeof requestEndpoints> {
  const acting =
    <Body>(make: (body: Body) => Act) =>
    async ({ params, body, caller }: { params: { request: RequestId }; body: Body } & Called) =>
      act(services, params.request, make(body), required(caller).principal);
  return {
    requests: async ({ params, caller }) => {
      const elector = electorOf(services, required(caller).principal);
      const seen = services.approvals.list().filter((request) => maySee(request, elector));
      const wanted = params.status === 'all' ? seen : seen.filter(({ status }) => status === 'pending');
      return { requests: wanted.map((request) => shown(request, elector)) };
    },
    request: async ({ params, caller }) => {
      const elector = electorOf(services, required(caller).principal);
      const request = services.approvals.get(params.request);
      if (request === null || !maySee(request, elector)) throw unknownRequest();
      return shown(request, elector);
    },
    approve: acting(({ effect, reason, bounds }) => ({ act: 'approve', effect, reason, bounds })),
    deny: acting(({ effect, reason }) => ({ act: 'deny', effect, reason })),
    remark: acting(({ text }) => ({ act: 'remark', text })),
    propose: acting(({ statement }) => ({ act: 'propose', statement })),
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
  const elector = electorOf(services, principal);
  const known = services.approvals.get(id);
  if (known === null || !maySee(known, elector)) throw unknownRequest();
  const outcome = await services.approvals.act(id, wanted, elector);
  if (outcome === null) throw unknownRequest();
  if (outcome.kind === 'refused') throw new SluiceError('approval.refused', outcome.why, outcome.next);
  return shown(outcome.request, elector);
}

/** Somebody, with all groups that they may decide for. */
export function electorOf({ policy }: ApiServices, principal: Principal): Elector {
  return { principal, groups: policy.current().groupsToApprove(principal, new Date()) };
}

function shown(request: ShownRequest['request'], elector: Elector): ShownRequest {
  const acts: RequestAct[] = actsOf(request, elector);
  return { request, acts };
}

function unknownRequest(): SluiceError {
  return new SluiceError(
    'approval.unknown',
    'There is no such request that you may see.',
    'Look at the list of requests: it may have been withdrawn long ago.',
  );
}
