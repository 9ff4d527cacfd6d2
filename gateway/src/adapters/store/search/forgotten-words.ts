import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** Pages that one step writes: what waits meanwhile waits no longer than this takes. */
const PAGES = 500;

const Changes = z.object({ count: z.int() });

/**
 * Takes the words of records that were purged out of the file: until its parts are merged FTS5 only marks them as gone.
 * In steps; freed pages are overwritten.
 */
export class ForgottenWords {
  readonly #raw: DatabaseSync;
  readonly #merge;
  readonly #changes;
  #isBegun = false;

  constructor(raw: DatabaseSync) {
    this.#raw = raw;
    this.#merge = raw.prepare(`insert into searched_words (searched_words, rank) values ('merge', ?)`);
    this.#changes = raw.prepare('select total_changes() as count');
  }

  /** Whether there is more to do. */
  next(): boolean {
    const before = this.#count();
    this.#raw.exec('pragma secure_delete = on; begin immediate');
    // A negative number begins to merge everything, the others go on with it (FTS5, section 6.8).
    this.#merge.run(this.#isBegun ? PAGES : -PAGES);
    this.#raw.exec('commit; pragma secure_delete = fast');
    this.#isBegun = true;
    return this.#count() - before >= 2;
  }

  #count(): number {
    return Changes.parse(this.#changes.get()).count;
  }
}
