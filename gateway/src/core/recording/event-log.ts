import type { Person } from '../../../contract/approval-request.ts';
import type { AuditFact } from '../../../contract/audit-event.ts';
import { newRecordId } from '../flow/record-id.ts';
import type { Recorder } from './recorder.ts';

/** Refused sign-ins of a minute that have an entry each; those beyond are counted in the next minute's first. */
const REFUSALS_PER_MINUTE = 60;
const MINUTE_MS = 60_000;
const MAX_READINGS = 10_000;

/** Keeps what happens besides actions. What can't be kept ends the gateway, as it does for actions. */
export class EventLog {
  readonly #recorder: Recorder;
  readonly #now: () => Date;
  #minute = 0;
  #refusals = 0;
  #uncounted = 0;
  /** Who read what in this minute. */
  #readings = new Set<string>();

  constructor(recorder: Recorder, now: () => Date) {
    this.#recorder = recorder;
    this.#now = now;
  }

  /**
   * Resolves once it is on disk. `by`: who did it; null: the gateway itself.
   * @throws SluiceError `record.unavailable`
   */
  note(by: Person | null, fact: AuditFact): Promise<void> {
    const at = this.#now();
    const kept = this.#recorder.note({ id: newRecordId(at), at: at.toISOString(), by, fact });
    // Not everybody waits; the store itself tells of its failure.
    kept.catch(() => undefined);
    return kept;
  }

  /** Somebody was refused before they were anybody. Whoever tries all day fills no disk with it. */
  refusedSignIn(why: string, network: string): void {
    this.#beginMinute();
    this.#refusals += 1;
    if (this.#refusals > REFUSALS_PER_MINUTE) {
      this.#uncounted += 1;
      return;
    }
    const more =
      this.#uncounted === 0 ? '' : ` (and ${this.#uncounted} refusals before it that have no entry)`;
    this.#uncounted = 0;
    void this.note(null, { kind: 'signIn', accepted: false, why: `${why}${more}`, network });
  }

  /**
   * Somebody reads about others, as `act` says; resolves once the log tells so. Editors look again every few seconds: the
   * same in the same minute is one entry.
   */
  async reading(by: Person, act: string): Promise<void> {
    this.#beginMinute();
    const reading = JSON.stringify([by.id, act]);
    if (this.#readings.has(reading)) return;
    await this.note(by, { kind: 'adminAct', act, reason: '' });
    if (this.#readings.size < MAX_READINGS) this.#readings.add(reading);
  }

  #beginMinute(): void {
    const minute = Math.floor(this.#now().getTime() / MINUTE_MS);
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#refusals = 0;
    this.#readings = new Set();
  }
}
