import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { Channel } from '../../contract/channel.ts';
import {
  type PolicyReplayHost,
  type PolicyReplayState,
  type PolicyReplayStatus,
  type PolicyReplayView,
  policyReplayHost,
  policyReplayView,
  type ReplayChoice,
} from '../../contract/policy-replay-messages.ts';
import { MAX_ACTIONS, orderOf, replaySteps } from '../policy-replay/steps.ts';
import { execute } from './commands.ts';
import { asSluiceError, logError, showError } from './errors.ts';
import { baseName, filesOf, type HeldFile, type PolicyPlace } from './policy-files.ts';
import type { PolicyReplaysOptions } from './policy-replays.ts';
import { openViewChannel } from './view-channel.ts';

const NOT_BEGUN = { kind: 'asking', isWaiting: false, read: 0, changed: 0, backTo: null } as const;

/** What one policy would do otherwise, in a tab. */
export class PolicyReplayPanel implements vscode.Disposable {
  readonly #place: PolicyPlace;
  readonly #options: PolicyReplaysOptions;
  readonly #panel: vscode.WebviewPanel;
  readonly #channel: Channel<PolicyReplayHost>;
  #state: PolicyReplayState;
  #files: readonly HeldFile[] = [];
  #running: AbortController | null = null;

  constructor(place: PolicyPlace, choice: ReplayChoice, options: PolicyReplaysOptions, onClosed: () => void) {
    this.#place = place;
    this.#options = options;
    const name = baseName(place.uri);
    this.#state = { name, files: [], choice, status: NOT_BEGUN, isStale: false };
    this.#panel = vscode.window.createWebviewPanel(
      'sluice.policyReplay',
      `Replay against ${name}`,
      // What is edited stays in sight.
      vscode.ViewColumn.Beside,
      { retainContextWhenHidden: true },
    );
    this.#channel = openViewChannel<PolicyReplayHost, PolicyReplayView>(this.#panel, {
      folder: options.folder,
      name: 'policy-replay',
      title: 'Replay against a policy',
      mine: policyReplayHost,
      theirs: policyReplayView,
      handlers: {
        requests: {
          ready: () => this.#state,
          run: (wanted) => later(() => this.run(wanted)),
          cancel: () => later(() => this.#running?.abort()),
          signIn: () => later(() => execute('sluice.signIn')),
          openAction: async ({ session, record }) => later(() => options.showAction(session, record)),
          openFile: ({ file, line, column }) => later(() => this.#openFile(file, line, column)),
          export: () => later(() => this.#export()),
        },
        events: {},
      },
    });
    this.#panel.onDidDispose(() => {
      this.#running?.abort();
      onClosed();
    });
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** A file was edited: what is shown is of another policy, if it is one of this one's. */
  edited(uri: vscode.Uri): void {
    const address = uri.toString();
    if (this.#state.isStale || !this.#files.some((file) => file.uri.toString() === address)) return;
    this.#state = { ...this.#state, isStale: true };
    this.#channel.tell('stale', {});
  }

  /** Asks with what the files are now. Never rejects: the outcome is shown. */
  async run(choice: ReplayChoice): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const show = (part: Partial<PolicyReplayState>) => {
      if (running === this.#running) this.#show(part);
    };
    show({ choice, status: NOT_BEGUN, isStale: false });
    try {
      this.#files = await filesOf(this.#place);
      show({ files: this.#files.map(({ file, isUnsaved }) => ({ file, isUnsaved })) });
      for await (const status of this.#statuses(choice, running.signal)) show({ status });
    } catch (error) {
      show({ status: running.signal.aborted ? { kind: 'cancelled' } : failed(error) });
    }
  }

  dispose(): void {
    this.#panel.dispose();
  }

  async *#statuses(choice: ReplayChoice, signal: AbortSignal): AsyncGenerator<PolicyReplayStatus> {
    const client = await this.#options.client();
    const documents = this.#files.map(({ file, text }) => ({ file, text }));
    for await (const step of replaySteps(client, orderOf(choice, documents, new Date()), signal)) {
      if (step.kind === 'replayed') {
        yield { kind: 'done', report: step.report, isCut: step.report.read >= MAX_ACTIONS };
      } else if (step.kind === 'asking') yield { ...step, isWaiting: false };
      else if (step.kind === 'waiting') yield { ...NOT_BEGUN, isWaiting: true };
      else yield step;
    }
  }

  #show(part: Partial<PolicyReplayState>): void {
    this.#state = { ...this.#state, ...part };
    this.#channel.tell('state', this.#state);
  }

  async #openFile(name: string, line: number, column: number): Promise<void> {
    const found = this.#files.find(({ file }) => file === name);
    if (found === undefined) return;
    const at = new vscode.Position(line - 1, column - 1);
    const selection = new vscode.Range(at, at);
    const address = found.uri.toString();
    const shown = vscode.window.visibleTextEditors.find(
      ({ document }) => document.uri.toString() === address,
    );
    const viewColumn = shown?.viewColumn ?? vscode.ViewColumn.One;
    await vscode.window.showTextDocument(found.uri, { selection, viewColumn });
  }

  async #export(): Promise<void> {
    const { name, files, choice, status } = this.#state;
    if (status.kind !== 'done') return;
    const uri = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(this.#place.uri, '..', `replay-${name.replace(/\.ya?ml$/, '')}.json`),
      title: 'Export Replay',
      filters: { JSON: ['json'] },
    });
    if (uri === undefined) return;
    if (uri.scheme !== 'file') {
      throw new SluiceError(
        'request.invalid',
        'A replay can only be exported to a file on disk.',
        'Choose another place.',
      );
    }
    // It holds what people sent.
    const file = await open(uri.fsPath, 'w', 0o600);
    await file
      .writeFile(`${JSON.stringify({ files, choice, report: status.report }, null, 2)}\n`)
      .finally(() => file.close());
    void vscode.window.showInformationMessage(`The replay was written to ${uri.fsPath}.`);
  }
}

/** Answers at once; what the person is asked meanwhile takes as long as it takes. */
function later(work: () => unknown): Record<string, never> {
  void (async () => work())().catch(showError);
  return {};
}

function failed(error: unknown): PolicyReplayStatus {
  const known = asSluiceError(error);
  logError(known);
  const { code, message, next } = known;
  const needsSignIn = code === 'identity.signInRequired' || code === 'identity.tokenInvalid';
  return { kind: 'failed', message, next, needsSignIn };
}
