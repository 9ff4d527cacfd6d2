import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PATHS } from './bench/paths.ts';
import { goalsOf, rowsOf, type WireBench } from './bench/report.ts';
import { benchWire, type WireBenchOptions } from './bench/wire.ts';
import { root } from './setup/root.ts';
import { prepareNeed } from './setup/system-packages.ts';

const FOLDER = join(root, 'test-results', 'bench');

const USAGE = `Usage: npm run bench -- [--rounds 3] [--seconds 2] [--paths ${PATHS.join(',')}]`;

/** Measures the gateway beside a bare pipe, PgBouncer and no proxy; prints a table and keeps it as JSON. */
async function main(): Promise<void> {
  const options = readOptions();
  const missing = prepareNeed('pgbench');
  if (missing !== null) throw new Error(missing);
  const unfound = prepareNeed('pgbouncer');
  if (unfound !== null) console.error(unfound);
  const bench = await benchWire(options);
  const [rows, goals] = [rowsOf(bench), goalsOf(bench)];
  console.table(rows);
  console.table(goals);
  keep({ ...options, at: new Date().toISOString(), cpus: cpus().length, rows, goals, rounds: plain(bench) });
}

function readOptions(): WireBenchOptions {
  const { values } = parseArgs({
    options: { rounds: { type: 'string' }, seconds: { type: 'string' }, paths: { type: 'string' } },
  });
  const wanted = values.paths?.split(',') ?? PATHS;
  const paths = PATHS.filter((name) => wanted.includes(name));
  const [rounds, seconds] = [Number(values.rounds ?? 3), Number(values.seconds ?? 2)];
  if (!(rounds >= 1) || !(seconds >= 1) || !Number.isInteger(seconds) || paths.length === 0) {
    throw new Error(USAGE);
  }
  return { rounds, seconds, paths };
}

function keep(result: Record<string, unknown>): void {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, 'wire.json');
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`Kept in ${file}`);
}

function plain({ small, wide, memory }: WireBench) {
  return {
    small: small.map(({ wanted, rounds }) => ({ case: wanted.name, paths: Object.fromEntries(rounds) })),
    wide: Object.fromEntries(wide),
    memory: Object.fromEntries(memory),
  };
}

await main();
