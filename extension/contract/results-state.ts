import * as z from 'zod';
import { ApprovalRequest, RequestAct } from '../../gateway/contract/approval-request.ts';
import { CountedRule, Decision } from '../../gateway/contract/decision.ts';
import { TargetName } from '../../gateway/contract/ids.ts';
import { ResultColumn } from '../../gateway/contract/query-channel.ts';
import { ColumnFilter, SortKey } from './arrange.ts';

/** One press of "run", chosen by the host, unique while the window lives. */
export const RunId = z.string().min(1).max(100).brand('RunId');
export type RunId = z.infer<typeof RunId>;

/** One statement's rows, unique while the window lives. */
export const ResultSetId = z.string().min(1).max(100).brand('ResultSetId');
export type ResultSetId = z.infer<typeof ResultSetId>;

/** How the fetched rows are arranged. `version` grows with every change; older windows are stale. */
export const Arrangement = z.object({
  version: z.int().nonnegative(),
  order: z.array(SortKey),
  filters: z.array(ColumnFilter),
  /** Rows that pass the filters; without filters, all rows fetched so far. */
  rowCount: z.int().nonnegative(),
});
export type Arrangement = z.infer<typeof Arrangement>;

export const ResultSet = z.object({
  id: ResultSetId,
  /** Index of the statement in its run. */
  statement: z.int().nonnegative(),
  columns: z.array(ResultColumn),
  /** Rows fetched so far, before filters. */
  rowCount: z.int().nonnegative(),
  /** False while rows still arrive. */
  complete: z.boolean(),
  /** Set when the host stopped asking for rows: the setting that bounds it. */
  limitedToRows: z.int().positive().nullable(),
  arrangement: Arrangement,
});
export type ResultSet = z.infer<typeof ResultSet>;

/** Why a statement returned nothing: a rule's no, or the target's error. */
export const Failure = z.object({
  kind: z.enum(['blocked', 'needsApproval', 'notApproved', 'failed', 'lost']),
  /** What happened and why, one sentence. */
  message: z.string(),
  /** What to do next; may be empty. */
  next: z.string(),
  /** The rules that counted, with owner and reason. */
  rules: z.array(CountedRule),
  /** Who may approve: "dba or leads"; empty when nobody is asked. */
  approvers: z.string(),
  /** The target's SQLSTATE, or empty. */
  sqlState: z.string(),
  detail: z.string(),
  hint: z.string(),
  /** UTF-16 offset in the document where the error stands, or null. */
  position: z.int().nonnegative().nullable(),
});
export type Failure = z.infer<typeof Failure>;

export const StatementRun = z.object({
  index: z.int().nonnegative(),
  /** The statement, cut to 400 characters: for tool tips and the messages tab. */
  text: z.string(),
  /** Zero-based line in the document. */
  line: z.int().nonnegative(),
  decision: Decision.nullable(),
  /** The request for approval that it waited, or waits, for. */
  request: ApprovalRequest.nullable(),
  /** What the person may do with that request now. */
  acts: z.array(RequestAct),
  /** The server's command tag, "UPDATE 3", once complete. */
  tag: z.string().nullable(),
  failure: Failure.nullable(),
  elapsedMs: z.number().nonnegative().nullable(),
});
export type StatementRun = z.infer<typeof StatementRun>;

export const Notice = z.object({
  severity: z.string(),
  message: z.string(),
  detail: z.string(),
  hint: z.string(),
});
export type Notice = z.infer<typeof Notice>;

/** `cancelling`: asked to cancel, the server hasn't confirmed yet. */
export const RunStatus = z.enum(['running', 'cancelling', 'done', 'failed', 'cancelled']);
export type RunStatus = z.infer<typeof RunStatus>;

export const Run = z.object({
  id: RunId,
  target: TargetName,
  status: RunStatus,
  startedAt: z.iso.datetime(),
  /** So far while it runs, in all when it has ended. */
  elapsedMs: z.number().nonnegative(),
  statements: z.array(StatementRun),
  resultSets: z.array(ResultSet),
  notices: z.array(Notice),
  transaction: z.enum(['idle', 'inTransaction', 'failed']),
});
export type Run = z.infer<typeof Run>;

/** What keeps the person from running: the view offers the one action that helps. */
export const Readiness = z.enum(['ready', 'signedOut', 'noTarget', 'offline']);
export type Readiness = z.infer<typeof Readiness>;

/** Everything the view shows of one editor, except rows. `runs`: newest first. */
export const ResultsState = z.object({
  /** The paired editor's document, or null when there is none. */
  document: z.object({ uri: z.string(), name: z.string() }).nullable(),
  readiness: Readiness,
  runs: z.array(Run),
});
export type ResultsState = z.infer<typeof ResultsState>;
