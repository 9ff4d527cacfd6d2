import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { seeded } from '../../gateway/src/adapters/store/seeded.fixture.ts';
import { Follower } from './follow.ts';
import { live, type Moment } from './life.ts';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
/** Of so many lives one changes keys and purges, and one is killed before it is ready. */
const CHANGE_EVERY = 5;
const EARLY_EVERY = 4;
const MAX_LOAD_MS = 80;
const FIRST_START_MS = 500;

export type KillPoints = {
  points: number;
  early: number;
  records: number;
  acknowledged: number;
  elapsedMs: number;
};

/**
 * Kills a store under load at as many moments, in lanes of which each has a folder of its own, and starts it again.
 * @throws Error when something that was acknowledged is gone, a log does not verify, or a start needs a hand
 */
export async function killPoints(options: {
  points: number;
  seed: number;
  lanes: number;
  tell?: (line: string) => void;
}): Promise<KillPoints> {
  const { points, seed, lanes, tell = () => undefined } = options;
  const root = mkdtempSync(join(tmpdir(), 'sluice-kill-points-'));
  const startedMs = performance.now();
  const script = await bundled(root);
  const each = Array.from({ length: lanes }, (_, lane) =>
    killLane(script, join(root, `lane-${lane}`), Math.ceil(points / lanes), seeded(seed + lane), tell),
  );
  const totals = await Promise.all(each).catch((cause: unknown) => {
    throw new Error(`What was found wrong is kept in ${root}.`, { cause });
  });
  rmSync(root, { recursive: true, force: true });
  const sum = (of: (one: (typeof totals)[number]) => number) => totals.reduce((all, one) => all + of(one), 0);
  return {
    points: sum((one) => one.points),
    early: sum((one) => one.early),
    records: sum((one) => one.records),
    acknowledged: sum((one) => one.acknowledged),
    elapsedMs: performance.now() - startedMs,
  };
}

async function killLane(
  script: string,
  dir: string,
  points: number,
  random: () => number,
  tell: (line: string) => void,
) {
  const follower = new Follower(dir);
  let pending: string[] = [];
  let [acknowledged, early] = [0, 0];
  let usualStartMs = FIRST_START_MS;
  const check = () => {
    follower.read();
    const missing = follower.missing(pending);
    if (missing.length > 0) throw new Error(`acknowledged, and gone: ${missing.join(', ')}`);
    pending = [];
  };
  for (let point = 0; point < points; point++) {
    const moment = momentOf(point, random, usualStartMs);
    const args = point % CHANGE_EVERY === CHANGE_EVERY - 1 ? [dir, 'change'] : [dir];
    let wrong: unknown = null;
    const life = await live(script, args, moment, () => {
      try {
        check();
      } catch (error) {
        wrong = error;
      }
    });
    if (wrong !== null) throw wrong;
    if (life.startMs === null) early += 1;
    else usualStartMs = life.startMs;
    pending.push(...life.acknowledged);
    acknowledged += life.acknowledged.length;
    if ((point + 1) % 100 === 0) tell(`${point + 1} of ${points} points, ${follower.size} entries`);
  }
  // What the last one left is taken over by one more start.
  await live(script, [dir], { after: 'ready', ms: 0 }, check);
  follower.readAll();
  return { points, early, records: follower.size, acknowledged };
}

function momentOf(point: number, random: () => number, usualStartMs: number): Moment {
  if (point % EARLY_EVERY === EARLY_EVERY - 1) return { after: 'birth', ms: random() * usualStartMs };
  return { after: 'ready', ms: random() * MAX_LOAD_MS };
}

/** One file each for the child and the store's thread: starting takes a fraction of the time. */
async function bundled(root: string): Promise<string> {
  await build({
    entryPoints: {
      child: here('./child.ts'),
      'store-worker': here('../../gateway/src/adapters/store/store-worker.ts'),
    },
    outdir: root,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'error',
  });
  return join(root, 'child.mjs');
}
