import { basename } from 'node:path/posix';
import type * as vscode from 'vscode';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { Readiness, ResultsState } from '../../contract/results-state.ts';
import type { GatewayState } from '../gateway/connection.ts';
import type { Account } from '../identity/account.ts';
import type { LiveRun } from '../runs/live-run.ts';

/** Everything the results view shows, except rows. */
export function resultsState(
  document: vscode.TextDocument | null,
  runs: readonly LiveRun[],
  readiness: Readiness,
): ResultsState {
  return {
    document: document === null ? null : { uri: document.uri.toString(), name: basename(document.uri.path) },
    readiness,
    runs: runs.map((run) => run.snapshot()),
  };
}

/** What keeps a person from running, the first thing first. */
export function readinessOf(
  gateway: GatewayState,
  account: Account | null,
  target: TargetName | null,
): Readiness {
  if (gateway.kind !== 'ready') return 'offline';
  if (account === null) return 'signedOut';
  return target === null ? 'noTarget' : 'ready';
}
