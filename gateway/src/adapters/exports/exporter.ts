import { assertNever } from '../../../contract/assert-never.ts';
import type { Clock } from '../../core/approvals/approvals.ts';
import { madeAtMs } from '../../core/flow/record-id.ts';
import type { LogEntry, LogReader } from '../../core/recording/log-reader.ts';
import { ocsfAction, type Telling } from './ocsf/action.ts';
import { ocsfEvent, ocsfUnreadable } from './ocsf/audit-event.ts';
import type { JsonObject } from './ocsf/event.ts';
import { type Line, NotTaken, type Sink } from './sinks/sink.ts';

/** How often the log is looked at where nothing is left to tell. */
const IDLE_MS = 1000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 5 * 60 * 1000;
const PAGE_ROWS = 100;
const MAX_BATCH_LINES = 1000;
const MAX_BATCH_CHARACTERS = 1024 * 1024;

/** How an export fares. `cursor`: up to here everything was taken. */
export type ExportStatus = {
  name: string;
  cursor: number;
  sent: number;
  failures: number;
  /** Why it waits; empty while all goes well. */
  why: string;
};

export type ExporterOptions = {
  name: string;
  sink: Sink;
  telling: Telling;
  log: LogReader;
  /** Up to here everything was taken. */
  cursor: number;
  /** Resolves when that is on disk. */
  keep(cursor: number): Promise<void>;
  clock: Clock;
  /** One sentence for whoever runs the gateway. */
  tell(line: string): void;
  /** Told how it fares, whenever that changes. */
  changed?(status: ExportStatus): void;
};

/**
 * One export. It reads the log on from its cursor, hands it over, and moves the cursor once that was taken; what is
 * refused is tried again, ever more slowly, for as long as it takes. It holds one batch, and nobody waits for it.
 */
export class Exporter {
  readonly #options: ExporterOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #status: ExportStatus;
  #tries = 0;

  constructor(options: ExporterOptions) {
    const { name, cursor } = options;
    this.#options = options;
    this.#status = { name, cursor, sent: 0, failures: 0, why: '' };
    this.#running = this.#run();
  }

  get status(): ExportStatus {
    return { ...this.#status };
  }

  /** What was not taken yet is told after the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        const isMore = await this.#step();
        if (!isMore) await this.#wait(IDLE_MS);
      } catch (error) {
        // What stopping cut off was no try of its own.
        if (this.#stop.signal.aborted) return;
        await this.#failed(error);
      }
    }
  }

  /** Hands over what comes next; false when there was nothing. */
  async #step(): Promise<boolean> {
    const { lines, reached } = await this.#gather();
    if (reached === this.#status.cursor) return false;
    await this.#send(lines);
    await this.#options.keep(reached);
    this.#status.cursor = reached;
    this.#status.sent += lines.length;
    if (this.#tries > 0) this.#options.tell(`Export ${this.#options.name} goes on.`);
    this.#tries = 0;
    this.#status.why = '';
    this.#changed();
    return true;
  }

  async #gather(): Promise<{ lines: Line[]; reached: number }> {
    const { log, telling } = this.#options;
    const lines: Line[] = [];
    let reached = this.#status.cursor;
    for (let characters = 0; lines.length < MAX_BATCH_LINES && characters < MAX_BATCH_CHARACTERS; ) {
      const page = await log.after(reached, PAGE_ROWS);
      if (page.reached === reached) break;
      const told = page.entries.map((entry) => lineOf(entry, telling));
      lines.push(...told);
      characters += told.reduce((sum, { json }) => sum + json.length, 0);
      reached = page.reached;
    }
    return { lines, reached };
  }

  /** A receiver that takes no batch of that size gets it in halves. */
  async #send(lines: readonly Line[]): Promise<void> {
    if (lines.length === 0) return;
    try {
      await this.#options.sink.send(lines, this.#stop.signal);
    } catch (error) {
      if (!(error instanceof NotTaken && error.isTooMuch) || lines.length === 1) throw error;
      const half = Math.ceil(lines.length / 2);
      await this.#send(lines.slice(0, half));
      await this.#send(lines.slice(half));
    }
  }

  async #failed(error: unknown): Promise<void> {
    const why = error instanceof Error ? error.message : String(error);
    this.#status.failures += 1;
    this.#status.why = why;
    this.#changed();
    if (this.#tries === 0) {
      this.#options.tell(`Export ${this.#options.name} waits: ${why} It is tried again until it is taken.`);
    }
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#tries);
    this.#tries += 1;
    await this.#wait(waitMs);
  }

  #changed(): void {
    this.#options.changed?.(this.status);
  }

  #wait(ms: number): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const goOn = () => resolve();
    const cancel = this.#options.clock.wake(ms, goOn);
    signal.addEventListener('abort', goOn);
    return promise.finally(() => {
      cancel();
      signal.removeEventListener('abort', goOn);
    });
  }
}

function lineOf(entry: LogEntry, telling: Telling): Line {
  const [event, at] = eventOf(entry, telling);
  const severity = event.severity_id === 1 ? 1 : 3;
  return { json: JSON.stringify(event), at, severity, className: String(event.class_name) };
}

/** With when it was. */
function eventOf(entry: LogEntry, telling: Telling): [JsonObject, string] {
  switch (entry.kind) {
    case 'action':
      return [ocsfAction(entry.seq, entry.record, telling), entry.record.at];
    case 'event':
      return [ocsfEvent(entry.seq, entry.event, telling), entry.event.at];
    case 'unreadable': {
      const at = new Date(madeAtMs(entry.record) ?? 0).toISOString();
      return [ocsfUnreadable(entry.seq, entry.record, at, telling), at];
    }
    default:
      return assertNever(entry);
  }
}
