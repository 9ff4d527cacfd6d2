import type { SessionId, TargetName } from '../../../gateway/contract/ids.ts';
import type { ActionRecord } from '../../../gateway/contract/record.ts';
import type { LiveSession } from '../../../gateway/contract/session-endpoints.ts';
import type { Surface } from '../../../gateway/contract/surface.ts';

/** A session in one line: of a search only the actions that were found count. */
export type SessionSummary = {
  readonly id: SessionId;
  readonly who: string;
  readonly target: TargetName;
  readonly surface: Surface;
  /** Milliseconds since 1970 of its first and last known action. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly actions: number;
  readonly refused: number;
  readonly masked: number;
  /** Numbers of its recordings. */
  readonly terminals: readonly number[];
  /** While it is open. */
  readonly live: LiveSession | null;
};

/** Sessions of these records and those that are open, newest first. */
export function summarised(records: readonly ActionRecord[], open: readonly LiveSession[]): SessionSummary[] {
  const bySession = new Map<SessionId, ActionRecord[]>();
  for (const record of records) {
    const known = bySession.get(record.sessionId);
    if (known === undefined) bySession.set(record.sessionId, [record]);
    else known.push(record);
  }
  const live = new Map(open.map((session) => [session.id, session]));
  const ids = new Set([...live.keys(), ...bySession.keys()]);
  const all = [...ids].flatMap((id) => summaryOf(id, bySession.get(id) ?? [], live.get(id) ?? null) ?? []);
  return all.sort((one, other) => other.toMs - one.toMs);
}

function summaryOf(
  id: SessionId,
  records: readonly ActionRecord[],
  live: LiveSession | null,
): SessionSummary | null {
  const times = records.map(({ at }) => Date.parse(at));
  if (live !== null) times.push(Date.parse(live.since));
  const [first] = records;
  const known = live ?? first;
  if (known === undefined) return null;
  const terminals = records.flatMap(({ recording }) => recording?.terminal ?? []);
  return {
    id,
    who: live?.who.name ?? first?.principalName ?? '',
    target: known.target,
    surface: known.surface,
    fromMs: Math.min(...times),
    toMs: Math.max(...times),
    actions: records.length,
    refused: records.filter(({ outcome }) => outcome?.status === 'refused').length,
    masked: records.filter(isMasked).length,
    terminals: [...new Set([...terminals, ...(live?.terminals ?? [])])].sort((one, other) => one - other),
    live,
  };
}

function isMasked({ decision, outcome }: ActionRecord): boolean {
  return decision.masks.length > 0 || Object.keys(outcome?.detected ?? {}).length > 0;
}

/** `12 actions · 1 refused · 3 masked`. */
export function inWords({ actions, refused, masked, live }: SessionSummary): string {
  const parts = [
    live === null ? '' : 'open now',
    actions === 1 ? '1 action' : `${actions} actions`,
    refused === 0 ? '' : `${refused} refused`,
    masked === 0 ? '' : `${masked} masked`,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
