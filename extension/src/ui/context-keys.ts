import * as vscode from 'vscode';

/** What `when` clauses of the manifest ask for. */
export type ContextKeys = {
  'sluice.state': 'starting' | 'unreachable' | 'mismatch' | 'signedOut' | 'noTargets' | 'failed' | 'ready';
  'sluice.signedIn': boolean;
  'sluice.bundledGateway': boolean;
  'sluice.running': boolean;
  'sluice.hasResult': boolean;
  'sluice.sessions': 'some' | 'none' | 'failed';
};

export function setContext<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
