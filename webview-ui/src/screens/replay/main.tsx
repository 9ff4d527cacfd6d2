import '../../no-eval.ts';
import './styles/replay.css';
import { render } from 'preact';
import { ChannelClosed, openChannel } from '../../../../extension/contract/channel.ts';
import { replayHost, replayView } from '../../../../extension/contract/replay-messages.ts';
import { SluiceError } from '../../../../gateway/contract/error.ts';
import { createStore } from '../../store.ts';
import { webviewTransport } from '../../vscode-api.ts';
import { Replay } from './model/replay.ts';
import { INITIAL } from './model/state.ts';
import { App } from './views/app.tsx';
import { pressed } from './views/keys.ts';

const store = createStore(INITIAL);
const said = createStore('');

const channel = openChannel({
  transport: webviewTransport(acquireVsCodeApi()),
  mine: replayView,
  theirs: replayHost,
  handlers: {
    requests: {},
    events: {
      session: (session) => replay.update(session),
      show: ({ record, terminal }) => void replay.showAction(record, terminal).catch(failed),
    },
  },
  onMalformed: (error) => console.error('a message from the host was dropped', error),
});

const replay: Replay = new Replay({
  store,
  ask: channel.ask,
  // The emulator is a bundle of its own: sessions of databases do without it.
  newTerminal: async () => new (await import('./model/terminal-stage.ts')).TerminalStage(),
  // The trailing space makes the same sentence, said twice, another one.
  announce: (sentence) => said.update((last) => (last === sentence ? `${sentence} ` : sentence)),
  now: () => performance.now(),
  onFrame: (draw) => void requestAnimationFrame(draw),
});

const failed = (error: unknown) => {
  if (error instanceof ChannelClosed) return;
  const next = error instanceof SluiceError ? error.next : '';
  const failure = `${error instanceof Error ? error.message : String(error)} ${next}`.trim();
  store.update((state) => ({ ...state, failure, tape: 'ended' }));
};

window.addEventListener('keydown', (event) => pressed(event, replay, store.get()));

const root = document.getElementById('root');
const exportFile = () => void channel.ask('export', {}).catch(failed);
const openTerminal = (terminal: number) => void replay.openTerminal(terminal).catch(failed);
if (root) render(<App {...{ store, said, replay, exportFile, openTerminal }} />, root);

channel
  .ask('ready', {})
  .then((session) => replay.begin(session))
  .catch(failed);
