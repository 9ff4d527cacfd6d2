import { readFileSync, writeFileSync } from 'node:fs';

/** Resident memory (RSS) in MB: before, and by how much more it was at its peak. */
export type MemoryResult = { startedMegabytes: number; grownMegabytes: number };

/**
 * Watches a process from now on; calling the result tells what it had then and by how much it grew at its peak.
 * The kernel keeps the peak (Linux, proc_pid_status(5) `VmHWM`), so that none is missed between two looks.
 */
export function watchMemory(pid: number): () => MemoryResult {
  // 5 sets the peak back to what is resident now (proc_pid_clear_refs(5)).
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const startedMegabytes = megabytes(pid, 'VmRSS');
  return () => ({ startedMegabytes, grownMegabytes: megabytes(pid, 'VmHWM') - startedMegabytes });
}

function megabytes(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1]) / 1024;
}
