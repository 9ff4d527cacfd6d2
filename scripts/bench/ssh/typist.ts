import { spawn } from 'node:child_process';

export type Typist = {
  /** From a key that is struck to its letter on the screen. */
  echoMs(): Promise<number>;
  kill(): void;
};

/** A terminal in which `cat` runs. */
export async function openTypist(words: readonly string[]): Promise<Typist> {
  const [program = 'ssh', ...rest] = words;
  const child = spawn(program, ['-tt', ...rest], { stdio: ['pipe', 'pipe', 'ignore'] });
  let shown = '';
  let look = () => {};
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    look();
  });
  const sees = (what: RegExp) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (what.test(shown)) resolve();
      };
      look();
    });
  const type = (keys: string) => {
    shown = '';
    child.stdin.write(keys);
  };
  await sees(/[$#]\S* $/);
  type('cat\r');
  await sees(/\n/);
  // What is typed comes back twice where cat runs: from the terminal, and from cat.
  type('warm\r');
  await sees(/warm[\s\S]*warm/);
  const echoMs = async () => {
    const startedMs = performance.now();
    type('x');
    await sees(/x/);
    return performance.now() - startedMs;
  };
  return { echoMs, kill: () => void child.kill('SIGKILL') };
}
