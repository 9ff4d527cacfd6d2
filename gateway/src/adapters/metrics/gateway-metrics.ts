import type { FlowMeter } from '../../core/flow/meter.ts';
import type { Session } from '../../core/flow/session.ts';
import { addProcessMetrics } from './process-metrics.ts';
import { Counter, counted, Histogram, type Labels, Observed, Registry, type Sample } from './registry.ts';

/** What stands elsewhere, and is asked when metrics are. */
export type MetricSources = {
  version: string;
  /** Sessions that are open. */
  sessions(): readonly Labels[];
  /** Statements and commands that wait for somebody's approval, by target. */
  holds(): readonly Labels[];
  store: {
    /** Newest row of the log. */
    lastSeq(): Promise<number>;
    /** Bytes that are on disk in the journal and not yet in the database, and that wait to be written. */
    lag(): { unimportedBytes: number; unwrittenCharacters: number };
  };
  exports(): ReadonlyArray<{ name: string; cursor: number; sent: number; failures: number; why: string }>;
};

const MS_PER_S = 1000;
/** From 50 µs, which a plan that is known takes, to what waits for a slow disk or a large rewrite. */
const LATENCY_BOUNDS = [
  0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1,
];
const RUN_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** Everything that the gateway counts. docs/METRICS.md lists it; a test compares. */
export class GatewayMetrics implements FlowMeter {
  readonly registry = new Registry();
  readonly actions = this.registry.add(
    new Counter('sluice_actions_total', 'Actions by how they ended.', ['target', 'surface', 'outcome']),
  );
  readonly decisions = this.registry.add(
    new Counter('sluice_decisions_total', 'Recorded actions by what the policy said.', [
      'target',
      'decision',
    ]),
  );
  readonly running = this.registry.add(
    new Histogram('sluice_action_seconds', 'How long actions ran.', ['target', 'surface'], RUN_BOUNDS),
  );
  readonly rows = this.registry.add(
    new Counter('sluice_rows_total', 'Rows that were returned or changed.', ['target']),
  );
  readonly bytes = this.registry.add(
    new Counter('sluice_bytes_total', 'Bytes of answers and files.', ['target']),
  );
  readonly masks = this.registry.add(
    new Counter('sluice_masks_applied_total', 'Masked columns of relations that actions touched.', [
      'target',
    ]),
  );
  readonly detections = this.registry.add(
    new Counter('sluice_detections_total', 'Values that detectors found and hid.', ['target', 'detector']),
  );
  readonly uninspected = this.registry.add(
    new Counter(
      'sluice_uninspected_total',
      'Actions that were not looked into in whole, by what was not: docs/COVERAGE.md. What did not run did no harm.',
      ['target', 'gap', 'ran'],
    ),
  );
  readonly events = this.registry.add(
    new Counter('sluice_events_total', 'Entries of the log besides actions.', ['kind']),
  );
  readonly #deciding = this.registry.add(
    new Histogram(
      'sluice_decision_seconds',
      'How long a decision took that was made anew, rewriting included.',
      ['surface'],
      LATENCY_BOUNDS,
    ),
  );
  readonly #added = this.registry.add(
    new Histogram(
      'sluice_added_latency_seconds',
      'From a stated action to its grant or refusal; for changes and refusals with the record on disk. Held ones are left out.',
      ['surface'],
      LATENCY_BOUNDS,
    ),
  );

  /** Adds what is asked of others. Once. */
  observe({ version, sessions, holds, store, exports }: MetricSources): void {
    const gauge = (name: string, help: string, ask: () => readonly Sample[] | Promise<readonly Sample[]>) =>
      this.registry.add(new Observed('gauge', name, help, ask));
    const counter = (name: string, help: string, ask: () => readonly Sample[]) =>
      this.registry.add(new Observed('counter', name, help, ask));
    const ofExports = (value: (one: ReturnType<MetricSources['exports']>[number]) => number) => () =>
      exports().map((one) => ({ labels: { export: one.name }, value: value(one) }));
    gauge('sluice_build_info', 'The version that runs.', () => [{ labels: { version }, value: 1 }]);
    gauge('sluice_sessions_open', 'Sessions that are open.', () => counted(sessions()));
    gauge('sluice_holds_open', 'Actions that wait for approval.', () => counted(holds()));
    gauge('sluice_journal_waiting_characters', 'What waits to be written to the journal.', () => [
      { labels: {}, value: store.lag().unwrittenCharacters },
    ]);
    gauge('sluice_import_lag_bytes', 'What is on disk in the journal and not yet in the database.', () => [
      { labels: {}, value: store.lag().unimportedBytes },
    ]);
    gauge('sluice_log_entries', 'Number of the newest row of the log.', async () => [
      { labels: {}, value: await store.lastSeq() },
    ]);
    gauge('sluice_export_lag_entries', 'Rows of the log that an export has still to tell.', async () => {
      const last = await store.lastSeq();
      return exports().map(({ name, cursor }) => ({
        labels: { export: name },
        value: Math.max(0, last - cursor),
      }));
    });
    counter(
      'sluice_export_sent_total',
      'Events that an export’s receiver took.',
      ofExports(({ sent }) => sent),
    );
    counter(
      'sluice_export_failures_total',
      'Tries that failed.',
      ofExports(({ failures }) => failures),
    );
    gauge(
      'sluice_export_waiting',
      '1 while an export’s receiver takes nothing.',
      ofExports(({ why }) => (why === '' ? 0 : 1)),
    );
    addProcessMetrics(this.registry);
  }

  decided({ surface }: Session, ms: number): void {
    this.#deciding.observe([surface], ms / MS_PER_S);
  }

  answered({ surface }: Session, ms: number): void {
    this.#added.observe([surface], ms / MS_PER_S);
  }
}

/** Tells both. */
export function bothMeters(one: FlowMeter, other: FlowMeter): FlowMeter {
  return {
    decided(session, ms) {
      one.decided(session, ms);
      other.decided(session, ms);
    },
    answered(session, ms) {
      one.answered(session, ms);
      other.answered(session, ms);
    },
  };
}
