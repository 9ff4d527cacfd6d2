import type { AuditEvent } from '../../../contract/audit-event.ts';
import type { RecordOutcome } from '../../../contract/record.ts';
import { coverageGaps, didRun } from '../../core/coverage/gaps.ts';
import type { OpeningRecord } from '../../core/recording/recorder.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';
import type { RecordObserver } from './observed-recorder.ts';

const MS_PER_S = 1000;

/** Counts what is recorded. */
export class RecordedActions implements RecordObserver {
  readonly #metrics: GatewayMetrics;

  constructor(metrics: GatewayMetrics) {
    this.#metrics = metrics;
  }

  opened({ target, decision }: OpeningRecord): void {
    const { decisions, masks } = this.#metrics;
    decisions.add([target, decision.outcome]);
    if (decision.masks.length > 0) masks.add([target], decision.masks.length);
  }

  closed(record: OpeningRecord, outcome: RecordOutcome): void {
    const { target, surface } = record;
    const { status, rows, bytes, durationMs, detected } = outcome;
    const metrics = this.#metrics;
    metrics.actions.add([target, surface, status]);
    if (status !== 'refused') metrics.running.observe([target, surface], durationMs / MS_PER_S);
    if (rows > 0) metrics.rows.add([target], rows);
    if (bytes > 0) metrics.bytes.add([target], bytes);
    for (const [detector, count] of Object.entries(detected ?? {})) {
      metrics.detections.add([target, detector], count);
    }
    const whole = { ...record, outcome };
    for (const { gap } of coverageGaps(whole)) {
      metrics.uninspected.add([target, gap, didRun(whole) ? 'yes' : 'no']);
    }
  }

  noted({ fact }: AuditEvent): void {
    this.#metrics.events.add([fact.kind]);
  }
}
