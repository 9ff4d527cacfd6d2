import { mkdir } from 'node:fs/promises';
import type { SluiceError } from '../../../contract/error.ts';
import type { Documents } from '../../core/documents/documents.ts';
import type { Recorder, RecordReader } from '../../core/recording/recorder.ts';
import { asError } from './failure.ts';
import { RecordLog } from './record-log.ts';
import { StoredDocuments } from './stored-documents.ts';
import { WorkerLink } from './worker-link.ts';

export type StoreOptions = {
  /** The folder of the database; made when it isn't there. */
  dir: string;
  now?: () => Date;
  /** Called once, when nothing more can be kept. Every call from then on rejects with the same error. */
  onFailure?: (why: SluiceError) => void;
};

export type Store = {
  recorder: Recorder;
  records: RecordReader;
  documents: Documents;
  /** Writes what waits, then closes the database. */
  close(): Promise<void>;
};

/**
 * Opens the embedded store: SQLite in a thread of its own. What an earlier process had
 * running when it died is closed as `lost`.
 *
 * @throws SluiceError `record.unavailable` when the folder is in use or can't be written, `store.corrupt` when
 * the database is damaged
 */
export async function openStore({ dir, now = () => new Date(), onFailure }: StoreOptions): Promise<Store> {
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw asError(dir, error);
  });
  const link = new WorkerLink(dir, now(), onFailure ?? (() => undefined));
  await link.ready();
  const log = new RecordLog(link);
  return {
    recorder: log,
    records: log,
    documents: new StoredDocuments(link, now),
    close: () => link.close(),
  };
}
