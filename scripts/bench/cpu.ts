import { readFileSync } from 'node:fs';

/** `CLK_TCK` of Linux on every architecture. */
const TICKS_PER_SECOND = 100;

/** CPU time that a process has used so far, all its threads, in seconds. 0 for none. */
export function cpuSeconds(pid: number | null): number {
  if (pid === null) return 0;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field, the program's name in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
