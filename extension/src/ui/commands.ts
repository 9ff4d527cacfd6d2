import * as vscode from 'vscode';
import type { CommandId } from '../contributions.ts';
import { showError } from './errors.ts';

/** One handler for each command of the table; what a menu or link hands over is parsed by the handler. */
export type CommandHandlers = { readonly [Id in CommandId]: (...args: unknown[]) => unknown };

/** Registers every command. A handler that throws is told to the person, with what to do next. */
export function registerCommands(handlers: CommandHandlers): vscode.Disposable[] {
  return Object.entries(handlers).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        return await handler(...args);
      } catch (error) {
        showError(error);
        return undefined;
      }
    }),
  );
}

export function execute(id: CommandId, ...args: unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(id, ...args);
}
