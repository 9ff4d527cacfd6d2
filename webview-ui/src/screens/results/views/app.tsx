import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Run } from '../../../../../extension/contract/results-state.ts';
import { IconSprite } from '../../../icons.tsx';
import type { Store } from '../../../store.ts';
import { useStore } from '../../../use-store.ts';
import {
  heldStatement,
  selectedRun,
  selectedTab,
  type Tab,
  tabsOf,
  type ViewState,
} from '../model/view-state.ts';
import { statusSentence } from '../model/words.ts';
import type { Screen } from '../screen.ts';
import { Empty } from './empty.tsx';
import { FailureView } from './failure.tsx';
import { Held } from './held.tsx';
import { Messages } from './messages.tsx';
import { ResultPane } from './result-pane.tsx';
import { RunBar } from './run-bar.tsx';

const TOLD_MS = 6_000;

export type AppProps = {
  readonly store: Store<ViewState>;
  readonly said: Store<string>;
  readonly screen: Screen;
  readonly characterPx: number;
};

/** The results screen: runs and tabs above, one tab's content below. */
export function App({ store, said, screen, characterPx }: AppProps): VNode {
  const view = useStore(store);
  const run = selectedRun(view);
  const tab = run ? selectedTab(view, run) : null;
  return (
    <>
      <IconSprite />
      <main class="screen" aria-busy={run?.status === 'running'}>
        {run && (run.status === 'running' || run.status === 'cancelling') ? <div class="progress" /> : null}
        {view.results && run && tab ? (
          <>
            <RunBar results={view.results} run={run} tabs={tabsOf(run)} selected={tab} screen={screen} />
            <div
              class={`tab-panel ${tab.kind}-tab`}
              role="tabpanel"
              id="tab-panel"
              aria-label="Selected result"
            >
              <TabContent {...{ view, run, tab, screen, characterPx }} />
            </div>
          </>
        ) : view.results ? (
          <Empty results={view.results} screen={screen} />
        ) : null}
      </main>
      <Said said={said} run={run} />
    </>
  );
}

type TabContentProps = Pick<AppProps, 'screen' | 'characterPx'> & {
  readonly view: ViewState;
  readonly run: Run;
  readonly tab: Tab;
};

function TabContent({ view, run, tab, screen, characterPx }: TabContentProps): VNode | null {
  switch (tab.kind) {
    case 'set':
      return (
        <ResultPane
          key={tab.key}
          kept={view.ui.grids[tab.set.id]}
          detailOpen={view.ui.detailOpen}
          set={tab.set}
          {...{ run, screen, characterPx }}
        />
      );
    case 'held': {
      const statement = run.statements[tab.statement];
      return statement ? <Held {...{ run, statement, screen }} /> : null;
    }
    case 'failure': {
      const statement = run.statements[tab.statement];
      return statement ? <FailureView {...{ run, statement, screen }} /> : null;
    }
    default:
      return <Messages run={run} screen={screen} />;
  }
}

/** Tells people who listen how the run goes, and everybody what an action came to. */
function Said({ said, run }: { readonly said: Store<string>; readonly run: Run | null }): VNode {
  const sentence = useStore(said);
  const [shown, setShown] = useState(false);
  const previous = useRef('');
  useEffect(() => {
    setShown(sentence !== '');
    const timer = setTimeout(() => setShown(false), TOLD_MS);
    return () => clearTimeout(timer);
  }, [sentence]);
  const status = run ? `${run.id}:${run.status}:${heldStatement(run)?.request?.id ?? ''}` : '';
  const statusText = useRef('');
  if (status !== previous.current) {
    previous.current = status;
    statusText.current = run ? statusSentence(run) : '';
  }
  return (
    <>
      <p class="for-reader" role="status">
        {statusText.current}
      </p>
      <p class={shown ? 'toast' : 'toast hidden'} role="status">
        {shown ? sentence.trim() : ''}
      </p>
    </>
  );
}
