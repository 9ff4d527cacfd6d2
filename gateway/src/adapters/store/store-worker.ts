import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { assertNever } from '../../../contract/assert-never.ts';
import { MACHINE_CLOCK } from '../../core/approvals/clock.ts';
import { continueRecordIds } from '../../core/flow/record-id.ts';
import { answer } from './answer.ts';
import { AuditDesk } from './audit/audit-desk.ts';
import { CHECKPOINT_EVERY_MS, Checkpoints } from './audit/checkpoints.ts';
import { type PurgeOrder, PurgeRefused } from './audit/purge.ts';
import { keepRetention } from './audit/retention.ts';
import { RetentionClock } from './audit/retention-clock.ts';
import { TreeLog } from './audit/tree-log.ts';
import { type Database, openDatabase } from './database.ts';
import { asError } from './failure.ts';
import { Importer } from './importer.ts';
import type { Answer, Ask, FromStore, ToStore } from './messages.ts';
import { newestIdMs } from './newest-id.ts';
import { forgetExpired, recover } from './recover.ts';

/** The store's thread: it alone touches the database. */

const HOUR_MS = 3_600_000;

const { dir, now, segmentBytes, retentionDays } = z
  .object({
    dir: z.string(),
    now: z.date(),
    segmentBytes: z.int().positive(),
    retentionDays: z.int().positive().nullable(),
  })
  .parse(workerData);

function tell(message: FromStore): void {
  parentPort?.postMessage(message);
}

type Parts = {
  database: Database;
  importer: Importer;
  checkpoints: Checkpoints;
  desk: AuditDesk;
  retention: RetentionClock | null;
};

function serve(parts: Parts, message: ToStore): void {
  const { database, importer, checkpoints, desk } = parts;
  switch (message.type) {
    case 'import':
      importer.runUpTo(message.upTo);
      tell({ type: 'imported', segment: importer.segment });
      return;
    case 'ask':
      // What was acknowledged is in the journal, and a reader must see it.
      if (READS_LOG.has(message.ask.type)) importer.run();
      answered(parts, message.ask).then(
        (found) => tell({ type: 'answer', id: message.id, answer: found }),
        (error: unknown) => refuse(message.id, message.ask, error),
      );
      return;
    case 'close':
      desk.close();
      importer.run();
      checkpoints.catchUp();
      importer.close();
      database.close();
      parentPort?.close();
      return;
    default:
      assertNever(message);
  }
}

async function answered({ database, desk, retention }: Parts, ask: Ask): Promise<Answer> {
  if (ask.type === 'rotateKey' || ask.type === 'purge' || ask.type === 'checkpoint') {
    const text = await desk.do(ask);
    if (ask.type === 'purge') retention?.purgedByHand(ask.order.beforeMs, Date.now());
    return { records: [], documents: [], text };
  }
  return answer(database.kysely, ask);
}

function refuse(id: number, { type }: Ask, error: unknown): void {
  if (CHANGES.has(type) && !(error instanceof PurgeRefused)) end(error);
  else tell({ type: 'refused', id, error: asError(dir, error).toBody() });
}

const CHANGES: ReadonlySet<Ask['type']> = new Set([
  'put',
  'delete',
  'take',
  'rotateKey',
  'purge',
  'checkpoint',
]);

const READS_LOG: ReadonlySet<Ask['type']> = new Set(['records', 'rotateKey', 'purge', 'checkpoint']);

/** After a failed write nobody knows what is on disk: the store ends, and the next start recovers it. */
function end(error: unknown): void {
  tell({ type: 'broken', error: asError(dir, error).toBody() });
  parentPort?.close();
}

function orEnd(work: () => void): void {
  try {
    work();
  } catch (error) {
    end(error);
  }
}

function retentionOf(
  days: number,
  raw: Database['raw'],
  desk: AuditDesk,
  newestMs: number | null,
): RetentionClock {
  const trusted = new RetentionClock({ raw, days, newestMs });
  keepRetention({
    days,
    clock: MACHINE_CLOCK,
    trusted,
    purge: (order: PurgeOrder) => desk.purge(order),
    tell: (line) => tell({ type: 'told', line }),
    onFailure: end,
  });
  return trusted;
}

try {
  const database = await openDatabase(dir);
  const { raw } = database;
  // Before this run has made any.
  const earlierMs = newestIdMs(raw);
  if (earlierMs !== null) continueRecordIds(earlierMs);
  const log = new TreeLog(raw);
  const checkpoints = new Checkpoints({
    raw,
    dir,
    log,
    nowMs: Date.now,
    onSigned: (checkpoint) => tell({ type: 'signed', checkpoint }),
  });
  const desk = new AuditDesk({ raw, dir, log, checkpoints });
  const importer = new Importer({ raw, dir, segmentBytes, log, checkpoints });
  importer.run();
  // In a new log there is nothing but what this run itself began it with.
  const newestMs = earlierMs === null ? null : newestIdMs(raw);
  if (newestMs !== null) continueRecordIds(newestMs);
  recover(raw, log);
  importer.beginSegment();
  checkpoints.catchUp();
  forgetExpired(database.raw, now);
  setInterval(() => forgetExpired(database.raw, new Date()), HOUR_MS).unref();
  desk.resume().catch(end);
  const retention = retentionDays === null ? null : retentionOf(retentionDays, raw, desk, earlierMs);
  setInterval(() => orEnd(() => checkpoints.catchUp()), CHECKPOINT_EVERY_MS).unref();
  parentPort?.on('message', (message: ToStore) => {
    orEnd(() => serve({ database, importer, checkpoints, desk, retention }, message));
  });
  tell({ type: 'ready', segment: importer.segment, newestMs });
} catch (error) {
  end(error);
}
