import type * as vscode from 'vscode';
import { commandHandlers } from './ui/command-handlers.ts';
import { registerCommands } from './ui/commands.ts';
import { disposeLog } from './ui/log.ts';
import { Workbench } from './ui/workbench.ts';

/** What tests of the extension may ask. */
export type SluiceApi = { readonly activationMs: number };

let workbench: Workbench | null = null;

/** Registers everything and returns; the gateway is looked for afterwards. */
export function activate(context: vscode.ExtensionContext): SluiceApi {
  const startedAt = performance.now();
  workbench = new Workbench(context);
  context.subscriptions.push(workbench, ...registerCommands(commandHandlers(workbench)));
  setImmediate(() => void workbench?.connect());
  return { activationMs: performance.now() - startedAt };
}

/** Ends sessions, the bundled gateway and the files of rows. */
export async function deactivate(): Promise<void> {
  await workbench?.stop();
  workbench = null;
  disposeLog();
}
