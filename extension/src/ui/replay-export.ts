import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { SessionId } from '../../../gateway/contract/ids.ts';
import type { HttpClient } from '../gateway/http-client.ts';
import { castOfActions } from '../replay/action-cast.ts';
import { findSession } from '../replay/replay-session.ts';

/** One terminal's recording, or the statements of a database session. */
export type Exported = { readonly session: SessionId; readonly terminal: number | null };

/** Asks for a file and writes a session into it, as a file that players of asciicast v2 play. */
export async function exportRecording(client: () => Promise<HttpClient>, exported: Exported): Promise<void> {
  const { session, terminal } = exported;
  const uri = await vscode.window.showSaveDialog({
    defaultUri: suggestedPlace(terminal === null ? `${session}.cast` : `${session}-${terminal}.cast`),
    title: 'Export Recording',
    filters: { 'asciicast v2': ['cast'] },
  });
  if (uri === undefined) return;
  if (uri.scheme !== 'file') {
    throw new SluiceError(
      'request.invalid',
      'A recording can only be exported to a file on disk.',
      'Choose another place.',
    );
  }
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Sluice: exporting', cancellable: true },
    async (_, token) => {
      const giveUp = new AbortController();
      token.onCancellationRequested(() => giveUp.abort(new vscode.CancellationError()));
      await write(uri, await piecesOf(await client(), exported, giveUp.signal));
    },
  );
  void vscode.window.showInformationMessage(
    `The recording was written to ${uri.fsPath}. “asciinema play” plays it.`,
  );
}

async function piecesOf(
  client: HttpClient,
  { session, terminal }: Exported,
  signal: AbortSignal,
): Promise<Iterable<string> | AsyncIterable<Uint8Array>> {
  if (terminal === null) return castOfActions(session, await findSession(client, session));
  return chunksOf(await client.stream('recording', { params: { session, terminal } }, signal));
}

async function* chunksOf(bytes: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const reader = bytes.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

async function write(uri: vscode.Uri, pieces: Iterable<string> | AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(uri.fsPath, 'w', 0o600);
  try {
    for await (const piece of pieces) {
      await file.writeFile(piece);
    }
  } catch (error) {
    await vscode.workspace.fs.delete(uri);
    throw error;
  } finally {
    await file.close();
  }
}

function suggestedPlace(name: string): vscode.Uri | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder === undefined ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder, name);
}
