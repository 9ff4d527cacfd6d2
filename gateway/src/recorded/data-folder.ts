import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SluiceError } from '../../contract/error.ts';
import type { RecordLines } from '../core/policy/replay/replay.ts';

const BATCH = 1000;

/**
 * The actions of a gateway's data folder, oldest first, in batches. It may be in use: what the gateway has not taken into
 * its log yet isn't there.
 *
 * @throws SluiceError `store.corrupt` where the folder holds no records
 */
export async function* dataFolderLines(folder: string): RecordLines {
  const file = join(folder, 'sluice.db');
  if (!existsSync(file)) throw notAStore(folder);
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database
      .prepare("select body from log where kind in ('opened', 'kept') order by seq")
      .iterate();
    let batch: string[] = [];
    for (const { body } of rows) {
      // A body that was purged is gone.
      if (typeof body === 'string' && body !== '') batch.push(body);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  } catch (cause) {
    throw notAStore(folder, cause);
  } finally {
    database.close();
  }
}

function notAStore(folder: string, cause?: unknown): SluiceError {
  return new SluiceError(
    'store.corrupt',
    `${folder} is no data folder with records that can be read${cause instanceof Error ? `: ${cause.message}` : ''}.`,
    'Name the folder that the configuration calls dataDir.',
    { cause },
  );
}
