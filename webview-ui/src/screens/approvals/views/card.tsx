import type { VNode } from 'preact';
import { progressOf, shortName } from '../../../../../extension/contract/requests.ts';
import type { ApprovalRequest, ShownRequest } from '../../../../../gateway/contract/approval-request.ts';
import { approversInWords } from '../../../../../gateway/contract/ask.ts';
import { DiffView } from '../../../diff/diff-view.tsx';
import { Icon } from '../../../icons.tsx';
import { count } from '../../../numbers.ts';
import { Remarks } from '../../../requests/remarks.tsx';
import type { Inbox } from '../model/inbox.ts';
import { outcomeSentence, span } from '../model/words.ts';
import type { Screen } from '../screen.ts';
import { Actions } from './actions.tsx';
import { ImpactView } from './impact.tsx';

const SURFACES: Record<ApprovalRequest['surface'], string> = {
  editor: 'the editor',
  postgres: 'psql or another client',
  ssh: 'an SSH client',
};

export type CardProps = { readonly shown: ShownRequest; readonly inbox: Inbox; readonly screen: Screen };

/** Everything there is to know about a request before deciding on it, and the decision. */
export function Card({ shown, inbox, screen }: CardProps): VNode {
  const { request } = shown;
  const outcome = outcomeSentence(request);
  return (
    <article class="card" aria-label={`Request of ${request.requester.name}`}>
      <p class="who">
        {request.requester.name}
        {request.actsFor ? ` for ${request.actsFor.name}` : ''} · {request.target} · from{' '}
        {SURFACES[request.surface]}
      </p>
      {outcome ? <p class="outcome">{outcome}</p> : null}
      <WantedView request={request} />
      {isToldInOutcome(request) ? null : (
        <p class={request.reason ? 'reason' : 'reason quiet'}>
          {request.reason || 'No reason given.'}
          {request.ticket ? <span class="badge">{request.ticket}</span> : null}
        </p>
      )}
      {request.impact ? (
        <ImpactView impact={request.impact} />
      ) : request.status === 'pending' && request.wanted.kind === 'statement' ? (
        <p class="quiet">What it would do is being computed…</p>
      ) : null}
      <Asked request={request} />
      <Remarks remarks={request.remarks} me={inbox.approvals?.me ?? null} />
      {request.proposal && request.wanted.kind === 'statement' ? (
        <section>
          <h3>{shortName(request.proposal.by)} agrees to this instead</h3>
          <DiffView before={request.wanted.statement} after={request.proposal.statement} />
        </section>
      ) : null}
      <Actions {...{ shown, inbox, screen }} />
    </article>
  );
}

/** Why glass was broken stands in what became of it. */
function isToldInOutcome({ status, ticket }: ApprovalRequest): boolean {
  return ticket === '' && (status === 'brokenGlass' || status === 'reviewed');
}

function WantedView({ request: { wanted } }: { readonly request: ApprovalRequest }): VNode {
  if (wanted.kind === 'unmask') {
    return (
      <p>
        {wanted.columns.map(({ schema, relation, column }) => (
          <code key={`${schema}.${relation}.${column}`}>
            {schema}.{relation}.{column}{' '}
          </code>
        ))}
        unmasked for {span(wanted.forSeconds)}
      </p>
    );
  }
  return (
    <>
      <pre class="statement">{wanted.statement}</pre>
      {wanted.parameters.length > 0 ? (
        <ol class="parameters" aria-label="Parameters">
          {wanted.parameters.map((value, index) => (
            <li key={index}>
              <span class="quiet">${index + 1}</span> <code>{value ?? 'NULL'}</code>
            </li>
          ))}
        </ol>
      ) : null}
    </>
  );
}

/** Who must agree under which rule, who has, and how many are missing. */
function Asked({ request }: { readonly request: ApprovalRequest }): VNode {
  const because = new Map(request.decision.rules.map((rule) => [rule.id, rule]));
  return (
    <section>
      <h3>Who decides</h3>
      <ul class="asks">
        {progressOf(request).map(({ ask, agreed, missing }) => (
          <li key={ask.rule}>
            <Icon name={missing === 0 ? 'done' : 'waiting'} />
            <div>
              <p>
                <strong>{approversInWords([ask])}</strong>
                {agreed.length > 0 ? ` · agreed: ${agreed.join(', ')}` : ''}
                {missing > 0 && request.status === 'pending'
                  ? ` · ${count(missing, 'person').replace('persons', 'people')} missing`
                  : ''}
              </p>
              <p class="quiet">
                {because.get(ask.rule)?.because ?? ''} <code>{ask.rule}</code>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
