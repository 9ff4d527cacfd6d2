import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ApprovalRequest } from '../../../gateway/contract/approval-request.ts';
import type { Decision } from '../../../gateway/contract/decision.ts';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { RequestId, TargetName } from '../../../gateway/contract/ids.ts';
import type { Target } from '../../../gateway/contract/target.ts';
import { isOpen } from '../../contract/requests.ts';
import { HostFiles } from '../files/host-files.ts';
import type { HostPlace } from '../files/host-place.ts';
import { GatewayConnection } from '../gateway/connection.ts';
import { HttpClient } from '../gateway/http-client.ts';
import { QuerySession } from '../gateway/query-session.ts';
import { openClientWith } from '../identity/open-client.ts';
import { loadOAuth } from '../lazy.ts';
import { RowStore } from '../results/row-store.ts';
import { openSpillFolder } from '../results/spill-folder.ts';
import type { LiveRun } from '../runs/live-run.ts';
import { requestForVerdict } from '../runs/request-text.ts';
import { Runs } from '../runs/runs.ts';
import type { TargetNode } from '../targets/nodes.ts';
import { TargetList } from '../targets/target-list.ts';
import { type Unasked, VerdictBook } from '../verdicts/verdict-book.ts';
import { ActiveTarget } from './active-target.ts';
import { ApprovalsDesk } from './approvals-desk.ts';
import { AuthProvider } from './auth-provider.ts';
import { setContext } from './context-keys.ts';
import { Documents } from './documents.ts';
import { asSluiceError, logError, showError } from './errors.ts';
import { chosenGateway } from './gateway-choice.ts';
import { HistoryView } from './history-view.ts';
import { HostFileSystem } from './host-file-system.ts';
import { askForFolder, tellRefused } from './host-picker.ts';
import { VerdictLens } from './lens.ts';
import { PolicyEditor } from './policy-editor.ts';
import { PolicyReplays } from './policy-replays.ts';
import { registerQuickFixes } from './quick-fixes.ts';
import { resultsHandlers } from './results-handlers.ts';
import { readinessOf, resultsState } from './results-state.ts';
import { ResultsPanel } from './results-view.ts';
import { RunProblems } from './run-problems.ts';
import { Runner } from './runner.ts';
import { SessionsDesk } from './sessions-desk.ts';
import { onSettingChange, setting } from './settings.ts';
import { UriRedirects } from './sign-in.ts';
import { activeSqlEditor, replaceStatement, SQL } from './sql-editor.ts';
import { StatusBar } from './status-bar.ts';
import { registerSymbols } from './symbols.ts';
import { pickTarget } from './target-picker.ts';
import { TargetsTree } from './targets-tree.ts';
import { Terminals } from './terminals.ts';

const NO_CHOICE: Unasked = { why: 'choose a target for this file', remedy: 'sluice.chooseTarget' };
/** An open query channel lives as long as its sign-in is renewed. */
const RENEWAL_CHECK_MS = 10_000;
/** The window in front renews well before the others would. */
const RENEW_IN_FRONT_MS = 60_000;
const PATIENCE_MS = 30 * 60_000;

/** All surfaces of one window and what they follow: one place where changes meet what shows them. */
export class Workbench implements vscode.Disposable {
  readonly connection: GatewayConnection = new GatewayConnection(() => this.auth.accessToken());
  readonly redirects = new UriRedirects();
  readonly auth: AuthProvider;
  readonly list = new TargetList(() => this.connection.client());
  readonly files = new HostFiles(() => this.#patientClient());
  readonly tree = new TargetsTree(this.list, this.files);
  readonly #hostFileSystem = new HostFileSystem(this.files);
  readonly activeTarget: ActiveTarget;
  readonly history: HistoryView;
  readonly runs: Runs;
  readonly runner: Runner;
  readonly panel: ResultsPanel;
  readonly desk: ApprovalsDesk;
  readonly terminals: Terminals;
  readonly sessions: SessionsDesk;
  readonly policy: PolicyEditor;
  readonly policyReplays: PolicyReplays;
  readonly #context: vscode.ExtensionContext;
  readonly #book: VerdictBook;
  readonly #lens: VerdictLens;
  readonly #problems = new RunProblems();
  readonly #statusBar = new StatusBar();
  readonly #documents: Documents;
  readonly #targetsView: vscode.TreeView<TargetNode>;
  readonly #subscriptions: vscode.Disposable[] = [];
  #spillFolder: Promise<string> | null = null;
  #accountId: string | null = null;
  #lastPerson: string | null = null;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
    this.auth = new AuthProvider(
      context.secrets,
      () => this.connection,
      openClientWith(loadOAuth),
      this.redirects,
    );
    this.activeTarget = new ActiveTarget(context.workspaceState, this.list);
    this.history = new HistoryView(context.workspaceState);
    this.#book = new VerdictBook({
      ask: async (target, text, signal) => {
        const client = await this.connection.client();
        return (await client.ask('verdicts', { params: { target }, body: { text } }, signal)).verdicts;
      },
      onChange: (address) => this.#lens.show(address),
    });
    this.#lens = new VerdictLens(this.#book, (address) => this.#standing(address));
    this.runs = new Runs({
      openSession: (target, signal) => this.#openSession(target, signal),
      newStore: async () => RowStore.create(await this.#spill()),
      maxRows: () => setting('sluice.results.maxRows'),
      onChange: () => this.#showRuns(),
      onProgress: (document, run) => {
        if (document === this.#pairedAddress) this.panel.progress(run);
      },
      onSessionLost: (_, why) => {
        logError(why);
        void this.connection.refresh();
      },
    });
    this.#targetsView = vscode.window.createTreeView('sluice.targets', { treeDataProvider: this.tree });
    this.desk = new ApprovalsDesk({
      context,
      connection: this.connection,
      auth: this.auth,
      substitute: this.#targetsView,
      onChange: () => this.#requestsChanged(),
    });
    this.terminals = new Terminals({
      list: this.list,
      requireSignIn: () => this.requireSignIn(),
      access: () => this.#access(),
    });
    this.sessions = new SessionsDesk({
      folder: vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview'),
      targets: this.list,
      client: () => this.connection.client(),
      access: () => this.#access(),
      requireSignIn: () => this.requireSignIn(),
    });
    this.policyReplays = new PolicyReplays({
      folder: vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview'),
      targets: this.list,
      client: () => this.connection.client(),
      requireSignIn: () => this.requireSignIn(),
      showAction: (session, record) => this.sessions.openAction(session, record),
    });
    this.policy = new PolicyEditor({
      connection: this.connection,
      auth: this.auth,
      list: this.list,
      requireSignIn: () => this.requireSignIn(),
    });
    this.panel = new ResultsPanel({
      folder: vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview'),
      state: () => this.#state(),
      handlers: resultsHandlers({
        runs: this.runs,
        state: () => this.#state(),
        loaded: () => this.panel.loaded(),
        runAgain: (address, run) => this.#runAgain(address, run),
        approvals: this.desk.approvals,
        askToSee: (target, masked) => void this.desk.askToSee(target, masked).catch(showError),
        acceptProposal: (address, run, statement) => this.#acceptProposal(address, run, statement),
      }),
    });
    this.runner = new Runner({
      runs: this.runs,
      panel: this.panel,
      history: this.history,
      problems: this.#problems,
      targetOf: (document) => this.targetOf(document),
      onEnded: () => this.#showRuns(),
    });
    this.#documents = new Documents({
      paired: () => this.#showPaired(),
      text: (document) => this.#check(document),
      closed: (document) => this.#forget(document),
    });
    this.#follow();
  }

  /** Connects to the gateway of the settings. Never rejects. */
  async connect(): Promise<void> {
    try {
      await mkdir(this.#context.globalStorageUri.fsPath, { recursive: true, mode: 0o700 });
      const { source, account, isBundled } = chosenGateway(this.#context);
      setContext('sluice.bundledGateway', isBundled);
      await this.auth.useGateway(account);
      await this.connection.use(source);
    } catch (error) {
      showError(error);
    }
  }

  /** The document's target, or the one the person chooses now; null when they leave. */
  async targetOf(document: vscode.TextDocument): Promise<TargetName | null> {
    await this.requireSignIn();
    if (this.list.state.value.kind !== 'known') await this.list.refresh();
    return this.activeTarget.of(document.uri.toString()) ?? this.chooseTarget(document);
  }

  async chooseTarget(document: vscode.TextDocument): Promise<TargetName | null> {
    await this.requireSignIn();
    const target = await pickTarget(this.list, 'On which target does this file run?');
    if (target !== null) this.activeTarget.choose(document.uri.toString(), target);
    return target;
  }

  /** Signs in when needed. @throws when the person gives up or the gateway is away. */
  async requireSignIn(): Promise<void> {
    // Somebody waits: ask again now, whatever the back-off says.
    if ((await this.connection.settled()).kind === 'unreachable') await this.connection.refresh();
    const state = this.connection.state.value;
    if (state.kind === 'unreachable' || state.kind === 'mismatch') throw state.error;
    if ((await this.auth.accessToken()) === null) await this.auth.createSession();
  }

  /** Asks for approval of the statement at `offset` before it is run. */
  async requestAccess(address: string, offset: number): Promise<void> {
    const here = this.#statementAt(address, offset);
    if (here !== null) await this.desk.askBeforehand(here.target, here.statement, here.decision);
  }

  /** Puts a request to allow the stopped statement at `offset` on the clipboard. */
  async copyRequest(address: string, offset: number): Promise<void> {
    const here = this.#statementAt(address, offset);
    if (here === null) return;
    const request = requestForVerdict(here.target, here.statement, here.decision);
    await vscode.env.clipboard.writeText(request.text);
    void vscode.window.showInformationMessage(request.sentence);
  }

  /** Shows the files of a host, from a folder on that is named now. */
  async browseFiles(target: TargetName | null): Promise<void> {
    const chosen = await this.terminals.choose(target);
    const host = this.list.hosts.find(({ name }) => name === chosen?.target);
    if (chosen === null || host === undefined) return;
    const path = await askForFolder(host.name);
    if (path === undefined) return;
    const account = chosen.account === host.accounts?.[0] ? undefined : chosen.account;
    const place = { target: host.name, account, path: path.replace(/(.)\/+$/, '$1') };
    await this.#browseFrom(host, place);
  }

  /** Shows a file of a host; where it is a link to a folder, what is in that. */
  async openHostFile(host: Target, place: HostPlace): Promise<void> {
    try {
      const content = await this.files.read(place);
      if (content.kind === 'folder') await this.#browseFrom(host, place);
      else await this.#hostFileSystem.show(place, Buffer.from(content.base64, 'base64'));
    } catch (error) {
      const known = asSluiceError(error);
      if (known.code !== 'statement.blocked') throw error;
      await tellRefused(place, known.message);
    }
  }

  /** Shows a request where the person deals with it: with its run if it has one here, in the panel otherwise. */
  async showRequest(id: RequestId): Promise<void> {
    const found = this.runs.withRequest(id);
    if (found === null) return this.desk.panel.show(id);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(found.document));
    await vscode.window.showTextDocument(document);
    await this.panel.show(found.run.id);
  }

  get pairedDocument(): vscode.TextDocument | null {
    return this.#documents.paired;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#documents.dispose();
    this.#lens.dispose();
    this.#problems.dispose();
    this.#statusBar.dispose();
    this.panel.dispose();
    this.desk.dispose();
    this.terminals.dispose();
    this.sessions.dispose();
    this.policy.dispose();
    this.policyReplays.dispose();
    this.auth.dispose();
  }

  async stop(): Promise<void> {
    await Promise.all([this.runs.dispose(), this.connection.stop()]);
  }

  get #pairedAddress(): string {
    return this.#documents.paired?.uri.toString() ?? '';
  }

  #follow(): void {
    const renewal = setInterval(() => this.#renew(), RENEWAL_CHECK_MS);
    this.#subscriptions.push(
      { dispose: () => clearInterval(renewal) },
      { dispose: this.connection.state.follow(() => this.#gatewayChanged()) },
      { dispose: this.auth.account.follow(() => this.#accountChanged()) },
      { dispose: this.list.state.follow(() => this.#targetsChanged()) },
      this.activeTarget.onChange(() => this.#documents.refresh()),
      onSettingChange('sluice.gateway', () => void this.connect()),
      onSettingChange('sluice.lens', () => this.#documents.refresh()),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.#documents.refresh();
      }),
      this.#targetsView,
      vscode.window.registerTreeDataProvider('sluice.history', this.history),
      vscode.window.registerUriHandler(this.redirects),
      registerSymbols(this.#book),
      this.#hostFileSystem.register(),
      registerQuickFixes(this.#book),
    );
    this.#showAll();
  }

  #renew(): void {
    const aheadMs = vscode.window.state.focused ? RENEW_IN_FRONT_MS : undefined;
    this.auth.accessToken(aheadMs).catch(() => undefined);
  }

  #gatewayChanged(): void {
    const state = this.connection.state.value;
    if (state.kind === 'unreachable' || state.kind === 'mismatch') {
      logError(state.error);
      this.list.clear();
    }
    this.#book.forgetAnswers();
    this.#loadTargets();
    this.desk.follow();
    this.sessions.changed(true);
    this.policy.changed();
    this.#showAll();
  }

  #accountChanged(): void {
    const id = this.auth.account.value?.id ?? null;
    // A renewed token changes nothing that anybody sees.
    if (id === this.#accountId) return;
    this.#accountId = id;
    // What one person could read is nothing for the next at this computer.
    if (id !== null && this.#lastPerson !== null && this.#lastPerson !== id) {
      void this.runs.dispose();
      this.policyReplays.close();
    }
    this.#lastPerson = id ?? this.#lastPerson;
    this.runs.closeSessions();
    this.files.forget();
    this.#book.forgetAnswers();
    this.list.clear();
    this.#loadTargets();
    this.desk.follow();
    this.sessions.changed(false);
    this.policy.changed();
    this.#showAll();
  }

  #targetsChanged(): void {
    const state = this.list.state.value;
    if (state.kind === 'failed') logError(state.error);
    this.#showAll();
  }

  #loadTargets(): void {
    if (this.connection.state.value.kind === 'ready' && this.auth.account.value !== null)
      void this.list.refresh();
  }

  #showAll(): void {
    setContext('sluice.state', this.#stateKey());
    setContext('sluice.signedIn', this.auth.account.value !== null);
    this.#documents.refresh();
  }

  #stateKey() {
    const gateway = this.connection.state.value;
    if (gateway.kind === 'off' || gateway.kind === 'starting') return 'starting';
    if (gateway.kind !== 'ready') return gateway.kind;
    if (this.auth.account.value === null) return 'signedOut';
    const targets = this.list.state.value;
    if (targets.kind === 'failed') return 'failed';
    if (targets.kind !== 'known') return 'starting';
    return targets.targets.length === 0 ? 'noTargets' : 'ready';
  }

  #requestsChanged(): void {
    if (this.runs.of(this.#pairedAddress).some((run) => run.requests.length > 0)) this.#showRuns();
    this.#lens.refresh();
  }

  #showPaired(): void {
    this.#showRuns();
  }

  #showRuns(): void {
    const address = this.#pairedAddress;
    const runs = this.runs.of(address);
    setContext('sluice.running', this.runs.running(address) !== null);
    setContext(
      'sluice.hasResult',
      runs.some((run) => run.resultSets.length > 0),
    );
    this.panel.refresh();
    this.#statusBar.show({
      gateway: this.connection.state.value,
      account: this.auth.account.value,
      target: activeSqlEditor() === null ? undefined : this.activeTarget.of(address),
      transaction: runs[0]?.snapshot().transaction ?? 'idle',
    });
  }

  #state() {
    const document = this.#documents.paired;
    const address = this.#pairedAddress;
    const target = document === null ? null : this.activeTarget.of(address);
    const readiness = readinessOf(this.connection.state.value, this.auth.account.value, target);
    return resultsState(document, this.runs.of(address), readiness, (id) =>
      this.desk.approvals.book.find(id),
    );
  }

  #check(document: vscode.TextDocument): void {
    const address = document.uri.toString();
    const target = this.activeTarget.of(address);
    const unasked = this.#unasked(target);
    const asked =
      target === null || unasked !== null ? { target: null, ...(unasked ?? NO_CHOICE) } : { target };
    this.#book.update(address, document.getText(), asked);
  }

  #unasked(target: TargetName | null): Unasked | null {
    const gateway = this.connection.state.value;
    if (gateway.kind !== 'ready')
      return { why: 'the gateway does not answer', remedy: 'sluice.refreshTargets' };
    if (this.auth.account.value === null) return { why: 'sign in first', remedy: 'sluice.signIn' };
    return target === null ? NO_CHOICE : null;
  }

  #forget(document: vscode.TextDocument): void {
    if (document.languageId !== SQL) return;
    this.#book.forget(document.uri.toString());
    this.#lens.forget(document.uri);
    this.#problems.clear(document.uri);
    void this.runs.forget(document.uri.toString());
  }

  async #runAgain(
    address: string,
    run: { source: Parameters<Runner['runOn']>[1]; target: TargetName },
  ): Promise<void> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(address));
    this.runner.runOn(document, run.source, run.target).catch(showError);
  }

  #statementAt(
    address: string,
    offset: number,
  ): { target: TargetName; statement: string; decision: Decision } | null {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === address);
    const target = this.activeTarget.of(address);
    const here = this.#book.of(address).find(({ span }) => span.start === offset);
    if (document === undefined || target === null || here?.check.kind !== 'checked') return null;
    const statement = document.getText().slice(here.span.start, here.span.end);
    return { target, statement, decision: here.check.verdict.decision };
  }

  /** Puts the proposed statement in the other's place, where that still stands, and runs it. */
  async #acceptProposal(address: string, run: LiveRun, index: number): Promise<void> {
    const request = this.#newest(run.requestOf(index));
    const proposed = request?.proposal?.statement;
    if (request === null || proposed === undefined) return;
    if (request.status === 'pending') await this.desk.approvals.act('withdraw', request.id, {});
    await run.over;
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(address));
    const source = await replaceStatement(document, run.spanOf(index), run.textOf(index), proposed);
    this.runner.runOn(document, source, run.target).catch(showError);
  }

  #newest(request: ApprovalRequest | null): ApprovalRequest | null {
    const known = request === null ? undefined : this.desk.approvals.book.find(request.id)?.request;
    return known !== undefined && request !== null && known.revision > request.revision ? known : request;
  }

  /** Requests that a lens may speak of: what was run here, and what of this person is open, from wherever it came. */
  #standing(address: string): ApprovalRequest[] {
    const target = this.activeTarget.of(address);
    const ran = this.runs.of(address).flatMap((run) => run.requests);
    const open = this.desk.mine.filter(
      (request) => request.target === target && isOpen({ request, acts: [] }),
    );
    return [...ran.flatMap((request) => this.#newest(request) ?? []), ...open];
  }

  async #browseFrom(host: Target, place: HostPlace): Promise<void> {
    await this.#targetsView.reveal(this.tree.addRoot(host, place), { expand: true, focus: true });
  }

  /** A client that waits as long as somebody may have to agree. */
  async #patientClient(): Promise<HttpClient> {
    const { url, token } = await this.#access();
    return new HttpClient({ url, token: async () => token, timeoutMs: PATIENCE_MS });
  }

  /** Where the gateway is, and a token for it. @throws SluiceError when it is away or nobody is signed in */
  async #access(): Promise<{ url: string; token: string }> {
    const { url } = await this.connection.client();
    const token = await this.auth.accessToken();
    if (token !== null) return { url, token };
    throw new SluiceError('identity.signInRequired', 'You are signed out.', 'Sign in again.');
  }

  async #openSession(target: TargetName, signal: AbortSignal): Promise<QuerySession> {
    const { url, token } = await this.#access();
    try {
      return await QuerySession.open(url, target, token, signal);
    } catch (error) {
      if (asSluiceError(error).code === 'target.unreachable') void this.connection.refresh();
      throw error;
    }
  }

  #spill(): Promise<string> {
    this.#spillFolder ??= openSpillFolder(join(this.#context.globalStorageUri.fsPath, 'rows'));
    return this.#spillFolder;
  }
}
