import { encode } from '../../gateway/src/wire/postgres/index.ts';
import type { Route } from '../../test/interop/lab/lab.ts';
import { openRaw } from '../../test/interop/lab/raw-session.ts';
import { cpuSeconds } from './cpu.ts';
import type { BenchPath } from './paths.ts';

export const WIDE_ROWS = 200_000;
export type WideResult = { megabytesPerSecond: number; seconds: number; cpuSeconds: number };

/** 200,000 rows of ten columns, about 1 KB each. */
export async function fillWideRows(route: Route): Promise<void> {
  const columns = Array.from(
    { length: 8 },
    (_, index) => `rpad(md5((i * 8 + ${index})::text), 120, 'x') as c${index}`,
  );
  const session = await openRaw(route);
  await session.query('drop table if exists wide');
  await session.query(
    `create table wide as select i as id, now() as made, ${columns.join(', ')} from generate_series(1, ${WIDE_ROWS}) i`,
  );
  await session.query('vacuum analyze wide');
  await session.close();
}

/** Reads them all with a client that only counts. */
export async function readWideRows(path: BenchPath, times = 1): Promise<WideResult> {
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
    session.send(encode({ type: 'query', query: queryOf(times) }));
  });
  const seconds = (performance.now() - start) / 1000;
  if (bytes < WIDE_ROWS * times * 900) throw new Error(`${path.name}: only ${bytes} bytes came`);
  const cpu = cpuSeconds(path.pid) - cpuBefore;
  socket.destroy();
  return { seconds, cpuSeconds: cpu, megabytesPerSecond: bytes / 1e6 / seconds };
}

function queryOf(times: number): string {
  return times === 1 ? 'select * from wide' : `select wide.* from wide, generate_series(1, ${times})`;
}
