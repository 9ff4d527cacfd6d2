import { makeCase } from '../generator/cases.ts';
import { FOUND } from '../generator/found.ts';
import { Random } from '../generator/random.ts';
import type { Schema } from '../generator/schema.ts';
import { frame, type Script, simple } from '../generator/script.ts';
import type { Lab } from './lab.ts';
import type { CaseOutcome, Difference, Pair } from './pair.ts';

/** Cases that share sessions, and that begin with tidy databases. */
export const BLOCK_CASES = 200;

/** `again`: in how many of `triedAgain` further runs of its case there was one. A leak is there each time. */
export type Found = { index: number; script: Script; difference: Difference; again: number };

export type Summary = {
  seed: number;
  /** The case after the last one that was run. */
  nextIndex: number;
  statements: number;
  ways: Map<string, number>;
  endings: Map<string, number>;
  /** SQLSTATEs of errors. */
  codes: Map<string, number>;
  late: number;
  found: Found[];
  ms: { a: number[]; b: number[] };
  elapsedMs: number;
};

export type RunOptions = {
  seed: number;
  statements: number;
  /** First case; a multiple of BLOCK_CASES. */
  from?: number;
  /** Whether what was found before comes first; true when it isn't said. */
  repeatsFound?: boolean;
  /** Runs only cases with such a statement. */
  only?: RegExp;
  /** What was run before, in another lab: it is counted on. */
  after?: Summary;
  /** Stops once so many differences were found. */
  maxFound?: number;
  /** So many times a case with a difference is run again; 0 unless it is said. */
  triedAgain?: number;
  onFound?: (found: Found) => void;
  onProgress?: (summary: Summary) => void;
};

export function caseAt(seed: number, index: number, schema: Schema): Script {
  return makeCase(new Random(seed, index), schema);
}

/** Runs cases on all pairs at once until enough statements were compared, or enough differences were found. */
export async function run(lab: Lab, pairs: readonly Pair[], options: RunOptions): Promise<Summary> {
  const { seed, statements, from = 0, maxFound = 1 } = options;
  const startedAtMs = performance.now() - (options.after?.elapsedMs ?? 0);
  const summary: Summary = options.after ?? {
    seed,
    nextIndex: from,
    statements: 0,
    ways: new Map(),
    endings: new Map(),
    codes: new Map(),
    late: 0,
    found: [],
    ms: { a: [], b: [] },
    elapsedMs: 0,
  };
  if (options.repeatsFound !== false && options.after === undefined) await repeatFound(pairs[0], summary);
  if (options.after === undefined) for (const found of summary.found) options.onFound?.(found);
  const isDone = () => summary.statements >= statements || summary.found.length >= maxFound;
  await Promise.all(
    pairs.map(async (pair) => {
      while (!isDone()) {
        const start = summary.nextIndex;
        summary.nextIndex += BLOCK_CASES;
        await pair.begin();
        for (let index = start; index < start + BLOCK_CASES && !isDone(); index += 1) {
          const script = caseAt(seed, index, lab.schema);
          if (options.only !== undefined && !mentions(script, options.only)) continue;
          const outcome = await pair.run(script);
          note(summary, outcome);
          if (outcome.difference === null) continue;
          const again = await runAgain(pair, script, options.triedAgain ?? 0);
          const found = { index, script, difference: outcome.difference, again };
          summary.found.push(found);
          options.onFound?.(found);
          await pair.begin();
        }
        summary.elapsedMs = performance.now() - startedAtMs;
        options.onProgress?.(summary);
      }
    }),
  );
  summary.elapsedMs = performance.now() - startedAtMs;
  return summary;
}

/** In how many of so many runs a case differs. */
async function runAgain(pair: Pair, script: Script, times: number): Promise<number> {
  let count = 0;
  for (let time = 0; time < times; time += 1) {
    await pair.begin();
    if ((await pair.run(script)).difference !== null) count += 1;
  }
  return count;
}

function mentions(script: Script, pattern: RegExp): boolean {
  return script.some((step) => step.kind !== 'policy' && pattern.test(step.text));
}

/** A difference in what was found before has no index: the script itself is what replays it. */
async function repeatFound(pair: Pair | undefined, summary: Summary): Promise<void> {
  if (pair === undefined) return;
  await pair.begin();
  for (const text of FOUND) {
    const script = [frame('BEGIN'), simple(text), frame('ROLLBACK')];
    const outcome = await pair.run(script);
    note(summary, outcome);
    if (outcome.difference !== null)
      summary.found.push({ index: -1, script, difference: outcome.difference, again: 0 });
  }
}

const MAX_TIMES = 200_000;

function note(summary: Summary, { compared, late }: CaseOutcome): void {
  if (late) summary.late += 1;
  for (const { step, ending, code, ms } of compared) {
    if (step.statements === 0) continue;
    summary.statements += step.statements;
    count(summary.ways, step.way, step.statements);
    count(summary.endings, ending, step.statements);
    if (code !== '') count(summary.codes, code, step.statements);
    if (summary.ms.a.length >= MAX_TIMES) continue;
    summary.ms.a.push(ms.a);
    summary.ms.b.push(ms.b);
  }
}

function count(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
