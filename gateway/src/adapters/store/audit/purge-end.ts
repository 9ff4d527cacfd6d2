import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { SluiceError } from '../../../../contract/error.ts';
import { SessionId } from '../../../../contract/ids.ts';
import { isSafeName, recordingFile } from '../../recordings/recording-file.ts';
import { syncFolder } from '../durable-file.ts';
import { ForgottenWords } from '../search/forgotten-words.ts';
import { FreePages } from './free-pages.ts';

/** The document that is there from a purge's first transaction to its end. */
const COLLECTION = 'audit-purge';
const KEY = 'unfinished';

export const Recording = z.object({
  session: SessionId.refine(isSafeName, 'leads out of the folder of recordings'),
  terminal: z.int().positive(),
});
export type Recording = z.infer<typeof Recording>;

const Row = z.object({ value: z.string() }).optional();
const Unfinished = z.object({ recordings: z.array(Recording) });

/**
 * Recordings that the log says a purge has deleted, and whose files that purge, which is under way or was interrupted, may
 * not have come to yet. Null where no purge is unfinished.
 *
 * @throws SluiceError `store.corrupt` where no gateway wrote that: its files would be deleted
 */
export function unfinishedPurge(raw: DatabaseSync): Recording[] | null {
  const query = 'select value from documents where collection = ? and key = ?';
  const row = Row.parse(raw.prepare(query).get(COLLECTION, KEY));
  if (row === undefined) return null;
  try {
    return Unfinished.parse(JSON.parse(row.value)).recordings;
  } catch (cause) {
    throw new SluiceError(
      'store.corrupt',
      'What a purge that was cut off still has to delete is not as gateways write it: somebody changed the database.',
      'Keep the folder for examination, and start with a copy from your backup.',
      { cause },
    );
  }
}

/**
 * What is left to do once a purge took contents out of the log: files of recordings, words of the search, free pages. That
 * it is left stands in the database, for what was interrupted is brought to its end by the next start or purge.
 */
export class PurgeEnd {
  readonly #raw: DatabaseSync;
  readonly #dir: string;
  #words: ForgottenWords | null = null;
  /** Once there are no more words. */
  #pages: FreePages | null = null;
  #isOver = false;

  constructor({ raw, dir }: { raw: DatabaseSync; dir: string }) {
    this.#raw = raw;
    this.#dir = dir;
  }

  get isDue(): boolean {
    return unfinishedPurge(this.#raw) !== null;
  }

  /** In the transaction that takes contents out. */
  note(recordings: readonly Recording[]): void {
    const before = unfinishedPurge(this.#raw) ?? [];
    const left = before.filter((recording) => existsSync(recordingFile(this.#dir, recording)));
    const value = JSON.stringify({ recordings: [...left, ...recordings] });
    this.#raw
      .prepare('insert or replace into documents (collection, key, value) values (?, ?, ?)')
      .run(COLLECTION, KEY, value);
  }

  /** Once that transaction has ended. */
  deleteRecordings(): void {
    const recordings = unfinishedPurge(this.#raw) ?? [];
    for (const recording of recordings) rmSync(recordingFile(this.#dir, recording), { force: true });
    const folder = join(this.#dir, 'recordings');
    if (recordings.length > 0 && existsSync(folder)) syncFolder(folder);
  }

  /** Does one step, and says whether there is more. */
  next(): boolean {
    if (this.#isOver || !this.isDue) return false;
    if (this.#words === null) this.deleteRecordings();
    this.#words ??= new ForgottenWords(this.#raw);
    if (this.#pages === null && this.#words.next()) return true;
    this.#pages ??= new FreePages(this.#raw);
    this.#isOver = !this.#pages.next();
    return !this.#isOver;
  }

  /** Nothing of what was taken is left anywhere. */
  done(): void {
    this.#raw.prepare('delete from documents where collection = ? and key = ?').run(COLLECTION, KEY);
  }
}
