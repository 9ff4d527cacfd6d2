import type { ApprovalsState, ApprovalsView } from '../../contract/approvals-messages.ts';
import type { Handlers } from '../../contract/protocol.ts';
import type { Approvals } from '../approvals/approvals.ts';
import { execute } from './commands.ts';

export type ApprovalsHandlerOptions = {
  approvals: Approvals;
  state: () => ApprovalsState;
  loaded: () => void;
};

/** What the approvals view may ask: acts on requests by their id, and nothing else. */
export function approvalsHandlers({
  approvals,
  state,
  loaded,
}: ApprovalsHandlerOptions): Handlers<ApprovalsView> {
  return {
    requests: {
      ready: () => {
        // The answer goes first.
        setImmediate(loaded);
        return { state: state() };
      },
      history: async () => {
        await approvals.loadHistory();
        return {};
      },
      approve: ({ request, ...body }) => approvals.act('approve', request, body),
      deny: ({ request, ...body }) => approvals.act('deny', request, body),
      remark: ({ request, ...body }) => approvals.act('remark', request, body),
      propose: ({ request, ...body }) => approvals.act('propose', request, body),
      explain: ({ request, ...body }) => approvals.act('explain', request, body),
      withdraw: ({ request }) => approvals.act('withdraw', request, {}),
      review: ({ request, ...body }) => approvals.act('review', request, body),
      begin: async ({ step }) => {
        await execute(step === 'signIn' ? 'sluice.signIn' : 'sluice.refreshTargets');
        return {};
      },
    },
    events: {},
  };
}
