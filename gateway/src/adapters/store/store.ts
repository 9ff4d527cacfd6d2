import { mkdir } from 'node:fs/promises';
import type { SluiceError } from '../../../contract/error.ts';
import type { AuditControl } from '../../core/audit/audit-control.ts';
import type { Documents } from '../../core/documents/documents.ts';
import { continueRecordIds } from '../../core/flow/record-id.ts';
import type { Recorder, RecordReader } from '../../core/recording/recorder.ts';
import { asError } from './failure.ts';
import { SEGMENT_BYTES } from './journal/files.ts';
import { Journal } from './journal/journal.ts';
import type { AuditAsk } from './messages.ts';
import { RecordLog } from './record-log.ts';
import { StoredDocuments } from './stored-documents.ts';
import { WorkerLink } from './worker-link.ts';

export type StoreOptions = {
  /** The folder of the database; made when it isn't there. */
  dir: string;
  now?: () => Date;
  /** Called once, when nothing more can be kept. Every call from then on rejects with the same error. */
  onFailure?: (why: SluiceError) => void;
  /** What each of the journal's two files takes before the other one's turn. */
  segmentBytes?: number;
  /** After how many days the contents of records are purged. Absent: never. */
  retentionDays?: number;
  /** Told of every checkpoint, a signed note, once it is in the database. */
  onCheckpoint?: (checkpoint: string) => void;
  /** One sentence for whoever runs the gateway. */
  tell?: (line: string) => void;
  /** Writes of the journal that take longer, on average, send those that follow to another thread. */
  maxPauseMs?: number;
};

export type Store = {
  recorder: Recorder;
  records: RecordReader;
  documents: Documents;
  audit: AuditControl;
  /** Number of the log's newest row; 0 when there is none. */
  lastSeq(): Promise<number>;
  /** What waits to be written to the journal, and from there into the database. */
  lag(): Journal['lag'];
  /** Writes what waits, then closes the database. */
  close(): Promise<void>;
};

/**
 * Opens the embedded store: a journal that records are written to, and SQLite in a thread of its own that takes
 * them over. What an earlier process had running when it died is closed as `lost`.
 *
 * @throws SluiceError `record.unavailable` when the folder is in use or can't be written, `store.corrupt` when
 * the database is damaged
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dir, now = () => new Date(), onFailure, segmentBytes = SEGMENT_BYTES } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw asError(dir, error);
  });
  let journal: Journal | null = null;
  const link = new WorkerLink({
    dir,
    now: now(),
    segmentBytes,
    retentionDays: options.retentionDays ?? null,
    onCheckpoint: options.onCheckpoint ?? (() => undefined),
    tell: options.tell ?? (() => undefined),
    onFailure(why) {
      journal?.fail(why);
      onFailure?.(why);
    },
  });
  const { segment, newestMs } = await link.ready();
  if (newestMs !== null) continueRecordIds(newestMs);
  try {
    journal = new Journal({
      dir,
      segment,
      segmentBytes,
      ...(options.maxPauseMs === undefined ? {} : { maxPauseMs: options.maxPauseMs }),
      importUpTo: (position) => link.importUpTo(position),
      fail: (why) => link.fail(why),
    });
  } catch (error) {
    await link.close();
    throw asError(dir, error);
  }
  return opened(journal, link, now);
}

function opened(journal: Journal, link: WorkerLink, now: () => Date): Store {
  const log = new RecordLog(journal, link);
  return {
    recorder: log,
    records: log,
    documents: new StoredDocuments(link, now),
    audit: auditControl(link),
    lastSeq: async () => (await link.ask({ type: 'lastSeq' })).last ?? 0,
    lag: () => journal.lag,
    async close() {
      await journal.close();
      await link.close();
    },
  };
}

function auditControl(link: WorkerLink): AuditControl {
  const text = async (ask: AuditAsk) => (await link.ask(ask)).text ?? '';
  return {
    rotateKey: (by) => text({ type: 'rotateKey', by }),
    checkpoint: () => text({ type: 'checkpoint' }),
    purge: async ({ before, reason, by }) =>
      Number(await text({ type: 'purge', order: { beforeMs: before.getTime(), reason, by } })),
  };
}
