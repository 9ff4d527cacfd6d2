import type { VNode } from 'preact';
import type { ApprovalsState } from '../../../../../extension/contract/approvals-messages.ts';
import { useComponents } from '../../../components/lazy.ts';
import { Icon } from '../../../icons.tsx';
import type { Screen } from '../screen.ts';

type Words = { text: string; button: { label: string; step: 'signIn' | 'reconnect' } | null };

const WORDS: Record<ApprovalsState['readiness'], Words> = {
  ready: { text: 'Nothing waits for you. Requests appear here by themselves.', button: null },
  connecting: { text: 'Connecting to the gateway…', button: null },
  signedOut: {
    text: 'Sign in to see requests that wait for you.',
    button: { label: 'Sign in', step: 'signIn' },
  },
  offline: { text: 'The gateway does not answer.', button: { label: 'Try again', step: 'reconnect' } },
};

/** There is nothing to decide: says why, and offers what helps. */
export function Empty({
  readiness,
  screen,
}: {
  readonly readiness: ApprovalsState['readiness'];
  readonly screen: Screen;
}): VNode {
  const components = useComponents();
  const { text, button } = WORDS[readiness];
  return (
    <div class="nothing">
      <p>
        {readiness === 'ready' ? <Icon name="done" /> : null} {text}
      </p>
      {components && button ? (
        <components.Button onPress={() => void screen.ask('begin', { step: button.step }).catch(() => {})}>
          {button.label}
        </components.Button>
      ) : null}
    </div>
  );
}
