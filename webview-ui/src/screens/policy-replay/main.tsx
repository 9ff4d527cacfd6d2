import '../../no-eval.ts';
import './styles/policy-replay.css';
import { render } from 'preact';
import { ChannelClosed, openChannel } from '../../../../extension/contract/channel.ts';
import {
  type PolicyReplayState,
  policyReplayHost,
  policyReplayView,
} from '../../../../extension/contract/policy-replay-messages.ts';
import { SluiceError } from '../../../../gateway/contract/error.ts';
import { createStore } from '../../store.ts';
import { webviewTransport } from '../../vscode-api.ts';
import { INITIAL, reportOf, withReplay } from './model/state.ts';
import { headline, warning } from './model/words.ts';
import type { Screen } from './screen.ts';
import { App } from './views/app.tsx';

const store = createStore(INITIAL);
const said = createStore('');

const channel = openChannel({
  transport: webviewTransport(acquireVsCodeApi()),
  mine: policyReplayView,
  theirs: policyReplayHost,
  handlers: {
    requests: {},
    events: {
      state: (replay) => show(replay),
      stale: () =>
        store.update((state) =>
          state.replay === null ? state : { ...state, replay: { ...state.replay, isStale: true } },
        ),
    },
  },
  onMalformed: (error) => console.error('a message from the host was dropped', error),
});

function show(replay: PolicyReplayState): void {
  store.update((state) => withReplay(state, replay));
  const report = reportOf(replay);
  if (report !== null) said.update(() => `${headline(report)} ${warning(report)}`);
}

const failed = (error: unknown) => {
  if (error instanceof ChannelClosed) return;
  const next = error instanceof SluiceError ? error.next : '';
  const failure = `${error instanceof Error ? error.message : String(error)} ${next}`.trim();
  store.update((state) => ({ ...state, failure }));
};

const screen: Screen = {
  change: (change) => store.update(change),
  ask: (name, body) => void channel.ask(name, body).catch(failed),
};

const root = document.getElementById('root');
if (root) render(<App {...{ store, said, screen }} />, root);

channel.ask('ready', {}).then(show).catch(failed);
