import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { assertNever } from '../../../contract/assert-never.ts';
import { answer } from './answer.ts';
import { type Database, openDatabase } from './database.ts';
import { asError } from './failure.ts';
import { Importer } from './importer.ts';
import type { Ask, FromStore, ToStore } from './messages.ts';
import { forgetExpired, recover } from './recover.ts';

/** The store's thread: it alone touches the database. */

const HOUR_MS = 3_600_000;

const { dir, now, segmentBytes } = z
  .object({ dir: z.string(), now: z.date(), segmentBytes: z.int().positive() })
  .parse(workerData);

function tell(message: FromStore): void {
  parentPort?.postMessage(message);
}

function serve(database: Database, importer: Importer, message: ToStore): void {
  switch (message.type) {
    case 'import':
      importer.runUpTo(message.upTo);
      tell({ type: 'imported', segment: importer.segment });
      return;
    case 'ask':
      // What was acknowledged is in the journal, and a reader must see it.
      if (message.ask.type === 'records') importer.run();
      answer(database.kysely, message.ask).then(
        (found) => tell({ type: 'answer', id: message.id, answer: found }),
        (error: unknown) => refuse(message.id, message.ask, error),
      );
      return;
    case 'close':
      importer.run();
      importer.close();
      database.close();
      parentPort?.close();
      return;
    default:
      assertNever(message);
  }
}

function refuse(id: number, { type }: Ask, error: unknown): void {
  if (CHANGES.has(type)) end(error);
  else tell({ type: 'refused', id, error: asError(dir, error).toBody() });
}

const CHANGES: ReadonlySet<Ask['type']> = new Set(['put', 'delete', 'take']);

/** After a failed write nobody knows what is on disk: the store ends, and the next start recovers it. */
function end(error: unknown): void {
  tell({ type: 'broken', error: asError(dir, error).toBody() });
  parentPort?.close();
}

try {
  const database = await openDatabase(dir);
  const importer = new Importer(database.raw, dir, segmentBytes);
  importer.run();
  recover(database.raw);
  importer.beginSegment();
  forgetExpired(database.raw, now);
  setInterval(() => forgetExpired(database.raw, new Date()), HOUR_MS).unref();
  parentPort?.on('message', (message: ToStore) => {
    try {
      serve(database, importer, message);
    } catch (error) {
      end(error);
    }
  });
  tell({ type: 'ready', segment: importer.segment });
} catch (error) {
  end(error);
}
