import type { DetectorSet } from '../../../core/detectors/detector-set.ts';
import { ValueRedactor } from '../../../core/detectors/redact.ts';
import type { ErrorFields } from '../../../wire/postgres/messages/backend/error-fields.ts';
import type { RunDetection } from '../detected/detection.ts';
import { redactedFields } from '../detected/texts.ts';
import { mayBeOfRow, ofSomeRow, withoutValues } from './error-filter.ts';
import type { Run } from './run.ts';

/** What errors and notices about a statement must not tell. */
export type Hiding = {
  masked: boolean;
  detected: RunDetection | null;
  /** Which row has failed, and how: one is worked on after the other, in an order that tells of what is masked. */
  rowByRow?: boolean;
};

/** What errors and notices that may be about any of several statements must not tell. */
export class Hidden {
  masked: boolean;
  rowByRow: boolean;
  readonly #sets: Set<DetectorSet>;

  constructor(masked = false, sets: Iterable<DetectorSet> = [], rowByRow = false) {
    this.masked = masked;
    this.rowByRow = rowByRow;
    this.#sets = new Set(sets);
  }

  add({ masked, detected, rowByRow = false }: Hiding): void {
    this.masked ||= masked;
    this.rowByRow ||= rowByRow;
    if (detected !== null) this.#sets.add(detected.anywhere.set);
  }

  addAll(other: Hidden): void {
    this.masked ||= other.masked;
    this.rowByRow ||= other.rowByRow;
    for (const set of other.#sets) this.#sets.add(set);
  }

  clear(): void {
    this.masked = false;
    this.rowByRow = false;
    this.#sets.clear();
  }

  /** Whether everything may be told. */
  get isNothing(): boolean {
    return !this.masked && !this.rowByRow && this.#sets.size === 0;
  }

  /** What of an error or notice a client may see. What is found in it counts in the record of `run`. */
  shown(fields: ErrorFields, run: Run | null): ErrorFields {
    const kept = this.#kept(fields, run);
    const found = run?.found ?? new Map();
    return [...this.#sets].reduce((less, set) => redactedFields(less, new ValueRedactor(set, found)), kept);
  }

  #kept(fields: ErrorFields, run: Run | null): ErrorFields {
    if (this.rowByRow && mayBeOfRow(fields)) return ofSomeRow(fields);
    return this.masked ? withoutValues(fields, run?.statement) : fields;
  }
}
