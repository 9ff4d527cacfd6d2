import * as vscode from 'vscode';
import type { RunText } from '../runs/live-run.ts';
import { statementAt } from '../sql/split.ts';

export const SQL = 'sql';

export function activeSqlEditor(): vscode.TextEditor | null {
  const editor = vscode.window.activeTextEditor;
  return editor?.document.languageId === SQL ? editor : null;
}

/** Opens an untitled SQL document that holds `text`. */
export async function openSql(text: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language: SQL, content: text });
  return vscode.window.showTextDocument(document);
}

/** What "run" means here: the selection, or else the statement at the cursor; null when there is none. */
export function selectedText(editor: vscode.TextEditor): RunText | null {
  const { document, selection } = editor;
  if (!selection.isEmpty)
    return partOf(document, document.offsetAt(selection.start), document.offsetAt(selection.end));
  const span = statementAt(document.getText(), document.offsetAt(selection.active));
  return span === null ? null : partOf(document, span.start, span.end);
}

export function wholeText(document: vscode.TextDocument): RunText {
  return { text: document.getText(), offset: 0, line: 0 };
}

export function partOf(document: vscode.TextDocument, start: number, end: number): RunText {
  return { text: document.getText().slice(start, end), offset: start, line: document.positionAt(start).line };
}

export function rangeOf(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
