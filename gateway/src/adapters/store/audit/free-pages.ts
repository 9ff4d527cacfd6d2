import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** Pages that one step writes: what waits meanwhile waits no longer than this takes. */
const PAGES = 500;
/** An overflow page begins with the number of the next one (SQLite's file format, section 1.6). */
const POINTER_BYTES = 4;

const Free = z.object({ pages: z.int(), page_size: z.int() });

/**
 * Overwrites pages of the database that are free: what stood in them when they became so is still there. In steps: all of
 * them are taken by rows of zeros, and then given back.
 */
export class FreePages {
  readonly #raw: DatabaseSync;
  #isFull = false;

  constructor(raw: DatabaseSync) {
    this.#raw = raw;
    // Also there where a gateway died on its way.
    raw.exec('create table if not exists overwritten (bytes blob)');
  }

  /** Whether there is more to do. */
  next(): boolean {
    if (!this.#isFull) {
      this.#isFull = this.#fill();
      return true;
    }
    const row = 'select rowid from overwritten limit 1';
    if (this.#raw.prepare(`delete from overwritten where rowid = (${row})`).run().changes > 0) return true;
    this.#raw.exec('drop table overwritten');
    return false;
  }

  /** Whether none is free any more. */
  #fill(): boolean {
    const free = this.#raw
      .prepare('select freelist_count as pages, page_size from pragma_freelist_count, pragma_page_size')
      .get();
    const { pages, page_size } = Free.parse(free);
    if (pages === 0) return true;
    const bytes = Math.min(pages, PAGES) * (page_size - POINTER_BYTES);
    this.#raw.prepare('insert into overwritten (bytes) values (zeroblob(?))').run(bytes);
    return false;
  }
}
