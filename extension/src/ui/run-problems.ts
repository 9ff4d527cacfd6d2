import * as vscode from 'vscode';
import type { LiveRun } from '../runs/live-run.ts';
import { rangeOf } from './sql-editor.ts';

/** What the target refused in the last run, at the place the server named, and what those who decide did not approve. */
export class RunProblems implements vscode.Disposable {
  readonly #problems = vscode.languages.createDiagnosticCollection('sluice-run');

  show(document: vscode.TextDocument, run: LiveRun): void {
    const problems = run.statements.flatMap((statement) => {
      const { failure } = statement;
      if (failure === null || (failure.kind !== 'failed' && failure.kind !== 'notApproved')) return [];
      const isDenial = failure.kind === 'notApproved';
      const range =
        failure.position === null
          ? spanRange(document, run, statement.index)
          : wordAt(document, failure.position);
      const problem = new vscode.Diagnostic(
        range,
        [failure.message, failure.detail, failure.hint].filter((line) => line !== '').join('\n'),
        isDenial ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Error,
      );
      problem.source = isDenial ? 'Sluice approval' : run.target;
      if (failure.sqlState !== '') problem.code = failure.sqlState;
      return [problem];
    });
    this.#problems.set(document.uri, problems);
  }

  clear(uri: vscode.Uri): void {
    this.#problems.delete(uri);
  }

  dispose(): void {
    this.#problems.dispose();
  }
}

function spanRange(document: vscode.TextDocument, run: LiveRun, index: number): vscode.Range {
  const { start, end } = run.spanOf(index);
  return rangeOf(document, start, end);
}

function wordAt(document: vscode.TextDocument, offset: number): vscode.Range {
  const position = document.positionAt(offset);
  return document.getWordRangeAtPosition(position) ?? new vscode.Range(position, position.translate(0, 1));
}
