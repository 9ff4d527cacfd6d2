import type { VNode } from 'preact';
import type { ResultsState } from '../../../../../extension/contract/results-state.ts';
import { useComponents } from '../../../components/lazy.ts';
import { Icon } from '../../../icons.tsx';
import type { Screen } from '../screen.ts';

type Step = 'signIn' | 'chooseTarget' | 'reconnect' | 'newQuery';
type Words = {
  readonly heading: string;
  readonly sentence: string;
  readonly step: Step | null;
  readonly button: string;
};

/** Nothing has been run yet: says what is missing and offers the one step that helps. */
export function Empty({
  results,
  screen,
}: {
  readonly results: ResultsState;
  readonly screen: Screen;
}): VNode {
  const components = useComponents();
  const { heading, sentence, step, button } = wordsFor(results);
  return (
    <div class="empty-state">
      <Icon name="table" />
      <h2>{heading}</h2>
      <p>{sentence}</p>
      {components && step ? (
        <components.Button onPress={() => screen.attempt(screen.ask('begin', { step }))}>
          {button}
        </components.Button>
      ) : null}
    </div>
  );
}

function wordsFor({ readiness, document }: ResultsState): Words {
  switch (readiness) {
    case 'signedOut':
      return {
        heading: 'You are signed out',
        sentence: 'Sign in to Sluice to run statements and see their rows here.',
        step: 'signIn',
        button: 'Sign in',
      };
    case 'offline':
      return {
        heading: 'The gateway can’t be reached',
        sentence: 'Statements are run by the gateway only, so nothing runs until it answers.',
        step: 'reconnect',
        button: 'Try again',
      };
    case 'noTarget':
      return {
        heading: 'No target chosen',
        sentence: 'Choose the database that this editor’s statements run on.',
        step: 'chooseTarget',
        button: 'Choose a target',
      };
    default:
      return document
        ? {
            heading: `Nothing run from ${document.name} yet`,
            sentence:
              'Put the cursor on a statement and press Ctrl+Enter. Rows appear here, beside their editor.',
            step: null,
            button: '',
          }
        : {
            heading: 'No SQL editor is open',
            sentence: 'Results stand beside the editor that asked for them.',
            step: 'newQuery',
            button: 'New query',
          };
  }
}
