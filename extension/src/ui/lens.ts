import * as vscode from 'vscode';
import type { ApprovalRequest } from '../../../gateway/contract/approval-request.ts';
import { requestFor, standingTitle } from '../approvals/standing.ts';
import type { Span } from '../sql/split.ts';
import type { CheckedStatement, VerdictBook } from '../verdicts/verdict-book.ts';
import { escapeMarkdown, GAP, lensTitle, problemText, verdictDetails } from '../verdicts/wording.ts';
import { setting } from './settings.ts';
import { rangeOf, SQL } from './sql-editor.ts';

/** What the policy says, above each statement, as a problem when it is a no, and in full on hover. */
export class VerdictLens implements vscode.CodeLensProvider, vscode.HoverProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #problems = vscode.languages.createDiagnosticCollection('sluice-policy');
  readonly #book: VerdictBook;
  readonly #requests: (address: string) => readonly ApprovalRequest[];
  readonly #subscriptions: vscode.Disposable[];

  /** `requests`: those that may be for statements of a document. */
  constructor(book: VerdictBook, requests: (address: string) => readonly ApprovalRequest[]) {
    this.#book = book;
    this.#requests = requests;
    this.#subscriptions = [
      vscode.languages.registerCodeLensProvider({ language: SQL }, this),
      vscode.languages.registerHoverProvider({ language: SQL }, this),
      this.#problems,
    ];
  }

  /** The book has something new for this document. */
  show(address: string): void {
    this.#changed.fire();
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === address);
    if (document === undefined) return;
    this.#problems.set(
      document.uri,
      this.#book.of(address).flatMap((statement) => problemOf(document, statement)),
    );
  }

  /** What is said besides the verdicts may have changed. */
  refresh(): void {
    this.#changed.fire();
  }

  forget(uri: vscode.Uri): void {
    this.#problems.delete(uri);
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!setting('sluice.lens.enabled')) return [];
    const address = document.uri.toString();
    const requests = this.#requests(address);
    return this.#book.of(address).flatMap((statement) => {
      const { start, end } = statement.span;
      const request = requestFor(document.getText().slice(start, end), requests);
      const own = request === null ? [] : requestLenses(document, statement.span, request);
      // What waits, or may run, is not judged again.
      const isAnswered = request?.status === 'pending' || request?.status === 'approved';
      return isAnswered ? own : [...own, ...lensesOf(document, statement)];
    });
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | null {
    const offset = document.offsetAt(position);
    const here = this.#book
      .of(document.uri.toString())
      .find(({ span }) => span.start <= offset && offset < span.end);
    if (here === undefined || here.check.kind === 'checking') return null;
    const text =
      here.check.kind === 'checked'
        ? verdictDetails(here.check.verdict)
        : `**Not checked**: ${escapeMarkdown(here.check.why)}`;
    return new vscode.Hover(
      new vscode.MarkdownString(text),
      rangeOf(document, here.span.start, here.span.end),
    );
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

function requestLenses(
  document: vscode.TextDocument,
  span: Span,
  request: ApprovalRequest,
): vscode.CodeLens[] {
  const title = standingTitle(request);
  if (title === null) return [];
  const at = document.positionAt(span.start);
  const range = new vscode.Range(at, at);
  const show = { title, command: 'sluice.showRequest', arguments: [request.id], tooltip: 'Show the request' };
  const withdraw = { title: 'Withdraw', command: 'sluice.withdrawRequest', arguments: [request.id] };
  const lenses = [new vscode.CodeLens(range, show)];
  if (request.status === 'pending') return [...lenses, new vscode.CodeLens(range, withdraw)];
  if (request.status === 'approved') return [...lenses, new vscode.CodeLens(range, runLens(document, span))];
  return lenses;
}

function lensesOf(document: vscode.TextDocument, { span, check }: CheckedStatement): vscode.CodeLens[] {
  const at = document.positionAt(span.start);
  const range = new vscode.Range(at, at);
  const address = document.uri.toString();
  const show = { command: 'sluice.showVerdict', arguments: [address, span.start] };
  switch (check.kind) {
    case 'checking':
      return [new vscode.CodeLens(range, { title: `$(loading~spin)${GAP}checking…`, command: '' })];
    case 'notChecked':
      return [
        new vscode.CodeLens(range, {
          title: `$(question)${GAP}not checked: ${check.why}`,
          command: check.remedy,
        }),
      ];
    case 'checked': {
      const verdict = new vscode.CodeLens(range, {
        ...show,
        title: lensTitle(check.verdict),
        tooltip: check.verdict.decision.sentence,
      });
      const { outcome } = check.verdict.decision;
      if (outcome === 'block') return [verdict];
      const ask = { ...show, command: 'sluice.requestAccess', title: 'Ask beforehand' };
      return [
        verdict,
        new vscode.CodeLens(range, runLens(document, span)),
        ...(outcome === 'approve' ? [new vscode.CodeLens(range, ask)] : []),
      ];
    }
  }
}

function runLens(document: vscode.TextDocument, { start, end }: Span): vscode.Command {
  return {
    command: 'sluice.runStatement',
    title: `$(play)${GAP}Run`,
    tooltip: 'Run this statement',
    arguments: [document.uri.toString(), start, end],
  };
}

function problemOf(document: vscode.TextDocument, { span, check }: CheckedStatement): vscode.Diagnostic[] {
  if (check.kind !== 'checked' || check.verdict.decision.outcome !== 'block') return [];
  const problem = new vscode.Diagnostic(
    rangeOf(document, span.start, span.end),
    problemText(check.verdict),
    vscode.DiagnosticSeverity.Warning,
  );
  problem.source = 'Sluice policy';
  const rule = check.verdict.decision.rules[0];
  if (rule !== undefined) problem.code = rule.id;
  return [problem];
}
