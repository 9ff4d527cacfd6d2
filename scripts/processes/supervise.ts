import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { releaseGuarded } from './guarded.ts';

/** A child process in a process group of its own. */
export type Running = {
  name: string;
  /** Settles when the process is gone, with why: "exit code 1", "signal SIGKILL". */
  exited: Promise<string>;
  /** Waits for a line that matches; throws with `explain(last lines)` when the process ends or time is up. */
  saying(
    pattern: RegExp,
    options: { timeoutMs: number; explain: (lastWords: string) => string },
  ): Promise<string>;
  /** Asks the whole group to end, insists after ten seconds, and waits. */
  stop(): Promise<void>;
};

const GRACE_MS = 10_000;
const KEPT_LINES = 20;

/**
 * Watches over a child of `spawnGuarded`: a terminal's Ctrl-C doesn't reach it, `stop()` does, and it never
 * outlives this process.
 */
export function superviseChild(name: string, child: ChildProcess, log: (line: string) => void): Running {
  const lastLines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lastLines.push(line);
      if (lastLines.length > KEPT_LINES) lastLines.shift();
      log(line);
      for (const listener of listeners) listener(line);
    });
  }
  const exited = new Promise<string>((settle) => {
    child.once('error', (error) => settle(error.message));
    child.once('close', (code, signal) => settle(signal ? `signal ${signal}` : `exit code ${code}`));
  });
  const killNow = () => signalGroup(child, 'SIGKILL');

  return {
    name,
    exited,
    saying(pattern, { timeoutMs, explain }) {
      return new Promise((settle, fail) => {
        const check = (line: string) => {
          if (!pattern.test(line)) return;
          finish();
          settle(line);
        };
        const giveUp = () => {
          finish();
          fail(new Error(explain(lastLines.join('\n'))));
        };
        const clock = setTimeout(giveUp, timeoutMs);
        const finish = () => {
          clearTimeout(clock);
          listeners.delete(check);
        };
        listeners.add(check);
        void exited.then(giveUp);
      });
    },
    async stop() {
      releaseGuarded(child);
      const insist = setTimeout(killNow, GRACE_MS);
      await exited;
      clearTimeout(insist);
      // What the child started may stay behind in its group.
      killNow();
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone, which is what was wanted.
  }
}

/** Resolves when this process is asked to end by Ctrl-C or a signal. Further ones are not heard while it stops. */
export function askedToStop(): Promise<NodeJS.Signals> {
  return new Promise((settle) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => settle(signal));
  });
}
