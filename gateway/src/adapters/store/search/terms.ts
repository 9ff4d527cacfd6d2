import { createHash } from 'node:crypto';
import type { ColumnRef, RelationRef, SqlFacts } from '../../../../contract/facts.ts';
import type { ActionRecord, RecordOutcome } from '../../../../contract/record.ts';
import type { SearchedOutcome } from '../../../../contract/record-search.ts';

/** `owner` is the exact id that decides who may see a record; `who` is what people call its person. */
type TermKind = 'owner' | 'who' | 'target' | 'session' | 'surface' | 'rule' | 'outcome' | 'table' | 'column';

const HASH_CHARACTERS = 16;
const MAX_KNOWN = 20_000;
const known = new Map<string, string>();

/** One word for the index, whatever characters the value has. Case counts in owners alone. */
export function term(kind: TermKind, value: string): string {
  const text = `${kind} ${kind === 'owner' ? value : value.toLowerCase()}`;
  const found = known.get(text);
  if (found !== undefined) return found;
  const made = `x${createHash('sha1').update(text).digest('hex').slice(0, HASH_CHARACTERS)}`;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, made);
  return made;
}

/** What a record is found by besides the words of its statement. */
export function termsOf(record: Omit<ActionRecord, 'outcome'>, outcome: RecordOutcome | null): string[] {
  const { principal, principalName, target, sessionId, surface, facts } = record;
  const names = [principal, principal.replace(/^[a-z]+:/, ''), principalName];
  const terms = [
    term('owner', principal),
    ...names.map((name) => term('who', name)),
    term('target', target),
    term('session', sessionId),
    term('surface', surface),
    ...rulesOf(record).map((rule) => term('rule', rule)),
    ...outcomesOf(record, outcome).map((word) => term('outcome', word)),
    ...(facts?.protocol === 'sql' ? namesOf(record, facts) : []),
  ];
  return [...new Set(terms)];
}

function rulesOf({ decision: { rules, masks, rows = [] } }: Pick<ActionRecord, 'decision'>): string[] {
  return [...rules.map(({ id }) => id), ...masks.map(({ rule }) => rule), ...rows.map(({ rule }) => rule)];
}

function outcomesOf(
  { decision }: Pick<ActionRecord, 'decision'>,
  outcome: RecordOutcome | null,
): SearchedOutcome[] {
  const isMasked = decision.masks.length > 0 || outcome?.detected !== undefined;
  return [
    outcome?.status ?? 'running',
    ...(isMasked ? ['masked' as const] : []),
    ...(decision.outcome === 'approve' || decision.approval !== undefined ? ['held' as const] : []),
  ];
}

function namesOf({ decision, question }: Omit<ActionRecord, 'outcome'>, facts: SqlFacts): string[] {
  const masked = decision.masks.map(({ column }) => column);
  const looked = (facts.lookups ?? []).map(({ column }) => column);
  const columns = [...facts.disclosed, ...facts.conditions, ...masked, ...looked];
  const tables = [...facts.reads, ...facts.writes, ...(question?.through ?? []), ...masked];
  return [...tables.flatMap(tableTerms), ...columns.flatMap(columnTerms)];
}

function tableTerms({ schema, relation }: RelationRef): string[] {
  return [term('table', relation), term('table', `${schema}.${relation}`)];
}

function columnTerms({ schema, relation, column }: ColumnRef): string[] {
  const ofTable = `${relation}.${column}`;
  return [term('column', column), term('column', ofTable), term('column', `${schema}.${ofTable}`)];
}
