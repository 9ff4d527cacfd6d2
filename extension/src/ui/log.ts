import * as vscode from 'vscode';

let channel: vscode.LogOutputChannel | null = null;

/** The extension's log. Never holds SQL, values or tokens. */
export function log(): vscode.LogOutputChannel {
  channel ??= vscode.window.createOutputChannel('Sluice', { log: true });
  return channel;
}

export function disposeLog(): void {
  channel?.dispose();
  channel = null;
}
