import type { CoverageGap, CoverageReport, TargetCoverage } from '../../contract/coverage.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { ActionRecord } from '../../contract/record.ts';
import { CoverageLedger } from '../core/coverage/ledger.ts';
import type { RecordLines } from '../core/policy/replay/replay.ts';
import { dataFolderLines } from '../recorded/data-folder.ts';
import { limitIn, noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';
import { call } from './gateway-client.ts';
import { momentOf } from './moment.ts';
import { recordsIn } from './record-file.ts';
import { callerOf } from './requests.ts';

const OPTIONS = {
  gateway: { type: 'string' },
  from: { type: 'string' },
  'data-dir': { type: 'string' },
  target: { type: 'string' },
  since: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const WORDS: Record<CoverageGap, string> = {
  notParsed: 'could not be parsed',
  notUnderstood: 'not understood in whole',
  letThrough: 'not understood, let through by audit mode',
  rawTerminal: 'terminals that nobody looks into',
  anyProgram: 'programs that could run anything',
  carriedFiles: 'files carried by scp -O, rsync or git',
  forwarded: 'forwarded connections',
  lentAgent: 'keys lent to the host',
  reviewedFunction: 'functions that were reviewed',
  lost: 'with an end that nobody knows',
};
const EXAMPLES = 2;
const MAX_STATEMENT = 120;

/** `coverage`: what could not be looked into, by target. */
export async function coverage(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  noMore(positionals, 0);
  const { from, 'data-dir': folder } = values;
  const lines = from !== undefined ? recordsIn(from) : folder !== undefined ? dataFolderLines(folder) : null;
  const narrows = [values.target, values.since, values.limit].some((value) => value !== undefined);
  if (lines !== null && narrows)
    throw new UsageError('--target, --since and --limit are for a gateway; --from and --data-dir count all.');
  const report = lines === null ? await asked(values, surroundings) : await reportOf(lines);
  if (values.json === true) surroundings.out(JSON.stringify(report, null, 2));
  else if (report.targets.length > 0) surroundings.out(report.targets.map(inWords).join('\n\n'));
  surroundings.say(periodInWords(report));
  return 0;
}

type Narrowed = { gateway?: string; target?: string; since?: string; limit?: string };

async function asked(
  { gateway, target, since, limit }: Narrowed,
  surroundings: Surroundings,
): Promise<CoverageReport> {
  const params = {
    ...(target === undefined ? {} : { target }),
    ...(since === undefined ? {} : { since: momentOf(since).toISOString() }),
    ...(limit === undefined ? {} : { limit: String(limitIn(limit)) }),
  };
  return call(await callerOf(gateway, surroundings), endpoints.coverage, params, {});
}

function periodInWords({ read, from, until }: CoverageReport): string {
  if (from === null || until === null) return 'Nothing is recorded of that.';
  return `Of ${read === 1 ? 'one recorded action' : `${read} recorded actions`}, from ${from} to ${until}.`;
}

async function reportOf(lines: RecordLines): Promise<CoverageReport> {
  const ledger = new CoverageLedger();
  for await (const batch of lines) {
    for (const line of batch) {
      const record = ActionRecord.safeParse(withOutcome(line));
      if (record.success) ledger.take(record.data);
    }
  }
  return ledger.report();
}

/** An opening has no end yet. */
function withOutcome(line: string): unknown {
  try {
    return Object.assign({ outcome: null }, JSON.parse(line));
  } catch {
    return null;
  }
}

function inWords({ target, actions, ran, uninspected, inspectedShare, gaps }: TargetCoverage): string {
  const share = `${(Math.floor(inspectedShare * 1000) / 10).toFixed(1)} %`;
  return [
    `${target}: ${share} of what ran was looked into in whole (${ran - uninspected} of ${ran}; ${actions} asked)`,
    ...gaps.flatMap(({ gap, ran: through, blocked, examples }) => [
      `  ${String(through).padStart(8)} ran ${String(blocked).padStart(8)} blocked  ${WORDS[gap]}`,
      ...examples.slice(0, EXAMPLES).map(({ who, at, statement, why }) => {
        const line = statement.trim().replaceAll(/\s+/g, ' ');
        const reason = why === '' ? '' : ` (${why})`;
        return `             ${who}, ${at}: ${line.slice(0, MAX_STATEMENT)}${reason}`;
      }),
    ]),
  ].join('\n');
}
