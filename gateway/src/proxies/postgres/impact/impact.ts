import type { ApprovalRequest } from '../../../../contract/approval-request.ts';
import type { Impact } from '../../../../contract/impact.ts';
import { whyUncounted } from '../approval/row-bound.ts';
import { impactOfFacts } from './facts.ts';
import { hanging } from './hanging.ts';
import type { Bound, Looks } from './looks.ts';
import { planned, whyNotPlanned } from './plan.ts';
import { counted, sampled } from './rows.ts';
import { similarTo } from './similar.ts';
import type { Examined, Subject } from './subject.ts';
import { summaryOf } from './words.ts';

/**
 * What a statement would do: its facts, and what read-only looks from outside tell. Nothing of it runs, and nothing is
 * shown that its requester would not see. Whatever can't be told is a sentence in `unknown`; without `looks`, all of that.
 * Null when it would not run.
 */
export async function impactOf(
  subject: Subject,
  request: ApprovalRequest,
  requests: readonly ApprovalRequest[],
  looks: Looks | null,
): Promise<Impact | null> {
  const examined = await examine(subject);
  if (examined === null) return null;
  const unknown: string[] = [];
  const bounded = whyUncounted(subject.statement);
  const isDefining = examined.outline.definition !== null;
  if (bounded !== null && !isDefining)
    unknown.push(`It can not be approved for a number of rows: ${bounded}.`);
  const seen = await lookedAt(examined, looks, unknown);
  const { facts } = subject.statement;
  return {
    ...impactOfFacts(examined),
    ...seen,
    effects: [...impactOfFacts(examined).effects, ...seen.effects],
    summary: summaryOf(facts, seen.rows, seen.ofRows),
    similar: similarTo(request, requests),
    unknown,
  };
}

async function examine(subject: Subject): Promise<Examined | null> {
  const { governor, session, principal, statement, world } = subject;
  const plan = await governor.plan(session, principal, statement, world);
  const outline = await governor.outline(statement.text, world);
  if (plan.kind === 'refused' || outline === null) return null;
  return { ...subject, decision: plan.decision, enforcedText: plan.payload.text, outline };
}

type Looked = Pick<Impact, 'rows' | 'ofRows' | 'where' | 'cascades' | 'triggers' | 'sample' | 'effects'>;

async function lookedAt(subject: Examined, looks: Looks | null, unknown: string[]): Promise<Looked> {
  const { statement, world, inTransaction, ownCatalogue, outline } = subject;
  const { facts } = statement;
  const nothing: Looked = {
    rows: null,
    ofRows: null,
    where: facts.hasWhere === false ? { present: false, index: null } : null,
    cascades: [],
    triggers: [],
    sample: null,
    effects: [],
  };
  const apart = whyApart(world.state.temporary.size > 0, ownCatalogue);
  if (looks === null || apart !== null) {
    unknown.push(apart ?? 'So many statements wait that nothing was looked up for this one.');
    return nothing;
  }
  const trying = <Value>(what: string, look: () => Promise<Value>) => tried(what, look, unknown);
  const hangs = await trying('What hangs on it', () => hanging(subject, looks));
  const noPlan = whyNotPlanned(subject);
  const all = boundOf(subject, null);
  if (noPlan !== null && facts.hasWhere !== null) unknown.push(noPlan);
  if (all === null) unknown.push('The planner is not asked: some of what was bound is in binary form.');
  const plan =
    noPlan !== null || all === null
      ? null
      : await trying("The planner's estimate", () => planned(subject, all, looks));
  const found = boundOf(subject, outline.found?.parameters ?? []);
  const changes = facts.kind === 'update' || facts.kind === 'delete';
  if (changes && found === null)
    unknown.push('Its rows are not counted: some of what was bound is in binary form.');
  const count =
    !changes || found === null
      ? null
      : told(await trying('The number of rows', () => counted(subject, found, looks)), unknown);
  const sample =
    !changes || found === null
      ? null
      : told(await trying('A sample of the rows', () => sampled(subject, found, looks)), unknown);
  if (inTransaction && (count !== null || sample !== null)) {
    unknown.push(
      'Rows are looked at as others see them: what its own transaction has changed is not in that.',
    );
  }
  const ofRows = hangs?.ofRows ?? null;
  const every =
    facts.kind === 'truncate' && ofRows !== null ? { rows: ofRows, how: 'estimated' as const } : null;
  return {
    rows: count ?? plan?.rows ?? every,
    ofRows,
    where: plan?.where ?? nothing.where,
    cascades: hangs?.cascades ?? [],
    triggers: hangs?.triggers ?? [],
    sample,
    effects: dependants(facts.kind, hangs?.views ?? []),
  };
}

/** What others can't see can't be looked at by others. */
function whyApart(hasTemporary: boolean, ownCatalogue: boolean): string | null {
  if (ownCatalogue)
    return 'Its transaction has changed tables that nobody else sees yet, so nothing was looked up.';
  return hasTemporary
    ? 'Its session has temporary tables that nobody else sees, so nothing was looked up.'
    : null;
}

async function tried<Value>(
  what: string,
  look: () => Promise<Value>,
  unknown: string[],
): Promise<Value | null> {
  try {
    return await look();
  } catch (error) {
    // The server's own words may hold values.
    const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
    const why =
      code === '57014' ? 'it took too long' : code === '55P03' ? 'somebody has it locked' : 'the look failed';
    unknown.push(`${what} is not known: ${why}.`);
    return null;
  }
}

function told<Value extends object>(value: Value | string | null, unknown: string[]): Value | null {
  if (typeof value !== 'string') return value;
  unknown.push(value);
  return null;
}

/** Bound values in their order, or those named; null when one can't be given again as text. */
function boundOf(
  { parameters, types }: Pick<Subject, 'parameters' | 'types'>,
  numbers: readonly number[] | null,
): Bound | null {
  const wanted = numbers ?? parameters.map((_, at) => at + 1);
  const values = wanted.map((number) => parameters[number - 1] ?? null);
  const isCut = values.some((value) => value !== null && /^<\d+ bytes>$|… <\d+ characters>$/.test(value));
  return isCut ? null : { values, types: wanted.map((number) => types[number - 1] ?? 0) };
}

const REMOVING: ReadonlySet<string> = new Set(['drop', 'alter']);
const MAX_NAMED = 10;

function dependants(kind: string, views: readonly string[]): string[] {
  if (!REMOVING.has(kind) || views.length === 0) return [];
  const more = views.length > MAX_NAMED ? ` and ${views.length - MAX_NAMED} more` : '';
  return [`Views depend on it: ${views.slice(0, MAX_NAMED).join(', ')}${more}.`];
}
