import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordId } from '../../gateway/contract/ids.ts';
import { aRecord } from '../../gateway/src/adapters/store/a-record.fixture.ts';
import { openStore, type Store } from '../../gateway/src/adapters/store/store.ts';
import { newRecordId } from '../../gateway/src/core/flow/record-id.ts';

const WRITERS = [1, 32, 256];
const WARM_UP_SECONDS = 1;
const done = { status: 'done', sqlState: null, rows: 3, bytes: 90, durationMs: 1.5 } as const;

/** What so many writers got on disk, each waiting for its record before the next. `cpuUs`: of the gateway's thread, a record. */
export type RecordsResult = {
  writers: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuUs: number;
};

/** Of all that was written: how many a second the store's thread hashed, signed and made searchable. */
export type RecordsBench = { results: RecordsResult[]; takenPerSecond: number };

/** Records a second that are on disk when they are acknowledged, and that the database then has, signed. */
export async function benchRecords(seconds: number): Promise<RecordsBench> {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const store = await openStore({ dir });
  const beganMs = performance.now();
  let count = 0;
  const counted = async (writers: number, forSeconds: number) => {
    const result = await written(store, writers, forSeconds);
    count += result.perSecond * forSeconds;
    return result;
  };
  let isOpen = true;
  try {
    await counted(32, WARM_UP_SECONDS);
    const results: RecordsResult[] = [];
    for (const writers of WRITERS) results.push(await counted(writers, seconds));
    isOpen = false;
    await store.close();
    return { results, takenPerSecond: (count * 1000) / (performance.now() - beganMs) };
  } finally {
    if (isOpen) await store.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function written({ recorder }: Store, writers: number, seconds: number): Promise<RecordsResult> {
  const tookMs: number[] = [];
  const beganMs = performance.now();
  const endMs = beganMs + seconds * 1000;
  const began = process.threadCpuUsage();
  const write = async () => {
    for (let atMs = performance.now(); atMs < endMs; ) {
      await recorder.keep(aRecord(1, { id: RecordId.parse(newRecordId(new Date())), outcome: done }));
      const nowMs = performance.now();
      tookMs.push(nowMs - atMs);
      atMs = nowMs;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  const elapsedS = (performance.now() - beganMs) / 1000;
  const { user, system } = process.threadCpuUsage(began);
  tookMs.sort((one, other) => one - other);
  const at = (part: number) => tookMs[Math.floor(tookMs.length * part)] ?? 0;
  const count = tookMs.length;
  return {
    writers,
    perSecond: count / elapsedS,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    cpuUs: (user + system) / count,
  };
}
