import { encode } from '../../gateway/src/wire/postgres/index.ts';
import type { Route } from '../../test/interop/lab/lab.ts';
import { openRaw } from '../../test/interop/lab/raw-session.ts';
import { cpuSeconds } from './cpu.ts';
import { type MemoryResult, watchMemory } from './memory.ts';
import type { BenchPath } from './paths.ts';

export const MILLION = 1_000_000;
const WIDE_ROWS = 200_000;

/** A statement that gives many rows. `leastBytes`: fewer that arrive, masked or not, are a failure. */
export type ManyRows = { name: string; sql: string; rows: number; leastBytes: number };

export const WIDE: ManyRows = {
  name: '200,000 wide rows',
  sql: 'select * from wide',
  rows: WIDE_ROWS,
  leastBytes: WIDE_ROWS * 700,
};
export const MILLION_WIDE: ManyRows = {
  name: 'a million wide rows',
  sql: `select wide.* from wide, generate_series(1, ${MILLION / WIDE_ROWS})`,
  rows: MILLION,
  leastBytes: MILLION * 700,
};
/** As wide as the click stream of the sample shop. */
export const MILLION_NARROW: ManyRows = {
  name: 'a million narrow rows',
  sql: 'select * from long',
  rows: MILLION,
  leastBytes: MILLION * 40,
};

export type RowsResult = { megabytesPerSecond: number; seconds: number; cpuSeconds: number };

/** Wide rows have ten columns and about 1 KB each; narrow ones four columns and about 60 bytes. */
export async function fillManyRows(route: Route): Promise<void> {
  const columns = Array.from(
    { length: 8 },
    (_, index) => `rpad(md5((i * 8 + ${index})::text), 120, 'x') as c${index}`,
  );
  const session = await openRaw(route);
  await session.query('drop table if exists wide, long');
  await session.query(
    `create table wide as select i as id, now() as made, ${columns.join(', ')} from generate_series(1, ${WIDE_ROWS}) i`,
  );
  await session.query(
    `create table long as select i as id, i % 1000 as customer_id, '/page/' || i % 8 as path, now() + make_interval(secs => i) as viewed_at from generate_series(1, ${MILLION}) i`,
  );
  await session.query('vacuum analyze wide, long');
  await session.close();
}

/** Reads them all with a client that only counts bytes. */
export async function readRows(path: BenchPath, { sql, leastBytes }: ManyRows): Promise<RowsResult> {
  const session = await openRaw(path.route);
  await session.query('select 1');
  const cpuBefore = cpuSeconds(path.pid);
  const start = performance.now();
  let bytes = 0;
  const { socket } = session;
  await new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (chunk.at(-1) === 0x49 && chunk.at(-6) === 0x5a) resolve();
    });
    socket.on('close', () => reject(new Error(`${path.name}: closed after ${bytes} bytes`)));
    session.send(encode({ type: 'query', query: sql }));
  });
  const seconds = (performance.now() - start) / 1000;
  if (bytes < leastBytes) throw new Error(`${path.name}: only ${bytes} bytes came`);
  const cpu = cpuSeconds(path.pid) - cpuBefore;
  socket.destroy();
  return { seconds, cpuSeconds: cpu, megabytesPerSecond: bytes / 1e6 / seconds };
}

/** How much the resident memory of the process in between grows while a million wide rows pass. */
export async function memoryOfRows(path: BenchPath): Promise<MemoryResult | null> {
  if (path.pid === null) return null;
  const stop = watchMemory(path.pid);
  await readRows(path, MILLION_WIDE);
  return stop();
}
