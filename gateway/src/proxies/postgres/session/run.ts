import { type Decision, isRestricted } from '../../../../contract/decision.ts';
import type { RecordOutcome } from '../../../../contract/record.ts';
import type { Governed, OpenRecord } from '../../../core/flow/govern.ts';
import type { AnalysedStatement } from '../../../sql/engine.ts';
import type { EnforcedSql } from '../context.ts';
import { type Described, RunDetection } from '../detected/detection.ts';
import type { World } from './governor.ts';

export type Granted = Extract<Governed<EnforcedSql>, { kind: 'granted' }>;

/** One granted statement while it runs: its record, and what of its answer went by. */
export class Run {
  readonly decision: Decision;
  readonly statement: AnalysedStatement;
  /** What it was analysed against. */
  readonly world: World;
  readonly enforcedText: string;
  /** True when the statement runs COPY … FROM STDIN, so that the client sends data. */
  readonly takesData: boolean;
  /** What detectors look at in its answer; null when none does. */
  readonly detected: RunDetection | null;
  /** Its result, once that is known. */
  readonly described: Described;
  rows = 0;
  bytes = 0;
  /** Set once something of the answer waits for the record. */
  released = false;
  readonly #record: OpenRecord;
  readonly #startedAtMs = performance.now();
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
    this.takesData = statement.facts.kind === 'copyFrom';
    this.detected = RunDetection.of(grant.decision, statement);
    this.described = described;
  }

  get durable(): Promise<void> {
    return this.#record.durable;
  }

  get masked(): boolean {
    return isRestricted(this.decision);
  }

  /** Ends the record; only the first end counts. */
  close(status: RecordOutcome['status'], sqlState: string | null): Promise<void> {
    this.#closed ??= this.#close(status, sqlState);
    return this.#closed;
  }

  #close(status: RecordOutcome['status'], sqlState: string | null): Promise<void> {
    const durationMs = Math.round((performance.now() - this.#startedAtMs) * 1000) / 1000;
    const { rows, bytes } = this;
    const counts = this.detected?.counts;
    const found = counts === undefined || counts.size === 0 ? {} : { detected: Object.fromEntries(counts) };
    const closed = this.#record.close({ status, sqlState, rows, bytes, durationMs, ...found });
    // Whoever releases the end of the answer sees a rejection; at other ends the session is over already.
    closed.catch(() => undefined);
    return closed;
  }
}
