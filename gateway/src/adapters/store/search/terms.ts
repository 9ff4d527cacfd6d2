import { createHash } from 'node:crypto';
import type { Decision } from '../../../../contract/decision.ts';
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

/** What a record is found by besides the words of its statement: no word twice, parted by blanks. */
export function termsOf(record: Omit<ActionRecord, 'outcome'>, outcome: RecordOutcome | null): string {
  const { principal, principalName, target, sessionId, surface, decision } = record;
  const email = record.question?.principal.email ?? principalName;
  const names = [principal, principal.replace(/^[a-z]+:/, ''), principalName, email];
  const own = [
    term('owner', principal),
    ...names.map((name) => term('who', name)),
    term('target', target),
    term('session', sessionId),
    term('surface', surface),
    term('outcome', outcome?.status ?? 'running'),
  ];
  const isMasked = outcome?.detected !== undefined && decision.masks.length === 0;
  if (isMasked) own.push(term('outcome', MASKED));
  return `${distinct(own)} ${planTermsOf(record)}`;
}

const plans = new WeakMap<Decision, string>();

/** All runs of a plan share its decision, and so these. */
function planTermsOf(record: Omit<ActionRecord, 'outcome'>): string {
  const { decision } = record;
  const known = plans.get(decision);
  if (known !== undefined) return known;
  const made = distinct([
    ...rulesOf(decision).map((rule) => term('rule', rule)),
    ...outcomesOf(decision).map((word) => term('outcome', word)),
    ...(record.facts?.protocol === 'sql' ? namesOf(record, record.facts) : []),
  ]);
  plans.set(decision, made);
  return made;
}

function distinct(words: readonly string[]): string {
  return [...new Set(words)].join(' ');
}

function rulesOf({ rules, masks, rows = [] }: Decision): string[] {
  return [...rules.map(({ id }) => id), ...masks.map(({ rule }) => rule), ...rows.map(({ rule }) => rule)];
}

const MASKED: SearchedOutcome = 'masked';

function outcomesOf({ outcome, masks, approval }: Decision): SearchedOutcome[] {
  const isHeld = outcome === 'approve' || approval !== undefined;
  const words: SearchedOutcome[] = masks.length > 0 ? [MASKED] : [];
  return isHeld ? [...words, 'held'] : words;
}

function namesOf({ decision, question }: Omit<ActionRecord, 'outcome'>, facts: SqlFacts): string[] {
  const masked = decision.masks.map(({ column }) => column);
  const looked = (facts.lookups ?? []).map(({ column }) => column);
  const through = question?.through ?? [];
  const behind = through.flatMap(({ schema, relation, columns: used }) =>
    Array.isArray(used)
      ? used.flatMap((way) => way.columns.map(({ column }) => ({ schema, relation, column })))
      : [],
  );
  const columns = [...facts.disclosed, ...facts.conditions, ...behind, ...masked, ...looked];
  const tables = [...facts.reads, ...facts.writes, ...through, ...masked];
  return [...tables.flatMap(tableTerms), ...columns.flatMap(columnTerms)];
}

function tableTerms({ schema, relation }: RelationRef): string[] {
  return [term('table', relation), term('table', `${schema}.${relation}`)];
}

function columnTerms({ schema, relation, column }: ColumnRef): string[] {
  const ofTable = `${relation}.${column}`;
  return [term('column', column), term('column', ofTable), term('column', `${schema}.${ofTable}`)];
}
