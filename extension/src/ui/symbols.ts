import * as vscode from 'vscode';
import { loadSqlOutline } from '../lazy.ts';
import type { VerdictBook } from '../verdicts/verdict-book.ts';
import { rangeOf, SQL } from './sql-editor.ts';

/** The outline of a SQL file: found here, without any gateway; what nobody checked says so. */
export function registerSymbols(book: VerdictBook): vscode.Disposable {
  return vscode.languages.registerDocumentSymbolProvider(
    { language: SQL },
    {
      provideDocumentSymbols: (document) => {
        const checks = new Map(
          book.of(document.uri.toString()).map(({ span, check }) => [span.start, check]),
        );
        return loadSqlOutline()
          .outlineStatements(document.getText())
          .map(({ span, name, detail }) => {
            const range = rangeOf(document, span.start, span.end);
            const mark =
              checks.get(span.start)?.kind === 'checked' ? detail : `${detail} (not checked)`.trim();
            return new vscode.DocumentSymbol(name, mark, vscode.SymbolKind.Event, range, range);
          });
      },
    },
  );
}
