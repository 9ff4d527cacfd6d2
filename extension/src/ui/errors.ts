import * as vscode from 'vscode';
import { type ErrorCode, SluiceError } from '../../../gateway/contract/error.ts';
import type { CommandId } from '../contributions.ts';
import { log } from './log.ts';

type Remedy = { label: string; command: CommandId };

const SIGN_IN: Remedy = { label: 'Sign In', command: 'sluice.signIn' };
const SHOW_LOG: Remedy = { label: 'Show Log', command: 'sluice.showLog' };

/** The one action that helps with each kind of breakage. */
const REMEDIES: Partial<Record<ErrorCode, Remedy>> = {
  'identity.signInRequired': SIGN_IN,
  'identity.tokenInvalid': SIGN_IN,
};

/** Tells a person what happened, why and what to do; the cause goes into the log. */
export function showError(error: unknown): void {
  if (error instanceof vscode.CancellationError) return;
  const known = asSluiceError(error);
  logError(known);
  const remedy = REMEDIES[known.code] ?? SHOW_LOG;
  const text = known.next === '' ? known.message : `${known.message} ${known.next}`;
  void vscode.window.showErrorMessage(text, remedy.label).then((chosen) => {
    if (chosen !== undefined) void vscode.commands.executeCommand(remedy.command);
  });
}

export function logError(error: SluiceError): void {
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  log().error(`${error.code}: ${error.message}${cause}`);
}

export function asSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SluiceError('internal.fault', message, '', { cause: error });
}
