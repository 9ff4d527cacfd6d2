import { readdirSync, readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;

/** Resident memory in bytes of the one process below this one whose command line matches, on Linux. */
export function residentBytes(commandLine: RegExp): number {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => [pid, parentOf(pid)]),
  );
  // Others on this machine may run the same programs.
  const isOurs = (pid: string): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === String(process.pid) || isOurs(parent));
  };
  const found = [...parents.keys()]
    .filter((pid) => commandLine.test(fileOf(pid, 'cmdline').replaceAll('\0', ' ')))
    .filter(isOurs);
  const pages = found.map((pid) => Number(fileOf(pid, 'statm').split(' ')[1]));
  if (pages.length === 0) throw new Error(`No process matches ${commandLine}.`);
  return Math.max(...pages) * PAGE_BYTES;
}

/** The fourth field of /proc/PID/stat; the second, the program's name in parentheses, may hold anything. */
function parentOf(pid: string): string {
  const stat = fileOf(pid, 'stat');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '';
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
