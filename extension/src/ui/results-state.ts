import { basename } from 'node:path/posix';
import type * as vscode from 'vscode';
import type { ShownRequest } from '../../../gateway/contract/approval-request.ts';
import type { RequestId, TargetName } from '../../../gateway/contract/ids.ts';
import type { Readiness, ResultsState, StatementRun } from '../../contract/results-state.ts';
import type { GatewayState } from '../gateway/connection.ts';
import type { Account } from '../identity/account.ts';
import type { LiveRun } from '../runs/live-run.ts';

/** Everything the results view shows, except rows. */
export function resultsState(
  document: vscode.TextDocument | null,
  runs: readonly LiveRun[],
  readiness: Readiness,
  shownRequest: (id: RequestId) => ShownRequest | null,
): ResultsState {
  return {
    document: document === null ? null : { uri: document.uri.toString(), name: basename(document.uri.path) },
    readiness,
    runs: runs.map((run) => {
      const snapshot = run.snapshot();
      const statements = snapshot.statements.map((statement) => withRequest(statement, shownRequest));
      return { ...snapshot, statements };
    }),
  };
}

/** A request as it stands: it may change when the run is long over, and only the list says what may be done with it. */
function withRequest(
  statement: StatementRun,
  shownRequest: (id: RequestId) => ShownRequest | null,
): StatementRun {
  const { request } = statement;
  const shown = request === null ? null : shownRequest(request.id);
  if (request === null || shown === null) return statement;
  const newer = shown.request.revision >= request.revision ? shown.request : request;
  return { ...statement, request: newer, acts: newer.status === shown.request.status ? shown.acts : [] };
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
