import type { RunDetection } from '../detected/detection.ts';
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
  | { kind: 'close'; to: Reader; masked: boolean }
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

/** What detectors look for in errors and notices that come while this is owed. */
export function detectionOf(pending: Pending): RunDetection | null {
  switch (pending.kind) {
    case 'query':
      return pending.runs.find((run) => run.detected !== null)?.detected ?? null;
    case 'execute':
      return pending.run?.detected ?? null;
    case 'parse':
    case 'bind':
      return pending.detected;
    default:
      return null;
  }
}

/** A statement of the client's runs, or will when it is sent. */
export function isStatement(pending: Pending): boolean {
  return pending.kind === 'query' || (pending.kind === 'execute' && pending.run !== null);
}

/** The gateway waits for an answer of its own. */
export function isQuestion({ kind }: Pending): boolean {
  return kind === 'question';
}

/** A granted COPY … FROM STDIN that waits for data or will. */
export function takesData(pending: Pending): boolean {
  if (pending.kind === 'query') return pending.runs.some((run) => run.takesData);
  return pending.kind === 'execute' && pending.run?.takesData === true;
}

export function isMasked(pending: Pending): boolean {
  switch (pending.kind) {
    case 'query':
      return pending.runs.some((run) => run.masked);
    case 'execute':
      return pending.run?.masked ?? false;
    case 'parse':
    case 'bind':
    case 'close':
    case 'describe':
      return pending.masked;
    default:
      return false;
  }
}
