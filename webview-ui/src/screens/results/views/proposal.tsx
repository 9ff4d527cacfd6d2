import type { VNode } from 'preact';
import { shortName } from '../../../../../extension/contract/requests.ts';
import type { Run, StatementRun } from '../../../../../extension/contract/results-state.ts';
import type { Components } from '../../../components/lazy.ts';
import { DiffView } from '../../../diff/diff-view.tsx';
import type { Screen } from '../screen.ts';

export type ProposalProps = {
  readonly run: Run;
  readonly statement: StatementRun;
  readonly screen: Screen;
  readonly components: Components | null;
};

/** A statement that somebody who decides would agree to, as changes to what was asked for. */
export function ProposalView({ run, statement, screen, components }: ProposalProps): VNode | null {
  const { request } = statement;
  if (!request?.proposal || request.wanted.kind !== 'statement') return null;
  const accept = () =>
    screen.attempt(
      screen.ask('acceptProposal', { run: run.id, statement: statement.index }),
      () => 'Running it.',
    );
  return (
    <section class="proposal">
      <h3>{shortName(request.proposal.by)} agrees to this instead</h3>
      <DiffView before={request.wanted.statement} after={request.proposal.statement} />
      {request.proposal.reason ? <p class="said">{request.proposal.reason}</p> : null}
      {components ? (
        <p class="buttons">
          <components.Button onPress={accept}>Accept and run it</components.Button>
        </p>
      ) : null}
    </section>
  );
}
