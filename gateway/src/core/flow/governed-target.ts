import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import type { CatalogueView } from '../../../contract/catalogue.ts';
import type { Decision } from '../../../contract/decision.ts';
import type { ErrorBody } from '../../../contract/error.ts';
import type { SessionId } from '../../../contract/ids.ts';
import type { Impact } from '../../../contract/impact.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { ResultColumn } from '../../../contract/query-channel.ts';
import type { Target } from '../../../contract/target.ts';
import type { Verdict } from '../../../contract/verdict.ts';
import type { PrincipalHandle } from '../access/principals.ts';
import type { Draft } from '../approvals/approvals.ts';

/** What the API asks of a target's proxy. The proxy implements it; `main` hands it over. */
export interface GovernedTarget {
  readonly target: Target;
  /** Same engine as at run time; runs nothing. Unparsable text gives one blocked verdict over all of it. */
  verdicts(principal: Principal, text: string): Promise<Verdict[]>;
  catalogue(principal: Principal): Promise<CatalogueView>;
  openQuerySession(principal: PrincipalHandle): Promise<QuerySession>;
  /**
   * What approval of one statement would be asked for, were it run in a session that has just begun: its effect is the
   * one that it has when it is then run in such a session. Records and runs nothing.
   */
  draftOf(principal: Principal, text: string): Promise<Drafted>;
  /**
   * The same for what an approver would agree to in place of a request's statement, for its requester and in the state
   * of the session that waits for it; of a session that has just begun where none waits.
   */
  draftInstead(request: ApprovalRequest, text: string): Promise<Drafted>;
  /**
   * What a request's statement would do, computed beside it and never by running it: for `Approvals.describe`. Held
   * statements are described by themselves; this is for what was asked beforehand.
   */
  impactOf(request: ApprovalRequest): Promise<Impact | null>;
}

/** What can be asked for, or why nothing can: one sentence, and one of what to do. */
export type Drafted =
  | { kind: 'draft'; draft: Omit<Draft, 'reason' | 'ticket'> }
  /** It runs without anybody's approval. */
  | { kind: 'free'; statement: string }
  | { kind: 'refused'; why: string; next: string };

export type QueryFailure = {
  error: ErrorBody;
  sqlState: string;
  detail: string;
  hint: string;
  position: number | null;
};

/** Where a run's events go, in order. `rows` resolves when more may be sent; until then upstream is not read. */
export interface QuerySink {
  decided(index: number, start: number, end: number, decision: Decision): void;
  /** The statement waits for approval, or its request has changed. */
  held(index: number, request: ApprovalRequest): void;
  columns(index: number, columns: ResultColumn[]): void;
  rows(index: number, rowCount: number, rows: Uint8Array): Promise<void>;
  notice(notice: { severity: string; message: string; detail: string; hint: string }): void;
  complete(index: number, tag: string, rows: number): void;
  failed(index: number, failure: QueryFailure): void;
}

export type RunEnd = {
  status: 'done' | 'failed' | 'cancelled';
  transaction: 'idle' | 'inTransaction' | 'failed';
};

/** The editor's session on a target; one run at a time. */
export interface QuerySession {
  readonly id: SessionId;
  readonly serverVersion: string;
  run(text: string, sink: QuerySink): Promise<RunEnd>;
  /** Cancels the statement that runs, on the server. */
  cancel(): void;
  close(): void;
  onClosed(listener: (why: ErrorBody) => void): void;
}
