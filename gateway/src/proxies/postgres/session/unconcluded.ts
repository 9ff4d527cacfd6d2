import type { RecordOutcome } from '../../../../contract/record.ts';
import type { TransactionStatus } from '../../../wire/postgres/messages/backend/ready-for-query.ts';
import { TOO_MANY_ROWS } from '../approval/row-bound.ts';
import { Hidden } from './hidden.ts';
import type { Release } from './outbox.ts';
import type { Run } from './run.ts';

/** How a record ends. */
export type End = Pick<RecordOutcome, 'status' | 'sqlState'>;

/**
 * What was carried out and may still be undone, as its transaction is not concluded: whose record tells whether it was
 * kept, and what that must not show (docs/adr/0017-what-done-means.md). Ends of records are awaited by the release that
 * they come with.
 */
export class Unconcluded {
  /**
   * Of what the last Sync did not conclude, the statement whose end was told last; a read is none where another may
   * have changed something.
   */
  #last: Run | null = null;
  #undone: End | null = null;
  /** Constraints and triggers that the transaction puts off speak of its rows when it is concluded. */
  readonly putOff = new Hidden();

  /** Whose record tells how the transaction ends; null when it has ended. */
  get last(): Run | null {
    return this.#last;
  }

  /** A statement of a simple Query was carried out. */
  carriedOut(run: Run, release: Release): void {
    this.putOff.add(run);
    this.supersede(release);
    closeDone(run, release);
  }

  /** An end was told inside a pipeline. What it did is kept, or is not, when that ends. */
  told(run: Run, release: Release): void {
    const { facts } = run.statement;
    this.putOff.add(run);
    run.ended();
    if (run.exceeds || facts.kind === 'transaction') {
      this.supersede(release);
      closeDone(run, release);
    } else if (facts.readOnly && this.#last?.statement.facts.readOnly === false) {
      closeDone(run, release);
    } else {
      this.supersede(release);
      this.#last = run;
    }
  }

  /** Another statement's record will tell how the transaction ends. */
  supersede(release: Release): void {
    if (this.#last !== null) closeDone(this.#last, release);
    this.#last = null;
    this.#undone = null;
  }

  /** An error has undone it; the first one counts. */
  undo(end: End): void {
    this.#undone ??= end;
  }

  /** What has undone it stands in its record. */
  closeUndone(release: Release): void {
    if (this.#last === null || this.#undone === null) return;
    const { status, sqlState } = this.#undone;
    release.barriers.push(this.#last.close(status, sqlState));
    this.#last = null;
  }

  /** A pipeline has ended. Inside of a transaction block another statement will tell what becomes of it. */
  conclude(status: TransactionStatus, release: Release): void {
    if (status === 'idle') {
      this.putOff.clear();
      this.closeUndone(release);
    }
    this.supersede(release);
  }

  /** Nobody will tell how it ended. */
  async lose(): Promise<void> {
    const closed = this.#last?.close('lost', null);
    this.#last = null;
    await closed;
  }
}

function closeDone(run: Run, release: Release): void {
  const closed = run.exceeds ? run.close('failed', TOO_MANY_ROWS) : run.close('done', null);
  release.barriers.push(closed);
}
