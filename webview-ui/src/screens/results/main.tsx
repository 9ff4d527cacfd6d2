import '../../no-eval.ts';
import './styles/results.css';
import { render } from 'preact';
import { ChannelClosed, openChannel } from '../../../../extension/contract/channel.ts';
import { resultsHost, resultsView } from '../../../../extension/contract/results-messages.ts';
import { ResultsUi } from '../../../../extension/contract/results-ui.ts';
import { SluiceError } from '../../../../gateway/contract/error.ts';
import { createStore } from '../../store.ts';
import { webviewTransport } from '../../vscode-api.ts';
import {
  INITIAL,
  type ViewState,
  withArrangement,
  withDetail,
  withGrid,
  withProgress,
  withResults,
  withRun,
  withTab,
} from './model/view-state.ts';
import type { Screen } from './screen.ts';
import { App } from './views/app.tsx';
import { characterWidthPx } from './views/measure.ts';

const SAVE_AFTER_MS = 300;

const vscode = acquireVsCodeApi();
const kept = ResultsUi.safeParse(vscode.getState());
const store = createStore<ViewState>(kept.success ? { ...INITIAL, ui: kept.data } : INITIAL);
const said = createStore('');

const channel = openChannel({
  transport: webviewTransport(vscode),
  mine: resultsView,
  theirs: resultsHost,
  handlers: {
    requests: {},
    events: {
      state: (results) => store.update((view) => withResults(view, results)),
      progress: (progress) => store.update((view) => withProgress(view, progress)),
      show: ({ run }) => store.update((view) => withRun(view, run)),
      focus: () => document.querySelector<HTMLElement>('.grid [tabindex="0"], .grid')?.focus(),
    },
  },
  onMalformed: (error) => console.error('a message from the host was dropped', error),
});

/** The trailing space makes the same sentence, said twice, another one. */
const announce = (sentence: string) => said.update((last) => (last === sentence ? `${sentence} ` : sentence));

/** What happened, and what to do next where the error says it. */
const failed = (error: unknown) => {
  if (error instanceof ChannelClosed) return;
  const next = error instanceof SluiceError ? error.next : '';
  announce(`${error instanceof Error ? error.message : String(error)} ${next}`.trim());
};

const screen: Screen = {
  ask: channel.ask,
  failed,
  announce,
  attempt: (question, sentenceFor) => {
    question.then((reply) => {
      const sentence = sentenceFor?.(reply);
      if (sentence) announce(sentence);
    }, failed);
  },
  chooseRun: (run) => store.update((view) => withRun(view, run)),
  chooseTab: (run, key) => store.update((view) => withTab(view, run, key)),
  keepGrid: (set, grid) => store.update((view) => withGrid(view, set, grid)),
  openDetail: (open) => store.update((view) => withDetail(view, open)),
  arranged: (set, arrangement) => store.update((view) => withArrangement(view, set, arrangement)),
};

let saving: ReturnType<typeof setTimeout> | undefined;
store.subscribe(({ ui }) => {
  clearTimeout(saving);
  saving = setTimeout(() => {
    vscode.setState(ui);
    void channel.ask('remember', ui).catch(() => {});
  }, SAVE_AFTER_MS);
});

const root = document.getElementById('root');
if (root) render(<App {...{ store, said, screen }} characterPx={characterWidthPx()} />, root);

screen.attempt(channel.ask('ready', {}), ({ state, ui }) => {
  store.update((view) => withResults(!kept.success && ui ? { ...view, ui } : view, state));
  return null;
});
