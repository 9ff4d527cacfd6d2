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
  const [form, setForm] = useState<FormName | null>(null);
  const { request, acts } = statement;
  if (!request) return null;
  const rules = request.decision.rules.filter(({ outcome }) => outcome === 'approve');
  const parts = { request, acts, screen, components };
  return (
    <article class="failure held">
      <header>
        <div>
          <h2>
            <Icon name="waiting" /> Waiting for {awaited(request)}
          </h2>
          <p>
            {timeLeft(request.lapsesAt, nowMs)} left. Once approved it goes on by itself; nothing ran yet.
          </p>
        </div>
        {components ? <Buttons {...parts} {...{ components, setForm }} /> : null}
      </header>
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
          {form !== null && acts.includes(form) && components ? (
            <ActForm key={form} {...parts} {...{ components, form }} close={() => setForm(null)} />
          ) : (
            <Reason key={request.id} {...parts} />
          )}
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

type FormName = 'remark' | 'breakGlass';

type ButtonsProps = PartProps & {
  readonly components: Components;
  readonly setForm: (form: FormName) => void;
};

function Buttons({ request, acts, screen, components: { Button }, setForm }: ButtonsProps): VNode {
  const withdraw = () => screen.attempt(screen.ask('withdraw', { request: request.id }), () => 'Withdrawn.');
  return (
    <p class="buttons">
      {acts.includes('remark') ? (
        <Button kind="secondary" onPress={() => setForm('remark')}>
          {request.remarks.length > 0 ? 'Answer…' : 'Write to them…'}
        </Button>
      ) : null}
      {acts.includes('withdraw') ? (
        <Button kind="secondary" onPress={withdraw}>
          Withdraw
        </Button>
      ) : null}
      {acts.includes('breakGlass') ? (
        <Button kind="secondary" onPress={() => setForm('breakGlass')}>
          Break glass…
        </Button>
      ) : null}
    </p>
  );
}

type ActFormProps = PartProps & {
  readonly components: Components;
  readonly form: FormName;
  readonly close: () => void;
};

function ActForm({ request, screen, components, form, close }: ActFormProps): VNode {
  const [text, setText] = useState('');
  const send = () => {
    if (form === 'remark') screen.attempt(screen.ask('remark', { request: request.id, text }), () => 'Sent.');
    else screen.attempt(screen.ask('breakGlass', { request: request.id, reason: text }));
    close();
  };
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

const WORDS = {
  remark: { label: 'To those who decide', placeholder: 'What do you want to say?', button: 'Send' },
  breakGlass: {
    label: 'Why it cannot wait',
    placeholder: 'It runs at once, everybody who decides is told, and this is reviewed.',
    button: 'Break glass and run it',
  },
} as const;
