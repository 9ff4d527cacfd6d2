import { RecordId } from '../../../contract/ids.ts';
import { newRecordId } from '../../core/flow/record-id.ts';
import { aRecord } from './a-record.fixture.ts';
import { openStore } from './store.ts';

/**
 * For the crash and full disk tests, run as `node crash.fixture.ts DIR`: records actions one after the other
 * in 16 lanes and prints what was acknowledged, until it is killed or nothing can be kept any more.
 */
const LANES = 16;
const [dir = ''] = process.argv.slice(2);
const done = { status: 'done', sqlState: null, rows: 1, bytes: 10, durationMs: 1 } as const;

// Small segments, so that the journal's files take turns while it is killed.
const store = await openStore({ dir, segmentBytes: 64 * 1024 });
try {
  await Promise.all(Array.from({ length: LANES }, lane));
} catch (error) {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : String(error);
  process.stdout.write(`refused ${String(code)}\n`);
}
await store.close();

async function lane(): Promise<never> {
  for (;;) {
    const id = RecordId.parse(newRecordId(new Date()));
    const { outcome: _, ...record } = aRecord(0, { id });
    await store.recorder.open(record).durable();
    process.stdout.write(`opened ${id}\n`);
    await store.documents.put('crash', id, id);
    process.stdout.write(`put ${id}\n`);
    await store.recorder.close(id, done);
    process.stdout.write(`closed ${id}\n`);
  }
}
