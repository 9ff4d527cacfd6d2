import * as vscode from 'vscode';
import type { ApprovalRequest } from '../../../gateway/contract/approval-request.ts';
import { approversInWords } from '../../../gateway/contract/ask.ts';
import type { Decision } from '../../../gateway/contract/decision.ts';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { MaskReason } from '../../../gateway/contract/verdict.ts';
import type { ApprovalsState } from '../../contract/approvals-messages.ts';
import { waitsForMe } from '../../contract/requests.ts';
import { Approvals } from '../approvals/approvals.ts';
import type { GatewayConnection } from '../gateway/connection.ts';
import { approvalsHandlers } from './approvals-handlers.ts';
import { ApprovalsPanel } from './approvals-view.ts';
import type { AuthProvider } from './auth-provider.ts';
import { RequestNotices } from './request-notices.ts';
import { toldRequests } from './told-requests.ts';
import { WaitingItem } from './waiting-item.ts';

export type ApprovalsDeskOptions = {
  context: vscode.ExtensionContext;
  connection: GatewayConnection;
  auth: AuthProvider;
  /** Carries the badge until the panel was first shown. */
  substitute: { badge?: vscode.ViewBadge | undefined };
  /** Any request is new, or has changed. */
  onChange: () => void;
};

const TOLD_MS = 8_000;
const TIMES = [
  { label: '10 minutes', minutes: 10 },
  { label: '30 minutes', minutes: 30 },
  { label: '1 hour', minutes: 60 },
  { label: '4 hours', minutes: 240 },
];

/** Everything of one window that shows requests for approval, and what they follow. */
export class ApprovalsDesk implements vscode.Disposable {
  readonly approvals: Approvals;
  readonly panel: ApprovalsPanel;
  readonly #options: ApprovalsDeskOptions;
  readonly #notices: RequestNotices;
  readonly #waiting = new WaitingItem();
  #accountId: string | null = null;

  constructor(options: ApprovalsDeskOptions) {
    const { context, connection, auth, substitute } = options;
    this.#options = options;
    this.approvals = new Approvals({ client: () => connection.client(), token: () => auth.accessToken() });
    this.panel = new ApprovalsPanel({
      folder: vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview'),
      state: () => this.#state(),
      handlers: approvalsHandlers({
        approvals: this.approvals,
        state: () => this.#state(),
        loaded: () => this.panel.loaded(),
      }),
      substitute,
    });
    this.#notices = new RequestNotices(
      toldRequests(context.globalState),
      (request) => void this.panel.show(request),
    );
    this.approvals.book.shown.follow(() => this.#changed());
    this.approvals.isLive.follow(() => this.panel.refresh());
  }

  /** The gateway or the account has changed. */
  follow(): void {
    const id = this.#options.auth.account.value?.id ?? null;
    if (id !== this.#accountId) this.approvals.stop();
    this.#accountId = id;
    if (id !== null && this.#options.connection.state.value.kind === 'ready') this.approvals.follow();
    this.panel.refresh();
  }

  /** What this person asked for. */
  get mine(): ApprovalRequest[] {
    return this.approvals.book.shown.value
      .map(({ request }) => request)
      .filter(({ requester }) => requester.id === this.#accountId);
  }

  /** Asks why, and then those who may approve the statement. */
  async askBeforehand(target: TargetName, statement: string, decision: Decision): Promise<void> {
    const approvers = approversInWords(decision.asks);
    const reason = await askWhy(`Ask ${approvers} for approval`);
    if (reason === undefined) return;
    await this.approvals.ask({ kind: 'statement', target, statement, reason });
    wasAsked(approvers);
  }

  /** Asks for how long and why, and then those who may lift the mask. */
  async askToSee(target: TargetName, { sources, unmask = '' }: MaskReason): Promise<void> {
    const names = sources.map(({ relation, column }) => `${relation}.${column}`).join(', ');
    const title = `Ask ${unmask} to see ${names} unmasked`;
    const time = await vscode.window.showQuickPick(TIMES, { title, placeHolder: 'For how long?' });
    const reason = time === undefined ? undefined : await askWhy(title);
    if (time === undefined || reason === undefined) return;
    const { minutes } = time;
    await this.approvals.ask({ kind: 'unmask', target, columns: sources, forSeconds: minutes * 60, reason });
    wasAsked(unmask);
  }

  dispose(): void {
    this.approvals.stop();
    this.panel.dispose();
    this.#waiting.dispose();
  }

  #changed(): void {
    const shown = this.approvals.book.shown.value;
    this.panel.badge(shown.filter(waitsForMe).length);
    this.panel.refresh();
    this.#notices.show(shown, this.#accountId);
    this.#waiting.show(this.mine.filter(({ status }) => status === 'pending'));
    this.#options.onChange();
  }

  #state(): ApprovalsState {
    const gateway = this.#options.connection.state.value.kind;
    return {
      readiness: this.#readiness(gateway),
      me: this.#accountId,
      requests: [...this.approvals.book.shown.value],
    };
  }

  #readiness(gateway: GatewayConnection['state']['value']['kind']): ApprovalsState['readiness'] {
    if (gateway === 'off' || gateway === 'starting') return 'connecting';
    if (gateway !== 'ready') return 'offline';
    if (this.#accountId === null) return 'signedOut';
    return this.approvals.isLive.value ? 'ready' : 'connecting';
  }
}

/** The status bar says what waits from then on; a notice comes with the answer. */
function wasAsked(whom: string): void {
  vscode.window.setStatusBarMessage(`$(check) ${whom} was asked; you are told what they say`, TOLD_MS);
}

function askWhy(title: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt: 'Why do you need it? Those who decide read it.',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'A word or two.' : undefined),
  });
}
