import type { VNode } from 'preact';
import { Icon, IconSprite } from '../../../icons.tsx';
import type { Store } from '../../../store.ts';
import { useStore } from '../../../use-store.ts';
import type { Replay } from '../model/replay.ts';
import type { ReplayState } from '../model/state.ts';
import { Controls } from './controls.tsx';
import { EntryList } from './entry-list.tsx';
import { SearchBar } from './search-bar.tsx';
import { Statement } from './statement.tsx';
import { TerminalScreen } from './terminal-screen.tsx';

export type AppProps = {
  readonly store: Store<ReplayState>;
  /** What is said to who cannot see. */
  readonly said: Store<string>;
  readonly replay: Replay;
  readonly exportFile: () => void;
  readonly openTerminal: (terminal: number) => void;
};

export function App({ store, said, replay, exportFile, openTerminal }: AppProps): VNode {
  const state = useStore(store);
  const { session, failure, search } = state;
  return (
    <main class="replay">
      <IconSprite />
      <div class="for-reader" aria-live="polite">
        {useStore(said)}
      </div>
      {session !== null && <Head {...{ state, exportFile, openTerminal }} />}
      {failure !== '' && (
        <p class="failure with-icon" role="alert">
          <Icon name="warning" />
          {failure}
        </p>
      )}
      {search.isOpen && <SearchBar state={state} replay={replay} />}
      <div class="stage-and-list">
        <section class="stage" aria-label="What was shown">
          {session === null && failure === '' && <p class="quiet nothing">Loading the session…</p>}
          {session?.kind === 'terminal' && <TerminalScreen state={state} terminal={replay.terminal} />}
          {session?.kind === 'database' && <Statement state={state} />}
        </section>
        {session !== null && <EntryList state={state} replay={replay} />}
      </div>
      {session !== null && <Controls state={state} replay={replay} />}
    </main>
  );
}

type HeadProps = Pick<AppProps, 'exportFile' | 'openTerminal'> & { readonly state: ReplayState };

function Head({ state, exportFile, openTerminal }: HeadProps): VNode | null {
  const { session, terminal, tape } = state;
  if (session === null) return null;
  return (
    <header class="head">
      <h2>
        {session.who} on {session.target}
      </h2>
      <span class="quiet">{new Date(session.startedAt).toLocaleString()}</span>
      {tape === 'live' && <span class="live">live</span>}
      <span class="room" />
      {session.terminals.length > 1 && (
        <label>
          Terminal{' '}
          <select
            value={terminal}
            onChange={({ currentTarget }) => openTerminal(Number(currentTarget.value))}
          >
            {session.terminals.map((number) => (
              <option key={number} value={number}>
                {number}
              </option>
            ))}
          </select>
        </label>
      )}
      <button
        type="button"
        class="tool with-icon"
        title="Export this recording to a file"
        onClick={exportFile}
      >
        <Icon name="save" />
        Export…
      </button>
    </header>
  );
}
