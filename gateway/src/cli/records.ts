import { endpoints } from '../../contract/endpoints.ts';
import type { ActionRecord } from '../../contract/record.ts';
import { RecordSearch } from '../../contract/record-search.ts';
import { visible, visibleLines } from '../core/approvals/words.ts';
import { limitIn, noMore, parsedArguments } from './arguments.ts';
import { type ExitCode, type Surroundings, UsageError } from './command.ts';
import { type Caller, call } from './gateway-client.ts';
import { momentOf } from './moment.ts';
import { callerOf } from './requests.ts';

const text = { type: 'string' } as const;
const FILTERS = {
  principal: text,
  target: text,
  session: text,
  rule: text,
  outcome: text,
  table: text,
  column: text,
  from: text,
  to: text,
  text,
  surface: text,
};
const OPTIONS = { ...FILTERS, gateway: text, limit: text, json: { type: 'boolean' } } as const;

/** What one call of the gateway gives at most. */
const MAX_PAGE = 500;
const STANDARD_LIMIT = 50;

/** `records`: what was done, newest first, narrowed down by filters; with `--json` one whole record a line. */
export async function records(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { values, positionals } = parsedArguments(args, OPTIONS);
  noMore(positionals, 0);
  const search = searchOf(values);
  const limit = values.limit === undefined ? STANDARD_LIMIT : limitIn(values.limit);
  const caller = await callerOf(values.gateway, surroundings);
  let count = 0;
  for await (const record of found(caller, search, limit)) {
    surroundings.out(values.json === true ? JSON.stringify(record) : recordInWords(record));
    count += 1;
  }
  if (count === 0) surroundings.say('No record that you may see is like that.');
  if (count === limit) surroundings.say(`These are the newest ${limit}; --limit shows more.`);
  return 0;
}

type Filters = Partial<Record<keyof typeof FILTERS, string>>;

function searchOf(values: Filters): Record<string, string> {
  const given = Object.entries(values).filter(([name]) => name in FILTERS);
  const wanted = Object.fromEntries(
    given.map(([name, value]) => [
      name,
      name === 'from' || name === 'to' ? momentOf(value).toISOString() : value,
    ]),
  );
  const parsed = RecordSearch.safeParse(wanted);
  if (parsed.success) return { ...parsed.data };
  const [issue] = parsed.error.issues;
  throw new UsageError(`--${String(issue?.path[0])}: ${issue?.message}.`);
}

async function* found(
  caller: Caller,
  search: Record<string, string>,
  limit: number,
): AsyncGenerator<ActionRecord> {
  let before: string | null = null;
  for (let left = limit; left > 0; ) {
    const cursor: Record<string, string> = before === null ? {} : { before };
    const page = { ...search, ...cursor, limit: String(Math.min(left, MAX_PAGE)) };
    const reply = await call(caller, endpoints.records, page, {});
    yield* reply.records;
    left -= reply.records.length;
    before = reply.next;
    if (before === null) return;
  }
}

/** Some lines. Nothing that somebody else wrote moves the cursor of who reads it. */
function recordInWords(record: ActionRecord): string {
  const { id, at, principalName, target, surface, sessionId, statement, decision, outcome } = record;
  const rules = [...new Set(decision.rules.map(({ id }) => id))].join(', ');
  const lines = [
    `${new Date(at).toLocaleString()}  ${principalName} on ${target} (${surface}, session ${sessionId}, record ${id}): ${endOf(outcome)}`,
    `  ${decision.sentence}${rules === '' ? '' : ` [${rules}]`}`,
  ];
  const shown = visibleLines(statement).split('\n');
  return [...lines.map(visible), ...shown.map((line) => `    ${line}`)].join('\n');
}

function endOf(outcome: ActionRecord['outcome']): string {
  if (outcome === null) return 'running';
  const { status, sqlState, rows, durationMs } = outcome;
  const state = sqlState === null ? '' : ` ${sqlState}`;
  return status === 'done' ? `done, ${rows} rows in ${durationMs.toFixed(0)} ms` : `${status}${state}`;
}
