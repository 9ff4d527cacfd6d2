import * as vscode from 'vscode';
import type { DraftReport } from '../../../gateway/contract/policy-draft.ts';
import type { PolicyFile } from '../../../gateway/contract/policy-endpoints.ts';
import type { HttpClient } from '../gateway/http-client.ts';
import { loadPolicyLanguage } from '../lazy.ts';
import { type Check, DraftChecks } from '../policy-language/draft-checks.ts';
import {
  belongsTo,
  type DraftRoot,
  isForeign,
  kindOfFile,
  nameIn,
  POLICY_GLOBS,
  type PolicyFileKind,
  rootOf,
  TEST_GLOBS,
} from '../policy-language/policy-files.ts';
import { unmetText } from '../policy-language/wording.ts';
import { readDraft } from './draft-files.ts';

export const POLICY_SELECTOR: vscode.DocumentFilter[] = [...POLICY_GLOBS, ...TEST_GLOBS].map((pattern) => ({
  language: 'yaml',
  pattern,
}));

export type PolicyDraftsOptions = {
  client: () => Promise<HttpClient>;
  /** Why the gateway can't be asked now; null: it can. */
  unasked: () => { why: string; needsSignIn: boolean } | null;
  /** A draft has been judged. */
  onChange: () => void;
};

/** A policy document that is open, and the draft that it belongs to. */
export type DraftDocument = { kind: PolicyFileKind; root: string; file: string };

/** Drafts of policies that are open in the editor: judged as they change, with their problems where they stand. */
export class PolicyDrafts implements vscode.Disposable {
  readonly #options: PolicyDraftsOptions;
  readonly #checks: DraftChecks;
  readonly #problems = vscode.languages.createDiagnosticCollection('sluice-policy-draft');
  readonly #roots = new Map<string, { root: DraftRoot; uri: vscode.Uri; files: PolicyFile[] }>();
  readonly #subscriptions: vscode.Disposable[];
  #watcher: vscode.FileSystemWatcher | null = null;

  constructor(options: PolicyDraftsOptions) {
    this.#options = options;
    this.#checks = new DraftChecks({
      read: (root) => this.filesOf(root),
      unasked: options.unasked,
      ask: async (documents, signal) =>
        (await options.client()).ask('policyCheck', { body: { documents: [...documents] } }, signal),
      onChange: (root) => this.#judged(root),
    });
    this.#subscriptions = [
      this.#problems,
      vscode.workspace.onDidOpenTextDocument((document) => this.#changed(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#changed(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#closed(document)),
    ];
    for (const document of vscode.workspace.textDocuments) this.#changed(document);
  }

  /** What a document is of a draft; null: none of a policy. */
  of(document: vscode.TextDocument): DraftDocument | null {
    const { uri } = document;
    if (document.languageId !== 'yaml' || !isOnDisk(uri)) return null;
    const base = baseOf(uri);
    const kind = kindOfFile(uri.path.slice(base.length));
    if (kind === null || isForeign(document.getText())) return null;
    const root = rootOf(uri.path, base);
    return { kind, root: this.#keyOf(uri, root), file: nameIn(root, uri.path) };
  }

  /** How the draft stands that a document belongs to. */
  check(document: vscode.TextDocument): Check | null {
    const known = this.of(document);
    return known === null ? null : this.#checks.of(known.root);
  }

  /** All files of a draft as they are now. @throws SluiceError */
  async filesOf(root: string): Promise<PolicyFile[]> {
    const known = this.#roots.get(root);
    if (known === undefined) return [];
    known.files = await readDraft(known.uri, known.root);
    return known.files;
  }

  /** Texts of a draft as they were read last, for what needs no gateway. */
  textsOf(root: string): string[] {
    return this.#roots.get(root)?.files.map(({ text }) => text) ?? [];
  }

  /** Another person, or another gateway. */
  askAgain(): void {
    this.#checks.askAgain();
  }

  dispose(): void {
    this.#checks.dispose();
    this.#watcher?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #keyOf(uri: vscode.Uri, root: DraftRoot): string {
    const at = uri.with({ path: root.path });
    const key = at.toString();
    if (!this.#roots.has(key)) this.#roots.set(key, { root, uri: at, files: [] });
    return key;
  }

  #changed(document: vscode.TextDocument): void {
    const known = this.of(document);
    if (known === null) return;
    this.#watcher ??= this.#watch();
    this.#checks.changed(known.root);
  }

  #closed(document: vscode.TextDocument): void {
    const known = this.of(document);
    if (known === null) return;
    const isOpen = vscode.workspace.textDocuments.some(
      (open) => open !== document && this.of(open)?.root === known.root,
    );
    if (isOpen) return;
    this.#checks.close(known.root);
    this.#clear(known.root);
    this.#roots.delete(known.root);
  }

  /** Files that change on disk belong to a draft as well: another program, or a branch that is switched. */
  #watch(): vscode.FileSystemWatcher {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.{yaml,yml}');
    const changed = (uri: vscode.Uri) => {
      for (const [key, { root }] of this.#roots) {
        if (belongsTo(uri.path, root) && this.#checks.of(key) !== null) this.#checks.changed(key);
      }
    };
    watcher.onDidChange(changed);
    watcher.onDidCreate(changed);
    watcher.onDidDelete(changed);
    return watcher;
  }

  #judged(key: string): void {
    const check = this.#checks.of(key);
    this.#clear(key);
    if (check?.kind === 'checked') this.#showReport(key, check.report);
    if (check?.kind === 'notChecked') this.#showOffline(key);
    this.#options.onChange();
  }

  #showReport(key: string, report: DraftReport): void {
    const known = this.#roots.get(key);
    const unmet = (report.expectations?.unmet ?? []).map((one) => ({
      ...one,
      what: unmetText(one),
      source: 'Sluice expectations',
    }));
    const all = [...report.problems.map((one) => ({ ...one, source: 'Sluice policy' })), ...unmet];
    for (const { file, text } of known?.files ?? []) {
      const here = all.filter((one) => one.file === file);
      if (here.length === 0) continue;
      const lines = lineStarts(text);
      const starts = here.map(({ line, column }) => (lines[line - 1] ?? 0) + column - 1);
      const ends = loadPolicyLanguage().endsOf(text, starts);
      const diagnostics = here.map(({ line, column, what, source }, at) => {
        const length = (ends[at] ?? 0) - (starts[at] ?? 0);
        const range = new vscode.Range(line - 1, column - 1, line - 1, column - 1 + Math.max(length, 1));
        const problem = new vscode.Diagnostic(range, what, vscode.DiagnosticSeverity.Error);
        problem.source = source;
        return problem;
      });
      this.#problems.set(this.#uriOf(key, file), diagnostics);
    }
  }

  #showOffline(key: string): void {
    for (const document of vscode.workspace.textDocuments) {
      const known = this.of(document);
      if (known?.root !== key) continue;
      const problems = loadPolicyLanguage().problems(known.kind, document.getText());
      this.#problems.set(
        document.uri,
        problems.map(({ start, end, what }) => {
          const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
          const problem = new vscode.Diagnostic(range, what, vscode.DiagnosticSeverity.Warning);
          problem.source = 'Sluice policy schema';
          return problem;
        }),
      );
    }
  }

  #uriOf(key: string, file: string): vscode.Uri {
    const known = this.#roots.get(key);
    const base = known?.uri ?? vscode.Uri.parse(key);
    return known?.root.kind === 'folder'
      ? vscode.Uri.joinPath(base, file)
      : vscode.Uri.joinPath(base, '..', file);
  }

  #clear(key: string): void {
    const root = this.#roots.get(key)?.root;
    if (root === undefined) return;
    const stale: vscode.Uri[] = [];
    this.#problems.forEach((uri) => {
      if (belongsTo(uri.path, root)) stale.push(uri);
    });
    for (const uri of stale) this.#problems.delete(uri);
  }
}

/** Where the workspace lies that a file is in: what its own folder is called counts, and nothing above. */
function baseOf(uri: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri.path;
  return folder === undefined ? '' : folder.slice(0, folder.lastIndexOf('/'));
}

/** What git shows of former times is no draft. */
function isOnDisk({ scheme }: vscode.Uri): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return scheme === 'file' || folders.some((folder) => folder.uri.scheme === scheme);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
