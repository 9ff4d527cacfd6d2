import * as vscode from 'vscode';
import type { GatewayConnection } from '../gateway/connection.ts';
import { KnownNamesBook } from '../policy-language/known-names.ts';
import { statusText } from '../policy-language/wording.ts';
import type { TargetList } from '../targets/target-list.ts';
import { AccessReports } from './access-reports.ts';
import type { AuthProvider } from './auth-provider.ts';
import { COMPLETION_TRIGGERS, PolicyCompletion } from './policy-completion.ts';
import { POLICY_SELECTOR, PolicyDrafts } from './policy-drafts.ts';
import { PolicyHover } from './policy-hover.ts';

export type PolicyEditorOptions = {
  connection: GatewayConnection;
  auth: AuthProvider;
  list: TargetList;
  requireSignIn: () => Promise<void>;
};

/** What the editor does for whoever writes a policy. Asks the connected gateway alone, and only where a policy is open. */
export class PolicyEditor implements vscode.Disposable {
  readonly reports: AccessReports;
  readonly #options: PolicyEditorOptions;
  readonly #names: KnownNamesBook;
  readonly #drafts: PolicyDrafts;
  readonly #status: vscode.LanguageStatusItem;
  readonly #subscriptions: vscode.Disposable[];

  constructor(options: PolicyEditorOptions) {
    this.#options = options;
    const client = () => options.connection.client();
    this.#names = new KnownNamesBook({
      names: async (signal) => (await client()).ask('policyNames', {}, signal),
      targetNames: async (target, known, signal) => {
        const params = known === undefined ? { target } : { target, known };
        return (await client()).ask('policyTargetNames', { params }, signal);
      },
      ownTargets: () => [...options.list.targets, ...options.list.hosts],
      ownCatalogue: (target) => options.list.catalogue(target),
      now: Date.now,
    });
    this.#status = vscode.languages.createLanguageStatusItem('sluice.policy', POLICY_SELECTOR);
    this.#status.name = 'Sluice Policy';
    this.#drafts = new PolicyDrafts({
      client,
      unasked: () => this.#unasked(),
      onChange: () => this.#showStatus(),
    });
    this.reports = new AccessReports({ client, names: this.#names, requireSignIn: options.requireSignIn });
    const mayAsk = () => this.#unasked() === null;
    this.#subscriptions = [
      this.#status,
      this.#drafts,
      this.reports,
      vscode.languages.registerCompletionItemProvider(
        POLICY_SELECTOR,
        new PolicyCompletion(this.#drafts, this.#names, mayAsk),
        ...COMPLETION_TRIGGERS,
      ),
      vscode.languages.registerHoverProvider(POLICY_SELECTOR, new PolicyHover(this.#drafts, client, mayAsk)),
      vscode.window.onDidChangeActiveTextEditor(() => this.#showStatus()),
    ];
    this.#showStatus();
  }

  /** Whether the gateway answers, or who asks it, has changed. */
  changed(): void {
    this.#names.forget();
    this.#drafts.askAgain();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #unasked(): { why: string; needsSignIn: boolean } | null {
    const { connection, auth } = this.#options;
    const state = connection.state.value;
    if (state.kind !== 'ready') return { why: 'it does not answer.', needsSignIn: false };
    return auth.account.value === null ? { why: 'sign in first.', needsSignIn: true } : null;
  }

  #showStatus(): void {
    const document = vscode.window.activeTextEditor?.document;
    const check = document === undefined ? null : this.#drafts.check(document);
    if (check === null) return;
    const { text, detail, isWarning } = statusText(check);
    this.#status.text = text;
    this.#status.detail = detail;
    this.#status.busy = check.kind === 'checking';
    this.#status.severity = isWarning
      ? vscode.LanguageStatusSeverity.Warning
      : vscode.LanguageStatusSeverity.Information;
    this.#status.command =
      check.kind === 'notChecked' && check.needsSignIn
        ? { command: 'sluice.signIn', title: 'Sign In' }
        : undefined;
  }
}
