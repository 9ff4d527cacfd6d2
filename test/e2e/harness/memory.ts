import { readdirSync, readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;

/** Resident memory in bytes of the one process whose command line matches, on Linux. */
export function residentBytes(commandLine: RegExp): number {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandLine.test(fileOf(pid, 'cmdline').replaceAll('\0', ' ')));
  const pages = found.map((pid) => Number(fileOf(pid, 'statm').split(' ')[1]));
  if (pages.length === 0) throw new Error(`No process matches ${commandLine}.`);
  return Math.max(...pages) * PAGE_BYTES;
}

/** Watches a process until `stop()`, which returns by how much it grew at most, in bytes. */
export function watchGrowth(commandLine: RegExp): { stop(): number } {
  const before = residentBytes(commandLine);
  let most = before;
  const clock = setInterval(() => {
    most = Math.max(most, residentBytes(commandLine));
  }, 100);
  return {
    stop() {
      clearInterval(clock);
      return most - before;
    },
  };
}

function fileOf(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // The process has ended since the listing.
    return '';
  }
}
