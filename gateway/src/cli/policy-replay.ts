import { endpoints } from '../../contract/endpoints.ts';
import type { ReplayReport } from '../../contract/policy-replay.ts';
import { checkPolicy, invalidPolicy, loadPolicy } from '../core/policy/files/load.ts';
import { type RecordLines, replay } from '../core/policy/replay/replay.ts';
import { dataFolderLines } from '../recorded/data-folder.ts';
import { limitIn, noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';
import { call } from './gateway-client.ts';
import { momentOf } from './moment.ts';
import { recordsIn } from './record-file.ts';
import { reportInWords } from './replay-words.ts';
import { callerOf } from './requests.ts';

const OPTIONS = {
  gateway: { type: 'string' },
  from: { type: 'string' },
  'data-dir': { type: 'string' },
  base: { type: 'string' },
  since: { type: 'string' },
  'dry-run': { type: 'boolean' },
  groups: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
} as const;
const GROUPS = 20;

/**
 * `policy replay PATH`: what a candidate policy would have done otherwise with what was recorded: in a file, in a data
 * folder, or else by the gateway, which compares with the policy in force.
 */
export async function policyReplay(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  const [path] = positionals;
  if (path === undefined) throw new UsageError('Say which policy file or folder to ask.');
  noMore(positionals, 1);
  const since = values.since === undefined ? null : momentOf(values.since);
  const lines = linesFrom(values.from, values['data-dir']);
  if (lines === null && values.base !== undefined) {
    throw new UsageError('--base is for --from and --data-dir; a gateway compares with the policy in force.');
  }
  const groups = groupsOf(values.groups);
  const isTried = values['dry-run'] === true;
  const report =
    lines === null
      ? await askedGateway(path, { isTried, since, limit: values.limit }, values.gateway, surroundings)
      : await askedHere(path, isTried, since, values.base, lines);
  if (values.json === true) surroundings.out(JSON.stringify(report, null, 2));
  else surroundings.out(reportInWords(report, groups));
  const asked = report.replayed === 1 ? 'One action was' : `${report.replayed} actions were`;
  surroundings.say(`${asked} asked again; ${report.changed} would be decided otherwise.`);
  return 0;
}

async function askedHere(
  path: string,
  isTried: boolean,
  since: Date | null,
  basePath: string | undefined,
  lines: RecordLines,
): Promise<ReplayReport> {
  const loaded = await loadPolicy(path);
  const base = basePath === undefined ? {} : { base: await loadPolicy(basePath) };
  const options = { ...base, ...(since === null ? {} : { since }) };
  return replay(lines, isTried ? loaded.onTrial() : loaded, options);
}

async function askedGateway(
  path: string,
  { isTried, since, limit }: { isTried: boolean; since: Date | null; limit: string | undefined },
  gateway: string | undefined,
  surroundings: Surroundings,
): Promise<ReplayReport> {
  const checked = await checkPolicy(path);
  if (checked.kind === 'invalid') throw invalidPolicy(checked.problems);
  const caller = await callerOf(gateway, surroundings);
  const body = {
    documents: checked.files,
    dryRun: isTried,
    ...(since === null ? {} : { since: since.toISOString() }),
    ...(limit === undefined ? {} : { limit: limitIn(limit) }),
  };
  const reply = await call(caller, endpoints.policyReplay, {}, body);
  if (reply.kind === 'replayed') return reply.report;
  throw invalidPolicy(reply.problems);
}

/** Null: the gateway has them. */
function linesFrom(file: string | undefined, folder: string | undefined): RecordLines | null {
  if (file !== undefined && folder !== undefined) {
    throw new UsageError('Write either --from RECORDS.jsonl or --data-dir DIR.');
  }
  if (file !== undefined) return recordsIn(file);
  return folder === undefined ? null : dataFolderLines(folder);
}

function groupsOf(text: string | undefined): number {
  if (text === undefined) return GROUPS;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is no number of groups.`);
}
