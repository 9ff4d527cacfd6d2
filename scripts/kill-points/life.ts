import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** When to kill: so long after the birth, or so long after it said that it is ready. */
export type Moment = { after: 'birth' | 'ready'; ms: number };

/** What one start of the child has said, whole lines; `startMs` is null where it was not ready in time. */
export type Life = { acknowledged: string[]; startMs: number | null };

/** Starts the child, and kills it at a moment. `onReady` is called while it goes on working. */
export async function live(
  script: string,
  args: readonly string[],
  moment: Moment,
  onReady: () => void,
): Promise<Life> {
  const bornMs = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Compiled once: most of a start is that.
    env: { ...process.env, NODE_COMPILE_CACHE: `${script}.cache` },
  });
  const ended = once(child, 'close');
  let text = '';
  let startMs: number | null = null;
  const kill = () => child.kill('SIGKILL');
  if (moment.after === 'birth') setTimeout(kill, moment.ms);
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    text += chunk;
    if (startMs !== null || !text.includes('\n')) return;
    startMs = performance.now() - bornMs;
    if (moment.after === 'ready') setTimeout(kill, moment.ms);
    onReady();
  });
  const [code] = await ended;
  if (code !== null) throw new Error(`the child ended by itself, with ${code}: it could not start or go on`);
  // A line that was cut off acknowledged nothing.
  const acknowledged = text.split('\n').slice(1, -1);
  return { acknowledged, startMs };
}
