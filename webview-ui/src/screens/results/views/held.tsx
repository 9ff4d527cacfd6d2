import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { awaited, progressOf, timeLeft } from '../../../../../extension/contract/requests.ts';
import type { Run, StatementRun } from '../../../../../extension/contract/results-state.ts';
import type { ApprovalRequest, RequestAct } from '../../../../../gateway/contract/approval-request.ts';
import { type Components, useComponents } from '../../../components/lazy.ts';
import { Icon } from '../../../icons.tsx';
import { Remarks } from '../../../requests/remarks.tsx';
import { WordsForm } from '../../../requests/words-form.tsx';
import { useNow } from '../../../use-now.ts';
import type { Screen } from '../screen.ts';
import { ProposalView } from './proposal.tsx';

export type HeldProps = { readonly run: Run; readonly statement: StatementRun; readonly screen: Screen };

/** A statement that waits for approval: for whom, how long still, and what its requester can do meanwhile. */
export function Held({ run, statement, screen }: HeldProps): VNode | null {
  const components = useComponents();
  const nowMs = useNow();
  const { request, acts } = statement;
  if (!request) return null;
  const rules = request.decision.rules.filter(({ outcome }) => outcome === 'approve');
  return (
    <article class="failure held">
      <h2>
        <Icon name="waiting" /> Waiting for {awaited(request)}
      </h2>
      <p class="sentence">
        {timeLeft(request.lapsesAt, nowMs)} left. It goes on by itself once it is approved; nothing ran yet.
      </p>
      <div class="sides">
        <div>
          {request.proposal ? (
            <ProposalView {...{ run, statement, screen, components }} />
          ) : (
            <pre class="statement">{statement.text}</pre>
          )}
          <Agreed request={request} />
          {rules.map((rule) => (
            <p key={rule.id}>
              {rule.because} <span class="quiet">{rule.owner}</span>
            </p>
          ))}
          <Remarks remarks={request.remarks} me={request.requester.id} />
        </div>
        <div>
          <Reason key={request.id} {...{ request, acts, screen, components }} />
          {components ? <Buttons {...{ request, acts, screen, components }} /> : null}
        </div>
      </div>
    </article>
  );
}

function Agreed({ request }: { readonly request: ApprovalRequest }): VNode | null {
  const agreed = [...new Set(progressOf(request).flatMap((progress) => progress.agreed))];
  if (agreed.length === 0) return null;
  return (
    <p class="with-icon">
      <Icon name="done" /> Agreed so far: {agreed.join(', ')}
    </p>
  );
}

type PartProps = {
  readonly request: ApprovalRequest;
  readonly acts: readonly RequestAct[];
  readonly screen: Screen;
  readonly components: Components | null;
};

/** Asked once, right here; said, it can be changed. */
function Reason({ request, acts, screen, components }: PartProps): VNode | null {
  const [isOpen, setOpen] = useState(request.reason === '');
  const [reason, setReason] = useState(request.reason);
  const [ticket, setTicket] = useState(request.ticket);
  const mayExplain = acts.includes('explain') && components !== null;
  if (!mayExplain || !isOpen) {
    if (request.reason === '') return null;
    return (
      <p>
        <strong>Why:</strong> {request.reason}{' '}
        {request.ticket ? <span class="badge">{request.ticket}</span> : null}{' '}
        {mayExplain ? (
          <button type="button" class="link" onClick={() => setOpen(true)}>
            Change
          </button>
        ) : null}
      </p>
    );
  }
  const send = () => {
    screen.attempt(screen.ask('explain', { request: request.id, reason, ticket }), () => 'Noted.');
    setOpen(false);
  };
  return (
    <WordsForm
      components={components}
      label="Say why"
      placeholder="What is it for? Those who decide read it."
      value={reason}
      onText={setReason}
      button="Tell them"
      canSend={reason.trim() !== ''}
      onSend={send}
      {...(request.reason === '' ? {} : { onClose: () => setOpen(false) })}
      lines={2}
      focused={false}
    >
      <components.TextField
        label="Ticket"
        placeholder="Ticket (may stay empty)"
        value={ticket}
        onText={setTicket}
      />
    </WordsForm>
  );
}

function Buttons({
  request,
  acts,
  screen,
  components,
}: PartProps & { readonly components: Components }): VNode {
  const [form, setForm] = useState<'remark' | 'breakGlass' | null>(null);
  const [text, setText] = useState('');
  const close = () => setForm(null);
  const send = () => {
    if (form === 'remark') screen.attempt(screen.ask('remark', { request: request.id, text }), () => 'Sent.');
    else screen.attempt(screen.ask('breakGlass', { request: request.id, reason: text }));
    setText('');
    close();
  };
  if (form !== null && acts.includes(form)) {
    return (
      <WordsForm
        {...{ components, ...WORDS[form] }}
        value={text}
        onText={setText}
        canSend={text.trim() !== ''}
        onSend={send}
        onClose={close}
      />
    );
  }
  return (
    <p class="buttons">
      {acts.includes('remark') ? (
        <components.Button kind="secondary" onPress={() => setForm('remark')}>
          {request.remarks.length > 0 ? 'Answer…' : 'Write to them…'}
        </components.Button>
      ) : null}
      {acts.includes('withdraw') ? (
        <components.Button
          kind="secondary"
          onPress={() => screen.attempt(screen.ask('withdraw', { request: request.id }), () => 'Withdrawn.')}
        >
          Withdraw
        </components.Button>
      ) : null}
      {acts.includes('breakGlass') ? (
        <components.Button kind="secondary" onPress={() => setForm('breakGlass')}>
          Break glass…
        </components.Button>
      ) : null}
    </p>
  );
}

const WORDS = {
  remark: { label: 'To those who decide', placeholder: 'What do you want to say?', button: 'Send' },
  breakGlass: {
    label: 'Why it cannot wait',
    placeholder: 'It runs at once, everybody who decides is told, and this is reviewed.',
    button: 'Break glass and run it',
  },
} as const;
