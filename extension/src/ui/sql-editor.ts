import * as vscode from 'vscode';
import type { RunText } from '../runs/live-run.ts';
import { type Span, statementAt } from '../sql/split.ts';

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

/** Puts `text` where `former` stands, if it still does, and gives what is to be run. One undo takes it back. */
export async function replaceStatement(
  document: vscode.TextDocument,
  { start, end }: Span,
  former: string,
  text: string,
): Promise<RunText> {
  if (document.getText().slice(start, end) === former) {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, rangeOf(document, start, end), text);
    await vscode.workspace.applyEdit(edit);
  }
  return { text, offset: start, line: document.positionAt(start).line };
}

export function rangeOf(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
