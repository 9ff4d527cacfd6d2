import * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { LiveRun, RunText } from '../runs/live-run.ts';
import type { Runs } from '../runs/runs.ts';
import type { HistoryView } from './history-view.ts';
import type { ResultsPanel } from './results-view.ts';
import type { RunProblems } from './run-problems.ts';

/** A run that takes longer shows a notification with a way to cancel it. */
const PROGRESS_AFTER_MS = 1_500;

export type RunnerOptions = {
  runs: Runs;
  panel: ResultsPanel;
  history: HistoryView;
  problems: RunProblems;
  /** The document's target, or the one the person chooses now; null when they leave. */
  targetOf: (document: vscode.TextDocument) => Promise<TargetName | null>;
  onEnded: () => void;
};

/** How often a waiting run says how long it has waited. */
const PROGRESS_INTERVAL_MS = 500;

/** Runs a part of a document and stays with it to its end. */
export class Runner {
  readonly #options: RunnerOptions;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  async run(document: vscode.TextDocument, source: RunText | null): Promise<void> {
    if (source === null || source.text.trim() === '') {
      throw new SluiceError('request.invalid', 'There is no statement here.', 'Put the cursor into one.');
    }
    const target = await this.#options.targetOf(document);
    if (target !== null) await this.runOn(document, source, target);
  }

  async runOn(document: vscode.TextDocument, source: RunText, target: TargetName): Promise<void> {
    const { runs, panel, problems } = this.#options;
    const address = document.uri.toString();
    problems.clear(document.uri);
    const { run, done } = runs.start(address, target, source);
    const clock = setInterval(() => panel.progress(run), PROGRESS_INTERVAL_MS);
    const shown = panel.show(run.id);
    await Promise.all([shown, this.#withProgress(address, run, done)]).finally(() => clearInterval(clock));
    this.#ended(document, run);
  }

  async #withProgress(address: string, run: LiveRun, done: Promise<void>): Promise<void> {
    const isSlow = await Promise.race([
      done.then(() => false),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(true), PROGRESS_AFTER_MS)),
    ]);
    if (isSlow) await this.#withNotification(address, run, done);
    await done;
  }

  /** Until the run is over, or waits for people: that may be long, and results, lens and status bar say so. */
  async #withNotification(address: string, run: LiveRun, done: Promise<void>): Promise<void> {
    if (run.waitsFor !== null) return;
    const location = vscode.ProgressLocation.Notification;
    const title = `Sluice: running on ${run.target}`;
    await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
      token.onCancellationRequested(() => this.#options.runs.cancel(address));
      await new Promise<void>((resolve) => {
        const clock = setInterval(() => {
          if (run.waitsFor === null) progress.report({ message: progressText(run) });
          else end();
        }, PROGRESS_INTERVAL_MS);
        const end = () => {
          clearInterval(clock);
          resolve();
        };
        void done.finally(end);
      });
    });
  }

  #ended(document: vscode.TextDocument, run: LiveRun): void {
    const { problems, history, onEnded } = this.#options;
    if (!document.isClosed) problems.show(document, run);
    history.add({
      id: run.id,
      target: run.target,
      text: run.source.text,
      atMs: Date.now() - run.elapsedMs,
      status: run.status,
      elapsedMs: run.elapsedMs,
      rows: rowsOf(run),
    });
    if (run.status === 'cancelled') {
      vscode.window.setStatusBarMessage(`$(circle-slash) ${run.target} has cancelled the statement`, 8_000);
    }
    onEnded();
  }
}

function progressText(run: LiveRun): string {
  if (run.status === 'cancelling') return 'asking the server to cancel…';
  const rows = rowsOf(run);
  return rows === 0 ? 'waiting for the server' : `${rows.toLocaleString('en')} rows so far`;
}

function rowsOf(run: LiveRun): number {
  return run.resultSets.reduce((sum, set) => sum + set.snapshot().rowCount, 0);
}
