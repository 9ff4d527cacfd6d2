import { randomBytes } from 'node:crypto';
import type { RecordOutcome } from '../../../contract/record.ts';
import type { OpeningRecord } from '../../core/recording/recorder.ts';

export type AttributeValue = string | number | boolean;

/** One span of a trace (OpenTelemetry's trace API). Times in milliseconds since the epoch. */
export type Span = {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  name: string;
  kind: 'internal' | 'server' | 'client';
  startMs: number;
  endMs: number;
  attributes: Record<string, AttributeValue>;
  /** Null where it went as it should, or was refused, which is as it should be. */
  error: string | null;
};

/** @param decidingMs how long the decision took; null where it was known */
export function spansOf(
  record: OpeningRecord,
  outcome: RecordOutcome,
  decidingMs: number | null,
  includeStatement: boolean,
): Span[] {
  const atMs = Date.parse(record.at);
  const decidedFromMs = atMs - (decidingMs ?? 0);
  const heldFromMs = heldFrom(record);
  const root: Span = {
    traceId: record.id.replaceAll('-', ''),
    spanId: newSpanId(),
    parentSpanId: null,
    name: `${kindOf(record)} ${record.target}`,
    kind: 'server',
    startMs: Math.min(heldFromMs ?? decidedFromMs, decidedFromMs),
    endMs: atMs + outcome.durationMs,
    attributes: attributesOf(record, outcome, includeStatement),
    error: outcome.status === 'failed' || outcome.status === 'lost' ? outcome.status : null,
  };
  const child = (name: string, kind: Span['kind'], startMs: number, endMs: number): Span => ({
    ...root,
    spanId: newSpanId(),
    parentSpanId: root.spanId,
    name,
    kind,
    startMs,
    endMs,
    attributes: {},
    error: name === 'run' ? root.error : null,
  });
  return [
    root,
    ...(heldFromMs === null ? [] : [child('hold', 'internal', heldFromMs, decidedFromMs)]),
    ...(decidingMs === null ? [] : [child('decide', 'internal', decidedFromMs, atMs)]),
    ...(outcome.status === 'refused' ? [] : [child('run', 'client', atMs, root.endMs)]),
  ];
}

/** A request's id is a UUIDv7 (RFC 9562): it tells when it was made. */
function heldFrom({ decision: { approval } }: OpeningRecord): number | null {
  if (approval === undefined) return null;
  const ms = Number.parseInt(approval.request.replaceAll('-', '').slice(0, 12), 16);
  return Number.isNaN(ms) ? null : ms;
}

function kindOf({ facts }: OpeningRecord): string {
  if (facts === null) return 'unparsed';
  return facts.protocol === 'sql' ? facts.kind : (facts.uses[0]?.kind ?? 'command');
}

function attributesOf(
  record: OpeningRecord,
  { status, sqlState, rows }: RecordOutcome,
  includeStatement: boolean,
): Record<string, AttributeValue> {
  const { facts, decision } = record;
  const table = facts?.protocol === 'sql' ? (facts.writes[0] ?? facts.reads[0]) : undefined;
  return {
    'enduser.id': record.principal,
    'session.id': record.sessionId,
    'sluice.record': record.id,
    'sluice.surface': record.surface,
    'sluice.target': record.target,
    'sluice.outcome': status,
    'sluice.decision': decision.outcome,
    'sluice.rules': decision.rules.map(({ id }) => id).join(','),
    'sluice.masks': decision.masks.length,
    'sluice.policy': decision.policyVersion,
    ...(facts?.protocol === 'sql'
      ? {
          'db.system.name': 'postgresql',
          'db.namespace': record.target,
          'db.operation.name': facts.kind,
          'db.response.returned_rows': rows,
        }
      : {}),
    ...(table === undefined ? {} : { 'db.collection.name': `${table.schema}.${table.relation}` }),
    ...(sqlState === null ? {} : { 'db.response.status_code': sqlState }),
    ...(includeStatement ? { 'db.query.text': record.statement } : {}),
  };
}

const SPAN_ID_BYTES = 8;

function newSpanId(): string {
  return randomBytes(SPAN_ID_BYTES).toString('hex');
}
