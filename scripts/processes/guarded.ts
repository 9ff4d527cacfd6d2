import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { Socket } from 'node:net';

export type GuardedOptions = Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> & {
  /** What ends the program properly: PostgreSQL's fast shutdown is SIGINT. */
  stopSignal?: 'TERM' | 'INT';
};

const INSIST_AFTER_S = 15;

/**
 * The guard: runs the program, and sends it the signal when descriptor 3 closes, which the kernel sees to even when
 * this process is killed outright; a deaf one is killed later. Caught signals keep it waiting for the program's own end.
 * The watcher holds none of the program's output open, or whoever reads it would wait for the watcher too; it is
 * killed outright, for it still has this shell's traps in the moment after its birth.
 */
const guard = `
trap : HUP INT TERM
signal=$1; shift
"$@" 3<&- & program=$!
{
  read -r _; kill -s "$signal" "$program"; waited=0
  while [ "$waited" -lt ${INSIST_AFTER_S} ] && kill -0 "$program"; do sleep 1; waited=$((waited + 1)); done
  kill -s KILL "$program"
} <&3 >/dev/null 2>&1 & watcher=$!
wait "$program"; code=$?
while kill -0 "$program" 2>/dev/null; do wait "$program"; code=$?; done
kill -s KILL "$watcher" 2>/dev/null
exit "$code"
`;

/** Starts a program that never outlives this process, in a process group of its own. Output is piped. */
export function spawnGuarded(
  argv: readonly [string, ...string[]],
  options: GuardedOptions = {},
): ChildProcess {
  const { stopSignal = 'TERM', ...rest } = options;
  const child = spawn('/bin/sh', ['-c', guard, 'guard', stopSignal, ...argv], {
    ...rest,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const leash = child.stdio[3];
  // The program may end first, and then the leash is cut at its end.
  leash?.on('error', () => undefined);
  if (leash instanceof Socket) leash.unref();
  return child;
}

/** Lets go of the program's leash: it ends by its stop signal. */
export function releaseGuarded(child: ChildProcess): void {
  child.stdio[3]?.destroy();
}
