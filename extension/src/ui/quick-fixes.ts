import * as vscode from 'vscode';
import { fixesFor } from '../verdicts/fixes.ts';
import type { VerdictBook } from '../verdicts/verdict-book.ts';
import { rangeOf, SQL } from './sql-editor.ts';

const KIND = vscode.CodeActionKind.QuickFix;

/** What helps with a statement that the policy stops. */
export function registerQuickFixes(book: VerdictBook): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions: (document, range) =>
      book
        .of(document.uri.toString())
        .filter(({ span }) => rangeOf(document, span.start, span.end).intersection(range) !== undefined)
        .flatMap(({ check }) => (check.kind === 'checked' ? [check.verdict] : []))
        .flatMap((verdict) =>
          fixesFor(verdict).map((fix) => {
            const action = new vscode.CodeAction(fix.title, KIND);
            if (fix.kind === 'replace') {
              action.edit = new vscode.WorkspaceEdit();
              action.edit.replace(document.uri, rangeOf(document, fix.start, fix.end), fix.text);
              action.isPreferred = true;
            } else if (fix.kind === 'insert') {
              action.edit = new vscode.WorkspaceEdit();
              action.edit.insert(document.uri, document.positionAt(fix.offset), fix.text);
            } else {
              action.command = {
                command: fix.kind === 'ask' ? 'sluice.requestAccess' : 'sluice.copyRequest',
                title: fix.title,
                arguments: [document.uri.toString(), verdict.start],
              };
            }
            return action;
          }),
        ),
  };
  return vscode.languages.registerCodeActionsProvider({ language: SQL }, provider, {
    providedCodeActionKinds: [KIND],
  });
}
