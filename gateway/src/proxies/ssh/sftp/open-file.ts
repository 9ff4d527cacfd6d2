import type { RecordOutcome } from '../../../../contract/record.ts';
import type { Counts } from '../../../core/detectors/redact.ts';
import type { Opened } from './gate.ts';
import { Lane } from './lane.ts';
import type { ScannedReading } from './scanned-reading.ts';
import type { ScannedWriting } from './scanned-writing.ts';

/** A file or folder that is open: what may be done by its handle, and what was. */
export class OpenFile {
  readonly opened: Opened;
  readonly handle: string;
  readonly reads: boolean;
  readonly writes: boolean;
  readonly lane = new Lane();
  /** How often each detector found something; never what. */
  readonly counts: Counts = new Map();
  reading: ScannedReading | null = null;
  writing: ScannedWriting | null = null;
  bytes = 0;
  isClosing = false;
  /** Under which policy, for whom, it was last looked at. */
  standing: string;
  readonly #startedMs: number;
  #kept: Promise<void> | null = null;

  constructor(
    opened: Opened,
    handle: string,
    directions: { reads: boolean; writes: boolean },
    nowMs: number,
  ) {
    this.opened = opened;
    this.handle = handle;
    this.reads = directions.reads;
    this.writes = directions.writes;
    this.standing = opened.standing;
    this.#startedMs = nowMs;
  }

  get path(): string {
    const { operation } = this.opened;
    return 'path' in operation ? operation.path : '';
  }

  /** Ends its record, once. */
  close(status: RecordOutcome['status'], nowMs: number): Promise<void> {
    this.#kept ??= this.#keep(status, nowMs);
    return this.#kept;
  }

  #keep(status: RecordOutcome['status'], nowMs: number): Promise<void> {
    const detected = this.counts.size === 0 ? {} : { detected: Object.fromEntries(this.counts) };
    const durationMs = nowMs - this.#startedMs;
    const stopped = this.counts.size > 0 ? 'failed' : status;
    return this.opened.record.close({
      status: stopped,
      sqlState: null,
      rows: 0,
      bytes: this.bytes,
      durationMs,
      ...detected,
    });
  }
}
