import { readFileSync, writeFileSync } from 'node:fs';
import type { BenchPath } from './paths.ts';
import { readWideRows, WIDE_ROWS } from './wide-rows.ts';

const MILLION = 1_000_000;

export type MemoryResult = { startedMegabytes: number; grownMegabytes: number };

/** How much the resident memory of the process in between grows, at its peak, while a million rows pass. */
export async function readMillionRows(path: BenchPath): Promise<MemoryResult | null> {
  if (path.pid === null) return null;
  // 5 sets the peak back to what is resident now (Linux, proc_pid_clear_refs(5)).
  writeFileSync(`/proc/${path.pid}/clear_refs`, '5');
  const startedMegabytes = megabytes(path.pid, 'VmRSS');
  await readWideRows(path, MILLION / WIDE_ROWS);
  return { startedMegabytes, grownMegabytes: megabytes(path.pid, 'VmHWM') - startedMegabytes };
}

function megabytes(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1]) / 1024;
}
