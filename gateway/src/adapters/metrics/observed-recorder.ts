import type { AuditEvent } from '../../../contract/audit-event.ts';
import type { RecordId } from '../../../contract/ids.ts';
import type { ActionRecord, RecordOutcome } from '../../../contract/record.ts';
import type { Opening, OpeningRecord, Recorder } from '../../core/recording/recorder.ts';

/** Whoever is told of what is recorded, as it is handed over. It must return at once and throw nothing. */
export interface RecordObserver {
  opened(record: OpeningRecord): void;
  closed(record: OpeningRecord, outcome: RecordOutcome): void;
  noted(event: AuditEvent): void;
}

/** Records as another recorder does, and tells observers. */
export class ObservedRecorder implements Recorder {
  readonly #recorder: Recorder;
  readonly #observers: readonly RecordObserver[];
  readonly #running = new Map<RecordId, OpeningRecord>();

  constructor(recorder: Recorder, observers: readonly RecordObserver[]) {
    this.#recorder = recorder;
    this.#observers = observers;
  }

  open(record: OpeningRecord): Opening {
    this.#running.set(record.id, record);
    for (const observer of this.#observers) observer.opened(record);
    return this.#recorder.open(record);
  }

  close(id: RecordId, outcome: RecordOutcome): Promise<void> {
    const record = this.#running.get(id);
    if (record !== undefined) {
      this.#running.delete(id);
      for (const observer of this.#observers) observer.closed(record, outcome);
    }
    return this.#recorder.close(id, outcome);
  }

  keep(record: ActionRecord): Promise<void> {
    for (const observer of this.#observers) {
      observer.opened(record);
      if (record.outcome !== null) observer.closed(record, record.outcome);
    }
    return this.#recorder.keep(record);
  }

  note(event: AuditEvent): Promise<void> {
    for (const observer of this.#observers) observer.noted(event);
    return this.#recorder.note(event);
  }
}
