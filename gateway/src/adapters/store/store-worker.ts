import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { assertNever } from '../../../contract/assert-never.ts';
import { type Database, openDatabase } from './database.ts';
import { asError } from './failure.ts';
import type { FromStore, ToStore } from './messages.ts';
import { answer } from './reader.ts';
import { forgetExpired, recover } from './recover.ts';
import { Writer } from './writer.ts';

/** The store's thread: it alone touches the database, so that an fsync never holds up the gateway. */

const HOUR_MS = 3_600_000;

const { dir, now } = z.object({ dir: z.string(), now: z.date() }).parse(workerData);

function tell(message: FromStore): void {
  parentPort?.postMessage(message);
}

function serve(database: Database, writer: Writer, message: ToStore): void {
  switch (message.type) {
    case 'write':
      writer.commit(message.writes);
      tell({ type: 'written' });
      return;
    case 'ask':
      answer(database.kysely, message.ask).then(
        (found) => tell({ type: 'answer', id: message.id, answer: found }),
        (error: unknown) => tell({ type: 'refused', id: message.id, error: asError(dir, error).toBody() }),
      );
      return;
    case 'close':
      database.close();
      parentPort?.close();
      return;
    default:
      assertNever(message);
  }
}

/** After a failed write nobody knows what is on disk: the store ends, and the next start recovers it. */
function end(error: unknown): void {
  tell({ type: 'broken', error: asError(dir, error).toBody() });
  parentPort?.close();
}

try {
  const database = await openDatabase(dir);
  recover(database.raw);
  forgetExpired(database.raw, now);
  setInterval(() => forgetExpired(database.raw, new Date()), HOUR_MS).unref();
  const writer = new Writer(database.raw);
  parentPort?.on('message', (message: ToStore) => {
    try {
      serve(database, writer, message);
    } catch (error) {
      end(error);
    }
  });
  tell({ type: 'ready' });
} catch (error) {
  end(error);
}
