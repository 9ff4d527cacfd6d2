import * as vscode from 'vscode';
import type { Channel } from '../../contract/channel.ts';
import type { Handlers } from '../../contract/protocol.ts';
import {
  type ResultsHost,
  type ResultsView,
  resultsHost,
  resultsView,
} from '../../contract/results-messages.ts';
import type { ResultsState, RunId } from '../../contract/results-state.ts';
import { throttle } from '../results/throttle.ts';
import type { LiveRun } from '../runs/live-run.ts';
import { openViewChannel } from './view-channel.ts';

const PROGRESS_INTERVAL_MS = 100;

export type ResultsViewOptions = {
  /** Folder of the webview's bundle. */
  folder: vscode.Uri;
  state: () => ResultsState;
  handlers: Handlers<ResultsView>;
};

/** The results panel: one webview for the editor in front. Holds no rows and no state of its own. */
export class ResultsPanel implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #options: ResultsViewOptions;
  readonly #registration: vscode.Disposable;
  #view: vscode.WebviewView | null = null;
  #channel: Channel<ResultsHost> | null = null;
  /** Told once the view has loaded. */
  #toShow: RunId | null = null;
  #progressOf: LiveRun | null = null;
  readonly #state = throttle(() => this.#tellState(), PROGRESS_INTERVAL_MS);
  readonly #progress = throttle(() => this.#tellProgress(), PROGRESS_INTERVAL_MS);

  constructor(options: ResultsViewOptions) {
    this.#options = options;
    this.#registration = vscode.window.registerWebviewViewProvider('sluice.results', this);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    const channel = openViewChannel<ResultsHost, ResultsView>(view, {
      folder: this.#options.folder,
      name: 'results',
      title: 'Results',
      mine: resultsHost,
      theirs: resultsView,
      handlers: this.#options.handlers,
    });
    this.#channel = channel;
    view.onDidDispose(() => {
      if (this.#channel === channel) this.#channel = null;
      if (this.#view === view) this.#view = null;
    });
  }

  /** Called by the `ready` handler. */
  loaded(): void {
    if (this.#toShow !== null) this.#channel?.tell('show', { run: this.#toShow });
    this.#toShow = null;
  }

  /** Brings the panel up without taking the keyboard from the editor, with this run in front. */
  async show(run: RunId): Promise<void> {
    this.#toShow = run;
    if (this.#view === null) {
      await vscode.commands.executeCommand('sluice.results.focus', { preserveFocus: true });
    } else {
      this.#view.show(true);
      this.refresh();
      this.loaded();
    }
  }

  async focus(): Promise<void> {
    await vscode.commands.executeCommand('sluice.results.focus');
    this.#channel?.tell('focus', {});
  }

  refresh(): void {
    this.#state.call();
  }

  progress(run: LiveRun): void {
    this.#progressOf = run;
    this.#progress.call();
  }

  dispose(): void {
    this.#state.dispose();
    this.#progress.dispose();
    this.#channel?.dispose();
    this.#registration.dispose();
  }

  #tellState(): void {
    if (this.#channel === null) return;
    this.#channel.tell('state', this.#options.state());
  }

  #tellProgress(): void {
    const run = this.#progressOf;
    if (run === null || this.#channel === null) return;
    this.#channel.tell('progress', {
      run: run.id,
      status: run.status,
      elapsedMs: run.elapsedMs,
      sets: run.resultSets.map((set) => {
        const { id, rowCount, complete, arrangement } = set.snapshot();
        return { id, rowCount, complete, arrangement };
      }),
    });
  }
}
