import type { VNode } from 'preact';
import type { Failure, Run, StatementRun } from '../../../../../extension/contract/results-state.ts';
import { useComponents } from '../../../components/lazy.ts';
import { Icon, type IconName } from '../../../icons.tsx';
import { Remarks } from '../../../requests/remarks.tsx';
import type { Screen } from '../screen.ts';
import { ProposalView } from './proposal.tsx';

const HEADINGS: Record<
  Failure['kind'],
  { readonly icon: IconName; readonly text: string; readonly whose: string }
> = {
  blocked: {
    icon: 'blocked',
    text: 'Blocked before it ran',
    whose: 'The database never saw this statement.',
  },
  needsApproval: {
    icon: 'waiting',
    text: 'Needs approval',
    whose: 'The database has not seen this statement.',
  },
  notApproved: {
    icon: 'blocked',
    text: 'Not approved',
    whose: 'The database has not seen this statement.',
  },
  failed: { icon: 'error', text: 'The database refused it', whose: '' },
  lost: { icon: 'error', text: 'The connection was lost', whose: 'What ran before it is in the messages.' },
};

const TITLES: Readonly<Record<string, string>> = {
  denied: 'Denied',
  withdrawn: 'Withdrawn',
  lapsed: 'Nobody decided in time',
};

export type FailureViewProps = {
  readonly run: Run;
  readonly statement: StatementRun;
  readonly screen: Screen;
};

/** Explains a statement that returned nothing: what happened, why, whose rule it is, what to do next. */
export function FailureView({ run, statement, screen }: FailureViewProps): VNode | null {
  const components = useComponents();
  const { failure } = statement;
  if (!failure) return null;
  const heading = HEADINGS[failure.kind];
  const title = (failure.kind === 'notApproved' && TITLES[statement.request?.status ?? '']) || heading.text;
  const governed = failure.kind === 'blocked' || failure.kind === 'needsApproval';
  const about = { about: 'statement' as const, run: run.id, statement: statement.index };
  return (
    <article class={`failure ${failure.kind}`}>
      <h2>
        <Icon name={heading.icon} /> {title}
      </h2>
      <p class="sentence">{failure.message}</p>
      {failure.detail && failure.kind !== 'notApproved' ? <p>{failure.detail}</p> : null}
      {failure.hint && failure.kind !== 'notApproved' ? <p class="quiet">Hint: {failure.hint}</p> : null}
      <pre class="statement">{statement.text}</pre>
      {rulesOf(failure).length > 0 ? <Rules failure={failure} /> : null}
      {failure.approvers !== '' && failure.kind !== 'notApproved' ? (
        <p>
          Who may approve: <strong>{failure.approvers}</strong>
        </p>
      ) : null}
      {statement.request ? (
        <Remarks remarks={statement.request.remarks} me={statement.request.requester.id} />
      ) : null}
      {statement.request?.proposal ? (
        <ProposalView {...{ run, statement, screen, components }} />
      ) : failure.next ? (
        <section>
          <h3>What to do next</h3>
          <p>{failure.next}</p>
        </section>
      ) : null}
      {components ? (
        <p class="buttons">
          {governed ? (
            <components.Button
              onPress={() => screen.attempt(screen.ask('askForMore', about), ({ sentence }) => sentence)}
            >
              {failure.kind === 'needsApproval' ? 'Ask for approval…' : 'Ask for access…'}
            </components.Button>
          ) : null}
          <components.Button
            kind="secondary"
            onPress={() => screen.attempt(screen.ask('reveal', { run: run.id, statement: statement.index }))}
          >
            Show in editor
          </components.Button>
          <components.Button
            kind="secondary"
            onPress={() => screen.attempt(screen.ask('runAgain', { run: run.id }))}
          >
            Run again
          </components.Button>
        </p>
      ) : null}
      <p class="quiet">
        {[heading.whose, failure.sqlState ? `SQLSTATE ${failure.sqlState}` : ''].filter(Boolean).join(' ')}
      </p>
    </article>
  );
}

/** What was not approved is explained by what asked for approval. */
function rulesOf({ kind, rules }: Failure): Failure['rules'] {
  return kind === 'notApproved' ? rules.filter(({ outcome }) => outcome === 'approve') : rules;
}

function Rules({ failure }: { readonly failure: Failure }): VNode {
  return (
    <section>
      <h3>Rules that decided</h3>
      <ul class="rules">
        {rulesOf(failure).map((rule) => (
          <li key={rule.id}>
            <span class={`badge ${rule.outcome}`}>{rule.outcome}</span>
            <div>
              <code>{rule.id}</code>
              <p>{rule.because}</p>
              <p class="quiet">Owner: {rule.owner}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
