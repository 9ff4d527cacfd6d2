import type { ColumnRef } from '../../../../contract/facts.ts';
import type { Impact, RowFigure } from '../../../../contract/impact.ts';
import type { AnalysedStatement } from '../../../sql/engine.ts';
import { RunDetection } from '../detected/detection.ts';
import type { Bound, Looks } from './looks.ts';
import type { Examined } from './subject.ts';

const COUNT_MS = 2000;
const SAMPLE_MS = 1000;
const MAX_CELL_CHARACTERS = 200;
/** Detectors look at more than is shown: what stands at the end of it may go on. */
const MAX_LOOKED_AT = 1000;

/** A column that a query gives, and where its values come from. */
type Output = { name: string; origins: ColumnRef[] };

/** A query as it would run for the requester, or why it would not. */
type Allowed =
  | { kind: 'allowed'; text: string; outputs: Output[]; redact: (value: string) => string }
  | { kind: 'refused'; why: string };

/**
 * Puts a query through what the requester's own would go through: parse, facts, decision, rewrite. Only what would run at
 * once counts: what needs approval itself, looks masked values up, or might change something is not looked at.
 */
async function allowed({ governor, session, principal, world }: Examined, text: string): Promise<Allowed> {
  const analysis = await governor.analyse(text, world);
  const [statement] = analysis.kind === 'analysed' ? analysis.statements : [];
  if (statement === undefined) return { kind: 'refused', why: 'the query for them could not be read' };
  const plan = await governor.plan(session, principal, statement, world);
  if (plan.kind !== 'granted') return { kind: 'refused', why: 'the requester may not read them' };
  if (plan.decision.lookups !== undefined) {
    return { kind: 'refused', why: 'that would look masked values up' };
  }
  if (!statement.facts.readOnly)
    return { kind: 'refused', why: 'its condition calls what may change something' };
  const outputs = (statement.outputs ?? []).map(({ name, origins }) => ({
    name,
    origins: origins.map(({ schema, relation, column }) => ({ schema, relation, column })),
  }));
  if (outputs.length === 0) return { kind: 'refused', why: 'what it gives is not known' };
  const enforced = plan.payload.text;
  return { kind: 'allowed', text: enforced, outputs, redact: redacting(statement, plan.decision) };
}

function redacting(statement: AnalysedStatement, decision: Examined['decision']): (value: string) => string {
  const detection = RunDetection.of(decision, statement);
  if (detection === null) return (value) => value;
  return (value) => {
    const bytes = Buffer.from(value);
    return detection.anywhere.redact(bytes, 0, bytes.length)?.toString() ?? value;
  };
}

/** Counts the rows that it finds, up to a limit. @throws what `Looks` throws; a sentence when it may not be looked at. */
export async function counted(subject: Examined, bound: Bound, looks: Looks): Promise<RowFigure | string> {
  const { found } = subject.outline;
  if (found === null) return 'Its rows are not counted: they can not be told from its text.';
  const query = await allowed(subject, found.count);
  if (query.kind === 'refused') return `Its rows are not counted: ${query.why}.`;
  const { state } = subject.world;
  const seen = await looks.see({ ...bound, text: query.text, state, timeoutMs: COUNT_MS });
  const rows = Number(seen.rows[0]?.[0]);
  return rows > found.maxCounted ? { rows: found.maxCounted, how: 'atLeast' } : { rows, how: 'counted' };
}

/** Some of the rows, as the requester would see them. @throws as `counted` */
export async function sampled(
  subject: Examined,
  bound: Bound,
  looks: Looks,
): Promise<NonNullable<Impact['sample']> | string> {
  const { found } = subject.outline;
  if (found === null) return 'None of its rows are shown: they can not be told from its text.';
  const query = await allowed(subject, found.sample);
  if (query.kind === 'refused') return `None of its rows are shown: ${query.why}.`;
  const { state } = subject.world;
  const text = `SELECT ${query.outputs.map(({ name }) => beginningOf(name)).join(', ')} FROM (${query.text}) AS shown`;
  const { columns, rows } = await looks.see({ ...bound, text, state, timeoutMs: SAMPLE_MS });
  const shown = (value: string | null) => (value === null ? null : cut(query.redact(value)));
  const origins = query.outputs.map((output) => output.origins);
  return { columns, rows: rows.map((row) => row.map(shown)), origins };
}

/** A value may be as large as it likes, and only its beginning leaves the server. */
function beginningOf(column: string): string {
  const name = `"${column.replaceAll('"', '""')}"`;
  return `pg_catalog."left"(shown.${name}::pg_catalog.text, ${MAX_LOOKED_AT}) AS ${name}`;
}

function cut(value: string): string {
  return value.length <= MAX_CELL_CHARACTERS ? value : `${value.slice(0, MAX_CELL_CHARACTERS)}…`;
}
