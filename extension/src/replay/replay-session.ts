import type { RecordId, SessionId } from '../../../gateway/contract/ids.ts';
import type { ActionRecord } from '../../../gateway/contract/record.ts';
import type { LiveSession } from '../../../gateway/contract/session-endpoints.ts';
import type { ReplayAction, ReplaySession } from '../../contract/replay-messages.ts';
import type { HttpClient } from '../gateway/http-client.ts';

/** With their results, which may be long. */
const PAGE_RECORDS = 50;

/** A session as it is recorded, and whether it is open now. */
export type FoundSession = { records: ActionRecord[]; live: LiveSession | null };

/**
 * Everything that is recorded of one session, oldest first; only the newest pages are asked for of one that was found
 * before.
 * @throws SluiceError as the client does
 */
export async function findSession(
  client: HttpClient,
  session: SessionId,
  before?: FoundSession,
): Promise<FoundSession> {
  const newest = await newestRecords(client, session, new Set(before?.records.map(({ id }) => id)));
  const ids = new Set(newest.map(({ id }) => id));
  const older = before?.records.filter(({ id }) => !ids.has(id)) ?? [];
  const { sessions } = await client.ask('sessions');
  return { records: [...older, ...newest], live: sessions.find(({ id }) => id === session) ?? null };
}

/** Pages of records, oldest first, back to one with something that is known. */
async function newestRecords(
  client: HttpClient,
  session: SessionId,
  known: ReadonlySet<RecordId>,
): Promise<ActionRecord[]> {
  const records: ActionRecord[] = [];
  for (let before: string | undefined; ; ) {
    const params = {
      session,
      answers: 'include' as const,
      limit: PAGE_RECORDS,
      ...(before === undefined ? {} : { before }),
    };
    const page = await client.ask('records', { params });
    records.push(...page.records);
    if (page.next === null || page.records.some(({ id }) => known.has(id))) return records.reverse();
    before = page.next;
  }
}

/** What the replay shows of it. A session that nothing is recorded of may still have a terminal's recording. */
export function replayOf(id: SessionId, { records, live }: FoundSession): ReplaySession {
  const [first] = records;
  const startMs = Math.min(
    ...[live?.since, first?.at].flatMap((at) => (at === undefined ? [] : Date.parse(at))),
  );
  const surface = live?.surface ?? first?.surface ?? 'ssh';
  const recorded = records.flatMap(({ recording }) => recording?.terminal ?? []);
  const terminals = [...new Set([...recorded, ...(live?.terminals ?? [])])].sort((one, other) => one - other);
  const kind = surface === 'ssh' || terminals.length > 0 ? 'terminal' : 'database';
  return {
    id,
    who: live?.who.name ?? first?.principalName ?? '',
    target: live?.target ?? first?.target ?? '',
    kind,
    startedAt: new Date(Number.isFinite(startMs) ? startMs : 0).toISOString(),
    isLive: live !== null,
    terminals: kind === 'terminal' && terminals.length === 0 ? [1] : terminals,
    actions: records.map((record) => actionOf(record, startMs)),
  };
}

function actionOf(record: ActionRecord, startMs: number): ReplayAction {
  const { id, at, statement, decision, outcome } = record;
  return {
    id,
    at,
    atS: record.recording?.atS ?? Math.max(0, (Date.parse(at) - startMs) / 1000),
    statement,
    decision: {
      outcome: decision.outcome,
      rules: decision.rules,
      masked: decision.masks.map(({ column }) => `${column.relation}.${column.column}`),
      sentence: decision.sentence,
    },
    outcome:
      outcome === null
        ? null
        : {
            status: outcome.status,
            sqlState: outcome.sqlState,
            rows: outcome.rows,
            durationMs: outcome.durationMs,
          },
    hasAnswer: outcome?.answer !== undefined,
  };
}
