import { parseArgs } from 'node:util';
import { fuzz } from '../gateway/src/wire/postgres/testing/fuzz.ts';

const RUNS_PER_ROUND = 2000;
const USAGE = 'Usage: npm run fuzz -- [--seconds 60] [--seed NUMBER]';

/** Fuzzes the PostgreSQL codecs for a while. The seed is printed: the same one finds the same failure first. */
function main(): void {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
  const seconds = Number(values.seconds ?? 60);
  const seed = Number(values.seed ?? Date.now() % 0x7fffffff);
  if (!Number.isFinite(seconds) || !Number.isInteger(seed)) throw new Error(USAGE);
  console.log(`fuzz-wire: seed ${seed}, ${seconds} s`);
  const end = performance.now() + seconds * 1000;
  let rounds = 0;
  do {
    fuzz(seed + rounds, RUNS_PER_ROUND);
    rounds += 1;
  } while (performance.now() < end);
  console.log(`fuzz-wire: ${rounds * RUNS_PER_ROUND} runs of each property, nothing found`);
}

main();
