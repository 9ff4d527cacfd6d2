import { type Decision, isRestricted } from '../../../../contract/decision.ts';
import type { RecordOutcome } from '../../../../contract/record.ts';
import type { Counts } from '../../../core/detectors/redact.ts';
import type { Governed, OpenRecord } from '../../../core/flow/govern.ts';
import type { AnalysedStatement } from '../../../sql/engine.ts';
import { tooManyRows, uncounted, whyUncounted } from '../approval/row-bound.ts';
import { RowsWithin } from '../approval/rows-within.ts';
import type { EnforcedSql } from '../context.ts';
import { type Described, RunDetection } from '../detected/detection.ts';
import { ShownAnswer } from '../recorded/shown-answer.ts';
import type { World } from './governor.ts';

export type Granted = Extract<Governed<EnforcedSql>, { kind: 'granted' }>;

const MAX_INT32 = 2 ** 31 - 1;

/** One granted statement while it runs: its record, and what of its answer went by. */
export class Run {
  readonly decision: Decision;
  readonly statement: AnalysedStatement;
  /** What it was analysed against. */
  readonly world: World;
  readonly enforcedText: string;
  /** Which of its rows fails first would tell of what is masked. */
  readonly rowByRow: boolean;
  /** True when the statement runs COPY … FROM STDIN, so that the client sends data. */
  readonly takesData: boolean;
  /** What detectors look at in its answer; null when none does. */
  readonly detected: RunDetection | null;
  /** Its result, once that is known. */
  readonly described: Described;
  /** What of its answer its record keeps. */
  readonly shown: ShownAnswer;
  rows = 0;
  bytes = 0;
  /** More rows than these are rolled back; null: as many as it takes. */
  readonly maxRows: number | null;
  /** What of its rows may go on; null: all. */
  readonly within: RowsWithin | null;
  /** How often detectors found something in its answer, and in what its end set off. */
  readonly found: Counts;
  /** Set once something of the answer waits for the record. */
  released = false;
  readonly #record: OpenRecord;
  readonly #startedAtMs = performance.now();
  #durationMs: number | null = null;
  #closed: Promise<void> | null = null;

  constructor(
    { record, grant }: Granted,
    statement: AnalysedStatement,
    world: World,
    described: Described = { result: { fields: null }, formats: null },
  ) {
    this.#record = record;
    this.decision = grant.decision;
    this.statement = statement;
    this.world = world;
    this.enforcedText = grant.payload.text;
    this.rowByRow = grant.payload.rowByRow === true;
    this.takesData = statement.facts.kind === 'copyFrom';
    this.detected = RunDetection.of(grant.decision, statement);
    this.found = this.detected?.counts ?? new Map();
    this.described = described;
    this.shown = new ShownAnswer(record.keeps);
    this.maxRows = grant.decision.approval?.maxRows ?? null;
    this.within = this.maxRows === null ? null : new RowsWithin(this.maxRows);
  }

  /** It has more rows than it was approved for. */
  get exceeds(): boolean {
    return this.maxRows !== null && this.rows > this.maxRows;
  }

  /** How many rows upstream is asked for at most, where it can be told: as many as show that there are too many. */
  limitedTo(asked: number): number {
    if (this.maxRows === null || (asked > 0 && asked <= this.maxRows)) return asked;
    return Math.min(this.maxRows + 1, MAX_INT32);
  }

  /** Why it does not run, or may not count: an ErrorResponse; null when nothing is against it. */
  get uncounted(): Buffer | null {
    if (this.maxRows === null) return null;
    const why = whyUncounted(this.statement);
    return why === null ? null : uncounted(this.maxRows, why);
  }

  /** What the client is told in place of its end when it exceeds; else null. */
  get excess(): Buffer | null {
    if (this.maxRows === null || !this.exceeds) return null;
    const approvers = this.decision.approval?.by.map(({ name }) => name) ?? [];
    return tooManyRows(this.maxRows, this.rows, approvers);
  }

  /** Resolves when its record's opening is on disk; has it written for that. */
  durable(): Promise<void> {
    return this.#record.durable();
  }

  get masked(): boolean {
    return isRestricted(this.decision);
  }

  /** Its end was told; its record ends later, and doesn't count that time. */
  ended(): void {
    this.#durationMs ??= Math.round((performance.now() - this.#startedAtMs) * 1000) / 1000;
  }

  /** Ends the record; only the first end counts. */
  close(status: RecordOutcome['status'], sqlState: string | null): Promise<void> {
    this.#closed ??= this.#close(status, sqlState);
    return this.#closed;
  }

  #close(status: RecordOutcome['status'], sqlState: string | null): Promise<void> {
    this.ended();
    const durationMs = this.#durationMs ?? 0;
    const { rows, bytes } = this;
    const found = this.found.size === 0 ? {} : { detected: Object.fromEntries(this.found) };
    const shown = this.shown.read(
      rows,
      this.described,
      this.statement.outputs?.map(({ name }) => name) ?? [],
    );
    const answer = shown === undefined ? {} : { answer: shown };
    const closed = this.#record.close({ status, sqlState, rows, bytes, durationMs, ...found, ...answer });
    // Whoever releases the end of the answer sees a rejection; at other ends the session is over already.
    closed.catch(() => undefined);
    return closed;
  }
}
