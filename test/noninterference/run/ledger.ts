import type { RecordOutcome } from '../../../gateway/contract/record.ts';
import type { Opening, OpeningRecord, Recorder } from '../../../gateway/src/core/recording/recorder.ts';

/** Statements that say nothing of how well a run covers: BEGIN, SET, CLOSE … */
const FRAMES: ReadonlySet<string> = new Set([
  'transaction',
  'set',
  'show',
  'deallocate',
  'closeCursor',
  'listen',
  'empty',
]);

const OPENED: Opening = { durable: async () => undefined };

/** Counts what the gateway recorded, and keeps nothing of it: recording has tests of its own. */
export class Ledger implements Recorder {
  granted = 0;
  masked = 0;
  refused = 0;
  /** Why statements were refused, without their names. */
  readonly reasons = new Map<string, number>();
  readonly kinds = new Map<string, number>();

  open(record: OpeningRecord): Opening {
    this.#count(record);
    return OPENED;
  }

  #count(record: OpeningRecord): void {
    const kind = record.facts?.protocol === 'sql' ? record.facts.kind : 'unparsed';
    if (FRAMES.has(kind)) return;
    this.granted += 1;
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    if (record.decision.masks.length > 0) this.masked += 1;
  }

  async close(_id: OpeningRecord['id'], _outcome: RecordOutcome): Promise<void> {}

  async note(): Promise<void> {}

  async keep(record: OpeningRecord): Promise<void> {
    this.refused += 1;
    const reason = record.decision.sentence.replaceAll(/\b[\w]+(\.[\w]+)+\b/g, '…').slice(0, 90);
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }
}
