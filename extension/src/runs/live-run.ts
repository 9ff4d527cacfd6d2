import { randomUUID } from 'node:crypto';
import type { ApprovalRequest } from '../../../gateway/contract/approval-request.ts';
import { approversInWords } from '../../../gateway/contract/ask.ts';
import { assertNever } from '../../../gateway/contract/assert-never.ts';
import type { Decision } from '../../../gateway/contract/decision.ts';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { RowBatch } from '../../../gateway/contract/query-channel.ts';
import {
  type Failure,
  type Notice,
  ResultSetId,
  type Run,
  RunId,
  type RunStatus,
  type StatementRun,
} from '../../contract/results-state.ts';
import type { RunEnded, RunEvent, RunSink } from '../gateway/query-session.ts';
import type { RowStore } from '../results/row-store.ts';
import type { Span } from '../sql/split.ts';
import { LiveResultSet } from './live-result-set.ts';

/** What is run: a part of a document, and where it stands there. */
export type RunText = { text: string; offset: number; line: number };

export type RunOptions = {
  target: TargetName;
  source: RunText;
  maxRows: number;
  newStore: () => Promise<RowStore>;
  /** Something but rows changed. */
  onChange: () => void;
  /** Rows arrived. */
  onProgress: () => void;
  /** No more rows are wanted. */
  onLimit: () => void;
  now?: () => number;
};

const MAX_NOTICES = 1_000;
const MAX_STATEMENT_TEXT = 400;

/** One press of "run": follows the events of its session and can say at any time how it stands. */
export class LiveRun implements RunSink {
  readonly id: RunId = RunId.parse(randomUUID());
  readonly target: TargetName;
  readonly source: RunText;
  readonly #options: RunOptions;
  readonly #now: () => number;
  readonly #startedAtMs: number;
  #status: RunStatus = 'running';
  #endedAtMs: number | null = null;
  #transaction: Run['transaction'] = 'idle';
  #limited = false;
  readonly #statements = new Map<number, StatementRun & { startedAtMs: number }>();
  readonly #spans = new Map<number, Span>();
  readonly #sets = new Map<number, LiveResultSet>();
  /** Result sets are made in order: rows wait for theirs. */
  #opening: Promise<void> = Promise.resolve();
  readonly #notices: Notice[] = [];
  #resolveOver: () => void = () => undefined;
  /** Resolves when the run is over, however it ended. */
  readonly over: Promise<void> = new Promise((resolve) => {
    this.#resolveOver = resolve;
  });

  constructor(options: RunOptions) {
    this.#options = options;
    this.target = options.target;
    this.source = options.source;
    this.#now = options.now ?? Date.now;
    this.#startedAtMs = this.#now();
  }

  get status(): RunStatus {
    return this.#status;
  }

  /** What its statements wait, or waited, for. */
  get requests(): ApprovalRequest[] {
    return [...this.#statements.values()].flatMap(({ request }) => request ?? []);
  }

  /** The request that the run waits for now, or null when it does not wait. */
  get waitsFor(): ApprovalRequest | null {
    if (this.isOver) return null;
    const last = [...this.#statements.values()].at(-1);
    return last?.tag === null && last.request?.status === 'pending' ? last.request : null;
  }

  /** What a statement waits, or waited, for. */
  requestOf(index: number): ApprovalRequest | null {
    return this.#statements.get(index)?.request ?? null;
  }

  get isOver(): boolean {
    return this.#endedAtMs !== null;
  }

  get elapsedMs(): number {
    return (this.#endedAtMs ?? this.#now()) - this.#startedAtMs;
  }

  /** Where a statement stands in the document, as UTF-16 offsets. */
  spanOf(index: number): Span {
    const span = this.#spans.get(index) ?? { start: 0, end: this.source.text.length };
    return { start: this.source.offset + span.start, end: this.source.offset + span.end };
  }

  /** A statement as it was run. */
  textOf(index: number): string {
    const { start, end } = this.#spans.get(index) ?? { start: 0, end: this.source.text.length };
    return this.source.text.slice(start, end);
  }

  get resultSets(): LiveResultSet[] {
    return [...this.#sets.values()];
  }

  get statements(): StatementRun[] {
    return [...this.#statements.values()].map(({ startedAtMs: _, ...statement }) => statement);
  }

  event(event: RunEvent): void {
    switch (event.type) {
      case 'decided':
        this.#decided(event.index, event.start, event.end, event.decision);
        break;
      case 'held':
        this.#update(event.index, { request: event.request });
        break;
      case 'columns':
        this.#opening = this.#opening.then(async () => {
          const id = ResultSetId.parse(randomUUID());
          const store = await this.#options.newStore();
          this.#sets.set(event.index, new LiveResultSet(id, event.index, event.columns, store));
        });
        this.#opening.then(this.#options.onChange, () => undefined);
        return;
      case 'notice':
        if (this.#notices.length < MAX_NOTICES) this.#notices.push(noticeOf(event));
        break;
      case 'complete':
        this.#update(event.index, { tag: event.tag, elapsedMs: this.#since(event.index) });
        void this.#finish(event.index);
        return;
      case 'failed':
        this.#failed(event);
        break;
      default:
        assertNever(event);
    }
    this.#options.onChange();
  }

  async rows(batch: RowBatch): Promise<void> {
    await this.#opening;
    const set = this.#sets.get(batch.index);
    if (set === undefined)
      throw new SluiceError('contract.mismatch', 'The gateway sent rows before their columns.');
    const wanted = await set.append(batch, this.#options.maxRows);
    if (!wanted && !this.#limited) {
      this.#limited = true;
      this.#options.onLimit();
    }
    this.#options.onProgress();
  }

  cancelling(): void {
    if (this.#status !== 'running') return;
    this.#status = 'cancelling';
    this.#options.onChange();
  }

  async ended(ended: RunEnded): Promise<void> {
    this.#transaction = ended.transaction;
    await this.#close(ended.status);
  }

  /** The run can't go on: no session, or the session was lost. */
  async lost(error: SluiceError): Promise<void> {
    const running = [...this.#statements.values()].find((s) => s.tag === null && s.failure === null);
    const index = running?.index ?? this.#statements.size;
    const next = running?.request?.status === 'pending' ? REQUEST_STAYS : error.next;
    this.#update(index, { failure: { ...NO_FAILURE, kind: 'lost', message: error.message, next } });
    await this.#close(this.#status === 'cancelling' ? 'cancelled' : 'failed');
  }

  snapshot(): Run {
    return {
      id: this.id,
      target: this.target,
      status: this.#status,
      startedAt: new Date(this.#startedAtMs).toISOString(),
      elapsedMs: this.elapsedMs,
      statements: this.statements,
      resultSets: this.resultSets.map((set) => set.snapshot()),
      notices: [...this.#notices],
      transaction: this.#transaction,
    };
  }

  async dispose(): Promise<void> {
    await this.#opening.catch(() => undefined);
    await Promise.all(this.resultSets.map((set) => set.dispose()));
  }

  async #close(status: RunStatus): Promise<void> {
    await this.#opening.catch(() => undefined);
    await Promise.all(this.resultSets.map((set) => set.finish()));
    this.#status = status;
    this.#endedAtMs = this.#now();
    this.#resolveOver();
    this.#options.onChange();
  }

  async #finish(index: number): Promise<void> {
    await this.#opening.catch(() => undefined);
    await this.#sets.get(index)?.finish();
    this.#options.onChange();
  }

  #decided(index: number, start: number, end: number, decision: Decision): void {
    const { text, line } = this.source;
    this.#spans.set(index, { start, end });
    this.#statements.set(index, {
      index,
      text: text.slice(start, end).slice(0, MAX_STATEMENT_TEXT),
      line: line + linesIn(text.slice(0, start)),
      decision,
      request: this.#statements.get(index)?.request ?? null,
      acts: [],
      tag: null,
      failure: null,
      elapsedMs: null,
      startedAtMs: this.#now(),
    });
  }

  #failed(event: Extract<RunEvent, { type: 'failed' }>): void {
    // The status of the run says so; nobody needs it as an error.
    if (event.error.code === 'statement.cancelled') {
      this.#update(event.index, { elapsedMs: this.#since(event.index) });
      return;
    }
    const { decision = null, request = null } = this.#statements.get(event.index) ?? {};
    const failure: Failure = {
      kind: kindOf(event.error.code, decision, request),
      message: event.error.message,
      next: event.error.next,
      rules: decision?.rules ?? [],
      approvers: approversInWords(decision?.asks ?? []),
      sqlState: event.sqlState,
      detail: event.detail,
      hint: event.hint,
      position: event.position === null ? null : this.source.offset + event.position,
    };
    this.#update(event.index, { failure, elapsedMs: this.#since(event.index) });
  }

  /** A statement that was never decided (the whole text did not parse) still needs a place. */
  #update(index: number, change: Partial<StatementRun>): void {
    const known = this.#statements.get(index) ?? {
      index,
      text: this.source.text.slice(0, MAX_STATEMENT_TEXT),
      line: this.source.line,
      decision: null,
      request: null,
      acts: [],
      tag: null,
      failure: null,
      elapsedMs: null,
      startedAtMs: this.#now(),
    };
    this.#statements.set(index, { ...known, ...change });
  }

  #since(index: number): number {
    return this.#now() - (this.#statements.get(index)?.startedAtMs ?? this.#startedAtMs);
  }
}

const REQUEST_STAYS =
  'Your request for approval stays. Run the statement again: it waits on, or runs at once if it was approved meanwhile.';

const NO_FAILURE: Omit<Failure, 'kind' | 'message' | 'next'> = {
  rules: [],
  approvers: '',
  sqlState: '',
  detail: '',
  hint: '',
  position: null,
};

function kindOf(
  code: SluiceError['code'],
  decision: Decision | null,
  request: ApprovalRequest | null,
): Failure['kind'] {
  const isSettledNo = request !== null && NOT_APPROVED.has(request.status);
  if (isSettledNo && decision?.outcome !== 'allow') return 'notApproved';
  if (decision?.outcome === 'approve') return 'needsApproval';
  if (decision?.outcome === 'block' || code === 'statement.blocked' || code === 'statement.unparsed')
    return 'blocked';
  return 'failed';
}

const NOT_APPROVED: ReadonlySet<string> = new Set(['denied', 'withdrawn', 'lapsed']);

function noticeOf({ severity, message, detail, hint }: Notice): Notice {
  return { severity, message, detail, hint };
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}
