import { approvalsHost, approvalsView } from '../../../extension/contract/approvals-messages.ts';
import { openChannel } from '../../../extension/contract/channel.ts';
import type { ShownRequest } from '../../../gateway/contract/approval-request.ts';
import { SluiceError } from '../../../gateway/contract/error.ts';
import { approvalScenarios } from './approval-scenarios.ts';
import { hostInThisWindow } from './same-window.ts';

declare global {
  interface Window {
    /** A request is new, or has changed, elsewhere. */
    tellRequest: (change: { id: string } & Record<string, unknown>, acts: ShownRequest['acts']) => void;
    /** The next act is refused: somebody else was quicker. */
    refuseNext: () => void;
  }
}

const query = new URLSearchParams(location.search);
let state = approvalScenarios[query.get('scenario') ?? 'one']?.() ?? {
  readiness: 'ready' as const,
  me: null,
  requests: [],
};
let refuses = false;
window.journal = { clipboard: '', calls: [], malformed: [] };

const transport = hostInThisWindow({
  get: () => JSON.parse(sessionStorage.getItem('state') ?? 'null'),
  set: (next) => sessionStorage.setItem('state', JSON.stringify(next)),
});

function change(
  id: string,
  parts: Partial<ShownRequest['request']>,
  acts: ShownRequest['acts'],
): ShownRequest {
  const known = state.requests.find(({ request }) => request.id === id) ?? state.requests[0];
  if (!known) throw new Error(`no request ${id}`);
  const shown = { request: { ...known.request, ...parts, revision: known.request.revision + 1 }, acts };
  const others = state.requests.filter(({ request }) => request.id !== shown.request.id);
  state = { ...state, requests: [...others, shown] };
  return shown;
}

/** Notes an act, and gives what became of the request; the state follows, as from the gateway. */
function acted<Body extends { request: string }>(
  type: string,
  parts: (body: Body) => Partial<ShownRequest['request']>,
  acts: ShownRequest['acts'] = [],
) {
  return (body: Body): ShownRequest => {
    window.journal.calls.push({ type, body });
    if (refuses) throw new SluiceError('approval.refused', 'Nothing was decided: it was denied already.');
    const shown = change(body.request, parts(body), acts);
    channel.tell('state', state);
    return shown;
  };
}

const channel = openChannel({
  transport,
  mine: approvalsHost,
  theirs: approvalsView,
  onMalformed: (error) => window.journal.malformed.push(String(error)),
  handlers: {
    events: {},
    requests: {
      ready: () => ({ state }),
      history: () => {
        window.journal.calls.push({ type: 'history', body: {} });
        return {};
      },
      approve: acted('approve', () => ({ status: 'approved' })),
      deny: acted('deny', () => ({ status: 'denied' })),
      remark: acted('remark', () => ({}), ['approve', 'deny', 'remark', 'propose']),
      propose: acted('propose', () => ({}), ['approve', 'deny', 'remark', 'propose']),
      explain: acted('explain', ({ reason, ticket }) => ({ reason, ticket }), ['withdraw', 'explain']),
      withdraw: acted('withdraw', () => ({ status: 'withdrawn' })),
      review: acted('review', () => ({ status: 'reviewed' })),
      begin: () => ({}),
    },
  },
});

window.tellRequest = ({ id, ...parts }, acts) => {
  change(id, parts, acts);
  channel.tell('state', state);
};
window.refuseNext = () => {
  refuses = true;
};
