import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchApprovals } from './bench/approvals.ts';
import { benchDecision } from './bench/decisions.ts';
import { benchEditor } from './bench/editor.ts';
import { benchGrid } from './bench/grid.ts';
import { PATHS } from './bench/paths.ts';
import { benchPolicyReplay } from './bench/policy-replay.ts';
import { benchRecording } from './bench/recording/recording.ts';
import { benchRecords } from './bench/records.ts';
import { approvalsReport } from './bench/report/approvals-report.ts';
import { policyReport } from './bench/report/policy-report.ts';
import { recordingReport } from './bench/report/recording-report.ts';
import { recordsReport } from './bench/report/records-report.ts';
import type { Report } from './bench/report/report.ts';
import { screenReport } from './bench/report/screen-report.ts';
import { speedReport } from './bench/report/speed-report.ts';
import { sshReport } from './bench/report/ssh-report.ts';
import { wireReport } from './bench/report/wire-report.ts';
import { benchSeenStatement } from './bench/seen-statement.ts';
import { benchSsh } from './bench/ssh/ssh.ts';
import { benchOrdinary, benchRegression } from './bench/statements.ts';
import { benchWire } from './bench/wire.ts';
import { root } from './setup/root.ts';
import { prepareNeed } from './setup/system-packages.ts';

const FOLDER = join(root, 'test-results', 'bench');
const PARTS = [
  'speed',
  'screen',
  'wire',
  'approvals',
  'ssh',
  'policy-replay',
  'recording',
  'records',
] as const;
const REPLAYED = 1_000_000;
/** A p99 scatters by half from round to round: its median needs these many. */
const TAIL_ROUNDS = 40;
const USAGE = `Usage: npm run bench -- [--only ${PARTS.join(',')}] [--rounds 3] [--seconds 2] [--paths ${PATHS.join(',')}]`;

type Part = (typeof PARTS)[number];
type Options = ReturnType<typeof readOptions>;

/** Runs the parts, prints their tables and how they stand to the goals, and keeps everything as JSON. */
async function main(): Promise<void> {
  const options = readOptions();
  const machine = { cpus: cpus().length, loadBefore: loadavg()[0] };
  const reports: Record<string, Report> = {};
  for (const part of options.parts) {
    const report = await run(part, options);
    if (report === null) continue;
    for (const table of report.tables) console.table(table);
    reports[part] = report;
  }
  console.log(
    `Load of the machine: ${machine.loadBefore?.toFixed(1)} before, ${loadavg()[0]?.toFixed(1)} after`,
  );
  console.table(Object.values(reports).flatMap(({ goals }) => goals));
  keep({ ...options, at: new Date().toISOString(), ...machine, loadAfter: loadavg()[0], reports });
}

async function run(part: Part, options: Options): Promise<Report | null> {
  switch (part) {
    case 'speed':
      return speedReport({
        decision: benchDecision(),
        seen: await benchSeenStatement(),
        ordinary: await benchOrdinary(),
        regression: await benchRegression(),
      });
    case 'screen':
      if (lacks('chromium')) return null;
      return screenReport({ grid: await benchGrid(), editor: await benchEditor() });
    case 'wire':
      if (lacks('pgbench')) throw new Error('The wire is measured with pgbench.');
      lacks('pgbouncer');
      return wireReport(await benchWire(options));
    case 'approvals':
      if (lacks('pgbench')) throw new Error("Others' latency is measured with pgbench.");
      return approvalsReport(await benchApprovals(options.tailRounds, options.seconds));
    case 'ssh':
      if (lacks('sshd')) throw new Error('SSH is measured with a real sshd.');
      return sshReport(await benchSsh(options.rounds));
    case 'recording':
      if (lacks('pgbench')) throw new Error('What recording costs is measured with pgbench.');
      return recordingReport(await benchRecording(options.rounds, options.seconds));
    case 'records':
      return recordsReport(await benchRecords(options.seconds));
    case 'policy-replay':
      return policyReport(await benchPolicyReplay(REPLAYED));
  }
}

/** Tries to bring a program; says so when it can't. */
function lacks(need: 'chromium' | 'pgbench' | 'pgbouncer' | 'sshd'): boolean {
  const missing = prepareNeed(need);
  if (missing !== null) console.error(missing);
  return missing !== null;
}

function readOptions() {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { only: text, rounds: text, seconds: text, paths: text } });
  const wanted = values.paths?.split(',') ?? PATHS;
  const only = values.only?.split(',') ?? PARTS;
  const paths = PATHS.filter((name) => wanted.includes(name));
  const parts = PARTS.filter((name) => only.includes(name));
  const [rounds, seconds] = [Number(values.rounds ?? 3), Number(values.seconds ?? 2)];
  const tailRounds = Number(values.rounds ?? TAIL_ROUNDS);
  const isWhole = rounds >= 1 && seconds >= 1 && Number.isInteger(seconds);
  if (!isWhole || paths.length === 0 || parts.length === 0) throw new Error(USAGE);
  return { parts, rounds, tailRounds, seconds, paths };
}

function keep(result: Record<string, unknown>): void {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, 'bench.json');
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`Kept in ${file}`);
}

await main();
