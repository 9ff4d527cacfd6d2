import * as vscode from 'vscode';
import type { RequestId } from '../../../gateway/contract/ids.ts';
import {
  type ApprovalsHost,
  type ApprovalsState,
  type ApprovalsView,
  approvalsHost,
  approvalsView,
} from '../../contract/approvals-messages.ts';
import type { Channel } from '../../contract/channel.ts';
import type { Handlers } from '../../contract/protocol.ts';
import { openViewChannel } from './view-channel.ts';

export type ApprovalsPanelOptions = {
  /** Folder of the webviews' bundles. */
  folder: vscode.Uri;
  state: () => ApprovalsState;
  handlers: Handlers<ApprovalsView>;
  /** Carries the badge until the view was first shown: only then does it exist. */
  substitute: { badge?: vscode.ViewBadge | undefined };
};

/** The side panel of requests. Holds no state of its own but what is to be shown once it has loaded. */
export class ApprovalsPanel implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #options: ApprovalsPanelOptions;
  readonly #registration: vscode.Disposable;
  #view: vscode.WebviewView | null = null;
  #channel: Channel<ApprovalsHost> | null = null;
  #toShow: RequestId | null = null;
  #badge: vscode.ViewBadge | undefined;

  constructor(options: ApprovalsPanelOptions) {
    this.#options = options;
    this.#registration = vscode.window.registerWebviewViewProvider('sluice.approvals', this);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    const channel = openViewChannel<ApprovalsHost, ApprovalsView>(view, {
      folder: this.#options.folder,
      name: 'approvals',
      title: 'Approvals',
      mine: approvalsHost,
      theirs: approvalsView,
      handlers: this.#options.handlers,
    });
    this.#channel = channel;
    view.onDidDispose(() => {
      if (this.#channel === channel) this.#channel = null;
      if (this.#view === view) this.#view = null;
      this.#showBadge();
    });
    this.#showBadge();
  }

  /** Called by the `ready` handler. */
  loaded(): void {
    if (this.#toShow !== null) this.#channel?.tell('show', { request: this.#toShow });
    this.#toShow = null;
  }

  /** Brings the panel up, with this request in front if one is named. */
  async show(request: RequestId | null): Promise<void> {
    this.#toShow = request;
    const isLoaded = this.#view?.visible === true;
    await vscode.commands.executeCommand('sluice.approvals.focus');
    // A view that was hidden loads anew, and asks by itself.
    if (isLoaded) this.loaded();
  }

  refresh(): void {
    this.#channel?.tell('state', this.#options.state());
  }

  /** So many requests wait for this person. */
  badge(count: number): void {
    const tooltip = count === 1 ? '1 request waits for you' : `${count} requests wait for you`;
    this.#badge = count === 0 ? undefined : { value: count, tooltip };
    this.#showBadge();
  }

  dispose(): void {
    this.#channel?.dispose();
    this.#registration.dispose();
  }

  #showBadge(): void {
    this.#options.substitute.badge = this.#view === null ? this.#badge : undefined;
    if (this.#view !== null) this.#view.badge = this.#badge;
  }
}
