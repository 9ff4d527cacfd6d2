import type { RecordId, SessionId } from '../../../contract/ids.ts';
import type { RecordOutcome } from '../../../contract/record.ts';
import type { OtlpConfig } from '../../config.ts';
import type { Clock } from '../../core/approvals/approvals.ts';
import type { FlowMeter } from '../../core/flow/meter.ts';
import type { Session } from '../../core/flow/session.ts';
import type { OpeningRecord } from '../../core/recording/recorder.ts';
import type { RecordObserver } from '../metrics/observed-recorder.ts';
import type { Registry } from '../metrics/registry.ts';
import { metricsRequest, type Resource, tracesRequest } from './encoding.ts';
import { type Span, spansOf } from './spans.ts';

/** Spans that wait; beyond it the newest are left out, for nothing may grow because a collector is gone. */
const MAX_WAITING_SPANS = 20_000;
const MAX_SPANS_AT_ONCE = 2000;
const TIMEOUT_MS = 10_000;

export type TelemetryOptions = {
  config: OtlpConfig;
  version: string;
  registry: Registry;
  clock: Clock;
  /** One sentence for whoever runs the gateway. */
  tell(line: string): void;
};

/** Tells a collector what is done and counted, every so often. */
export class Telemetry implements RecordObserver, FlowMeter {
  readonly #options: TelemetryOptions;
  readonly #resource: Resource;
  readonly #startMs: number;
  /** Between a decision and its record, of each session. */
  readonly #decidingMs = new Map<SessionId, number>();
  /** Of actions that run. */
  readonly #decidedInMs = new Map<RecordId, number>();
  readonly #stop = new AbortController();
  #waiting: Span[] = [];
  #posting: Promise<void> = Promise.resolve();
  #cancel: () => void = () => undefined;
  #isFailing = false;

  constructor(options: TelemetryOptions) {
    const { config, version, clock } = options;
    this.#options = options;
    this.#resource = { serviceName: config.serviceName, version };
    this.#startMs = clock.now().getTime();
    this.#wakeLater();
  }

  decided({ id }: Session, ms: number): void {
    if (this.#options.config.traces) this.#decidingMs.set(id, ms);
  }

  answered({ id }: Session): void {
    this.#decidingMs.delete(id);
  }

  opened({ id, sessionId }: OpeningRecord): void {
    const ms = this.#decidingMs.get(sessionId);
    if (ms !== undefined) this.#decidedInMs.set(id, ms);
  }

  closed(record: OpeningRecord, outcome: RecordOutcome): void {
    const { traces, includeStatement } = this.#options.config;
    const decidingMs = this.#decidedInMs.get(record.id) ?? null;
    this.#decidedInMs.delete(record.id);
    if (!traces || this.#waiting.length >= MAX_WAITING_SPANS) return;
    this.#waiting.push(...spansOf(record, outcome, decidingMs, includeStatement));
  }

  noted(): void {
    // Events are no work that takes time.
  }

  /** Tells what is left, once. */
  async close(): Promise<void> {
    this.#cancel();
    await this.#posting;
    await this.#tellAll();
    this.#stop.abort();
  }

  #wakeLater(): void {
    const { clock, config } = this.#options;
    this.#cancel = clock.wake(config.intervalMs, () => {
      this.#posting = this.#tellAll().finally(() => this.#wakeLater());
    });
  }

  async #tellAll(): Promise<void> {
    const { config, registry, clock, tell } = this.#options;
    try {
      while (this.#waiting.length > 0) {
        const spans = this.#waiting.slice(0, MAX_SPANS_AT_ONCE);
        await this.#post('/v1/traces', tracesRequest(this.#resource, spans));
        this.#waiting = this.#waiting.slice(spans.length);
      }
      if (config.metrics) {
        const readings = await registry.read();
        const nowMs = clock.now().getTime();
        await this.#post('/v1/metrics', metricsRequest(this.#resource, readings, this.#startMs, nowMs));
      }
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) tell(`Telemetry is not taken: ${whyOf(error)} It is told again later.`);
      this.#isFailing = true;
    }
  }

  async #post(path: string, body: unknown): Promise<void> {
    const { url, headers } = this.#options.config;
    const own = Object.entries(headers).map(([name, value]) => [name, value.reveal()]);
    const response = await fetch(`${url.replace(/\/$/, '')}${path}`, {
      method: 'POST',
      headers: { ...Object.fromEntries(own), 'content-type': 'application/json', 'user-agent': 'sluice' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Refused(`The collector answered ${response.status}.`);
  }
}

class Refused extends Error {}

/** A library's message could hold the address and what stands in it. */
function whyOf(error: unknown): string {
  return error instanceof Refused ? error.message : 'The collector can not be reached.';
}
