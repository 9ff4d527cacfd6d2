import type { VNode } from 'preact';
import type { ShownRequest } from '../../../../../gateway/contract/approval-request.ts';
import type { Components } from '../../../components/lazy.ts';
import { DiffView } from '../../../diff/diff-view.tsx';
import { WordsForm } from '../../../requests/words-form.tsx';
import { draftKey, type FormKind, type Inbox } from '../model/inbox.ts';
import { longestWindow, readLimits } from '../model/limits.ts';
import { span } from '../model/words.ts';
import type { Screen } from '../screen.ts';
import { focusSelected } from './focus.ts';

export type FormProps = {
  readonly shown: ShownRequest;
  readonly inbox: Inbox;
  readonly screen: Screen;
  readonly components: Components;
  readonly form: FormKind;
};

type Words = { label: string; placeholder: string; button: string; mayBeEmpty: boolean };

const WORDS: Record<'deny' | 'remark' | 'explain' | 'review', Words> = {
  deny: {
    label: 'Why not? The requester reads this.',
    placeholder: 'What is wrong with it, or what to do instead',
    button: 'Deny',
    mayBeEmpty: false,
  },
  remark: {
    label: 'Remark',
    placeholder: 'What do you want to know, or say?',
    button: 'Send',
    mayBeEmpty: false,
  },
  explain: { label: 'Why it is needed', placeholder: 'What for?', button: 'Save', mayBeEmpty: false },
  review: {
    label: 'What you found',
    placeholder: 'May stay empty',
    button: 'Mark as reviewed',
    mayBeEmpty: true,
  },
};

/** What a person writes before they do something. Unsent words stay when the form is left. */
export function Form(props: FormProps): VNode {
  if (props.form === 'limits') return <LimitsForm {...props} />;
  if (props.form === 'propose') return <ProposeForm {...props} />;
  return <PlainForm {...props} form={props.form} />;
}

function PlainForm({
  shown,
  inbox,
  screen,
  components,
  form,
}: FormProps & { readonly form: keyof typeof WORDS }): VNode {
  const { request } = shown;
  const words = WORDS[form];
  const { text, write, close, sent } = useDraft({ shown, inbox, screen }, form, '');
  const send = () => {
    const body = { request: request.id, text, reason: text, ticket: request.ticket, effect: request.effect };
    void screen.act(form, body).then(sent);
  };
  return (
    <WordsForm
      {...{ components, ...words }}
      value={text}
      onText={write}
      canSend={words.mayBeEmpty || text.trim() !== ''}
      onSend={send}
      onClose={close}
    />
  );
}

function ProposeForm({ shown, inbox, screen, components, form }: FormProps): VNode | null {
  const { request } = shown;
  const before = request.wanted.kind === 'statement' ? request.wanted.statement : '';
  const { text, write, close, sent } = useDraft({ shown, inbox, screen }, form, before);
  const isOther = text.trim() !== '' && text.trim() !== before.trim();
  const send = () => {
    const body = { request: request.id, effect: request.effect, statement: text };
    void screen.act('propose', body).then(sent);
  };
  return (
    <WordsForm
      components={components}
      label="A statement that you would agree to"
      value={text}
      onText={write}
      button="Propose"
      canSend={isOther}
      onSend={send}
      onClose={close}
      lines={5}
    >
      {isOther ? <DiffView before={before} after={text} /> : null}
    </WordsForm>
  );
}

function LimitsForm({ shown, inbox, screen, components, form }: FormProps): VNode {
  const { request } = shown;
  const { text, write, close, sent } = useDraft({ shown, inbox, screen }, form, '');
  const rowsKey = draftKey(request.id, form, 'rows');
  const minutesKey = draftKey(request.id, form, 'minutes');
  const { drafts } = inbox.ui;
  const rows = drafts[rowsKey] ?? String(request.impact?.rows?.rows ?? '');
  const minutes = drafts[minutesKey] ?? '';
  const longest = longestWindow(request);
  const limits = readLimits(rows, minutes, longest);
  const send = () => {
    if (limits.kind === 'wrong') return;
    const body = { request: request.id, effect: request.effect, reason: text, bounds: limits.bounds };
    void screen.act('approve', body).then((done) => {
      if (!done) return;
      screen.draft(rowsKey, null);
      screen.draft(minutesKey, null);
      sent(true);
    });
  };
  return (
    <WordsForm
      components={components}
      label="Approve with limits"
      placeholder="A word about it (may stay empty)"
      value={text}
      onText={write}
      button="Approve"
      canSend={limits.kind === 'right'}
      onSend={send}
      onClose={close}
      lines={2}
      focused={false}
    >
      <div class="limits">
        <span>At most</span>
        <components.TextField
          label="Most rows that may change"
          placeholder="any number of"
          value={rows}
          onText={(value) => screen.draft(rowsKey, value)}
          focused
        />
        <span>rows; more are rolled back.</span>
        {longest === null ? null : (
          <>
            <span>For</span>
            <components.TextField
              label="Minutes for which statements of this shape may run"
              placeholder="once"
              value={minutes}
              onText={(value) => screen.draft(minutesKey, value)}
            />
            <span>minutes, whatever its constants; at most {span(longest)}.</span>
          </>
        )}
      </div>
      {limits.kind === 'wrong' ? (
        <p class="wrong" role="alert">
          {limits.why}
        </p>
      ) : null}
    </WordsForm>
  );
}

type DraftOf = Pick<FormProps, 'shown' | 'inbox' | 'screen'>;

/** The words of one form, and how it ends. */
function useDraft({ shown, inbox, screen }: DraftOf, form: FormKind, initial: string) {
  const key = draftKey(shown.request.id, form);
  const close = () => {
    screen.openForm(null);
    focusSelected();
  };
  return {
    text: inbox.ui.drafts[key] ?? initial,
    write: (text: string) => screen.draft(key, text),
    close,
    sent: (done: boolean) => {
      if (!done) return;
      screen.draft(key, null);
      close();
    },
  };
}
