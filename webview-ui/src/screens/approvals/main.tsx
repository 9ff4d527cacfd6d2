import '../../no-eval.ts';
import './styles/approvals.css';
import { render } from 'preact';
import { approvalsHost, approvalsView } from '../../../../extension/contract/approvals-messages.ts';
import { ChannelClosed, openChannel } from '../../../../extension/contract/channel.ts';
import { waitsForMe } from '../../../../extension/contract/requests.ts';
import { SluiceError } from '../../../../gateway/contract/error.ts';
import { createStore } from '../../store.ts';
import { webviewTransport } from '../../vscode-api.ts';
import {
  EMPTY_UI,
  type Inbox,
  InboxUi,
  withApprovals,
  withDraft,
  withForm,
  withHistory,
  withRequest,
  withSelected,
} from './model/inbox.ts';
import { arrival } from './model/words.ts';
import type { ActName, Screen } from './screen.ts';
import { App } from './views/app.tsx';
import { focusSelected } from './views/focus.ts';

const DONE: Record<ActName, string> = {
  approve: 'Approved.',
  deny: 'Denied.',
  remark: 'Sent.',
  propose: 'Proposed.',
  explain: 'Noted.',
  withdraw: 'Withdrawn.',
  review: 'Reviewed.',
};

const vscode = acquireVsCodeApi();
const kept = InboxUi.safeParse(vscode.getState());
const store = createStore<Inbox>({ approvals: null, ui: kept.success ? kept.data : EMPTY_UI });
const said = createStore('');
const arrived = createStore('');

const channel = openChannel({
  transport: webviewTransport(vscode),
  mine: approvalsView,
  theirs: approvalsHost,
  handlers: {
    requests: {},
    events: {
      state: (approvals) => {
        const known = new Set(store.get().approvals?.requests.map(({ request }) => request.id));
        const fresh = approvals.requests.find((shown) => waitsForMe(shown) && !known.has(shown.request.id));
        if (fresh && store.get().approvals !== null) arrived.update(() => arrival(fresh.request));
        store.update((inbox) => withApprovals(inbox, approvals));
      },
      show: ({ request }) => {
        store.update((inbox) => withSelected(inbox, request));
        focusSelected();
      },
    },
  },
  onMalformed: (error) => console.error('a message from the host was dropped', error),
});

/** The trailing space makes the same sentence, said twice, another one. */
function say(sentence: string): void {
  said.update((last) => (last === sentence ? `${sentence} ` : sentence));
}

function failed(error: unknown): void {
  if (error instanceof ChannelClosed) return;
  const next = error instanceof SluiceError ? error.next : '';
  say(`${error instanceof Error ? error.message : String(error)} ${next}`.trim());
}

const screen: Screen = {
  ask: channel.ask,
  act: async (name, body) => {
    try {
      const shown = await channel.ask(name, body);
      store.update((inbox) => withRequest(inbox, shown));
      say(DONE[name]);
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  },
  select: (request) => store.update((inbox) => withSelected(inbox, request)),
  openForm: (form) => store.update((inbox) => withForm(inbox, form)),
  draft: (key, text) => store.update((inbox) => withDraft(inbox, key, text)),
  openHistory: (open) => {
    store.update((inbox) => withHistory(inbox, open));
    if (open) channel.ask('history', {}).catch(failed);
  },
};

store.subscribe(({ ui }) => vscode.setState(ui));

const root = document.getElementById('root');
if (root) render(<App {...{ store, said, arrived, screen }} />, root);

channel.ask('ready', {}).then(({ state }) => {
  store.update((inbox) => withApprovals(inbox, state));
  if (store.get().ui.historyOpen) channel.ask('history', {}).catch(failed);
}, failed);
