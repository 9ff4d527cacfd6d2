import type { RunDetection } from '../detected/detection.ts';
import type { Hiding } from './hidden.ts';
import type { Question } from './question.ts';
import type { Run } from './run.ts';

/** Whom a reply is for: the client asked, or the gateway did for itself. */
export type Reader = 'client' | 'gateway';

/** A reply that upstream owes, in the order in which it was asked for. */
export type Pending =
  /** A simple Query: each statement's answer, then ReadyForQuery. */
  | { kind: 'query'; runs: readonly Run[]; at: number }
  /** `undo` is called when upstream did not do it, and `failed` records that it answered with an error. */
  | {
      kind: 'parse' | 'bind';
      to: Reader;
      masked: boolean;
      detected: RunDetection | null;
      undo: () => void;
      failed: (sqlState: string | null) => Promise<void>;
    }
  | { kind: 'close'; to: Reader; masked: boolean; undo: () => void }
  /** `run` is checked against the description; `rowsOnly` keeps NoData from the client. */
  | { kind: 'describe'; to: Reader; masked: boolean; check: Check | null; rowsOnly: boolean }
  /** `run` is null for a statement without text, which can do nothing. */
  | { kind: 'execute'; run: Run | null }
  /** `inCopy`: came before the end of COPY data that the server had not yet asked for. */
  | { kind: 'sync'; inCopy: boolean }
  | { kind: 'question'; question: Question }
  /** A message that must fail, so that upstream's transaction is where the client believes it. */
  | { kind: 'failure'; untilReady: boolean; settle: () => void };

/** What the second witness compares a RowDescription with. */
export type Check = Pick<Run, 'decision' | 'statement' | 'world' | 'described'>;

/** What errors and notices that come while this is owed must not tell: of each statement in it. */
export function hidingOf(pending: Pending): readonly Hiding[] {
  switch (pending.kind) {
    case 'query':
      return pending.runs;
    case 'execute':
      return pending.run === null ? [] : [pending.run];
    case 'parse':
    case 'bind':
      return [pending];
    case 'close':
    case 'describe':
      return [{ masked: pending.masked, detected: null }];
    default:
      return [];
  }
}

/** Errors and notices that come while this is owed may be about masked values. */
export function isMasked(pending: Pending): boolean {
  return hidingOf(pending).some(({ masked }) => masked);
}

/** Which row fails first of what is owed may tell of masked values. */
export function isRowByRow(pending: Pending): boolean {
  return hidingOf(pending).some(({ rowByRow }) => rowByRow === true);
}

/** A statement of the client's runs, or will when it is sent. */
export function isStatement(pending: Pending): boolean {
  return pending.kind === 'query' || (pending.kind === 'execute' && pending.run !== null);
}

/** The gateway waits for an answer of its own. */
export function isQuestion({ kind }: Pending): boolean {
  return kind === 'question';
}

/** Upstream did not do it. */
export function undo(pending: Pending): void {
  if ('undo' in pending) pending.undo();
}

/** A granted COPY … FROM STDIN that waits for data or will. */
export function takesData(pending: Pending): boolean {
  if (pending.kind === 'query') return pending.runs.some((run) => run.takesData);
  return pending.kind === 'execute' && pending.run?.takesData === true;
}
