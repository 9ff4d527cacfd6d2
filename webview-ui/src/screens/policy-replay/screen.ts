import type { PolicyReplayView } from '../../../../extension/contract/policy-replay-messages.ts';
import type { BodyOf, RequestName } from '../../../../extension/contract/protocol.ts';
import type { ViewState } from './model/state.ts';

/** What its parts may do to the view, and ask of the host. */
export type Screen = {
  readonly change: (change: (state: ViewState) => ViewState) => void;
  readonly ask: <Name extends Exclude<RequestName<PolicyReplayView>, 'ready'>>(
    name: Name,
    body: BodyOf<PolicyReplayView, Name>,
  ) => void;
};
