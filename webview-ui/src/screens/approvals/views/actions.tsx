import type { VNode } from 'preact';
import type { ShownRequest } from '../../../../../gateway/contract/approval-request.ts';
import { type Components, useComponents } from '../../../components/lazy.ts';
import type { FormKind } from '../model/inbox.ts';
import type { Screen } from '../screen.ts';
import type { CardProps } from './card.tsx';
import { Form } from './forms.tsx';
import { approve, formsOf, KEYS } from './keys.ts';

/** What this person may do with it now; the form of what they are about to do. */
export function Actions({ shown, inbox, screen }: CardProps): VNode | null {
  const components = useComponents();
  if (shown.acts.length === 0 || components === null) return null;
  const { form } = inbox.ui;
  if (form !== null) return <Form {...{ shown, inbox, screen, components, form }} />;
  return <Buttons {...{ shown, screen, components }} />;
}

type Opening = { form: FormKind; label: string; key?: string };

const OPENINGS: readonly Opening[] = [
  { form: 'deny', label: 'Deny…', key: KEYS.deny },
  { form: 'limits', label: 'Limits…', key: KEYS.limits },
  { form: 'propose', label: 'Edit…', key: KEYS.propose },
  { form: 'explain', label: 'Say why…' },
];

type ButtonsProps = {
  readonly shown: ShownRequest;
  readonly screen: Screen;
  readonly components: Components;
};

function Buttons({ shown, screen, components: { Button } }: ButtonsProps): VNode {
  const { acts, request } = shown;
  const forms = formsOf(shown);
  const isOwn = acts.includes('withdraw');
  return (
    <fieldset class="actions buttons" aria-label="Decide">
      {acts.includes('approve') ? (
        <Button onPress={() => approve(shown, screen)} shortcut={KEYS.approve}>
          Approve <kbd>{KEYS.approve}</kbd>
        </Button>
      ) : null}
      {acts.includes('review') ? (
        <Button onPress={() => screen.openForm('review')} shortcut={KEYS.review}>
          Review… <kbd>{KEYS.review}</kbd>
        </Button>
      ) : null}
      {OPENINGS.filter(({ form }) => forms.has(form)).map(({ form, label, key }) => (
        <Button
          key={form}
          kind="secondary"
          onPress={() => screen.openForm(form)}
          {...(key ? { shortcut: key } : {})}
        >
          {label} {key ? <kbd>{key}</kbd> : null}
        </Button>
      ))}
      {acts.includes('remark') ? (
        <Button kind="secondary" onPress={() => screen.openForm('remark')} shortcut={KEYS.remark}>
          {isOwn ? 'Answer…' : 'Ask…'} <kbd>{KEYS.remark}</kbd>
        </Button>
      ) : null}
      {isOwn ? (
        <Button kind="secondary" onPress={() => void screen.act('withdraw', { request: request.id })}>
          Withdraw
        </Button>
      ) : null}
    </fieldset>
  );
}
