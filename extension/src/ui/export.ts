import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { FormatName } from '../../contract/formats/format.ts';
import { exportRows } from '../results/export-rows.ts';
import type { LiveResultSet } from '../runs/live-result-set.ts';

/** Asks for a file and streams the arranged rows into it; cancellable, and then the file is removed. */
export async function exportToFile(
  source: LiveResultSet,
  format: FormatName,
  table: readonly string[],
  suggestedName: string,
): Promise<{ file: string | null; rows: number }> {
  const uri = await vscode.window.showSaveDialog({
    defaultUri: suggestedPlace(suggestedName),
    title: 'Export Result',
  });
  if (uri === undefined) return { file: null, rows: 0 };
  if (uri.scheme !== 'file') {
    throw new SluiceError(
      'request.invalid',
      'A result can only be exported to a file on disk.',
      'Choose another place.',
    );
  }
  const rows = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Sluice: exporting', cancellable: true },
    async (_, token) => {
      const giveUp = new AbortController();
      token.onCancellationRequested(() => giveUp.abort(new vscode.CancellationError()));
      const file = await open(uri.fsPath, 'w', 0o600);
      try {
        return await exportRows(source, source.arrangement.rowCount, format, table, file, giveUp.signal);
      } catch (error) {
        await vscode.workspace.fs.delete(uri);
        throw error;
      } finally {
        await file.close();
      }
    },
  );
  return { file: uri.fsPath, rows };
}

function suggestedPlace(name: string): vscode.Uri | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder === undefined ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder, name);
}
