import { z } from 'zod';
import { isSameColumn } from '../../../../contract/facts.ts';
import type { Impact, RowFigure } from '../../../../contract/impact.ts';
import type { Bound, Looks } from './looks.ts';
import type { Examined } from './subject.ts';

/** What the planner makes of it. */
export type Planned = { rows: RowFigure; where: Impact['where'] };

const EXPLAIN_MS = 1000;
const EXPLAINED: ReadonlySet<string> = new Set(['select', 'insert', 'update', 'delete', 'merge']);

type Plan = {
  'Node Type': string;
  'Plan Rows': number;
  'Index Name'?: string | undefined;
  'Index Cond'?: string | undefined;
  'Relation Name'?: string | undefined;
  Plans?: Plan[] | undefined;
};
const Plan: z.ZodType<Plan> = z.lazy(() =>
  z.looseObject({
    'Node Type': z.string(),
    'Plan Rows': z.number(),
    'Index Name': z.string().optional(),
    'Index Cond': z.string().optional(),
    'Relation Name': z.string().optional(),
    Plans: z.array(Plan).optional(),
  }),
);
const Explained = z.tuple([z.looseObject({ Plan })]);

/** Why EXPLAIN is not asked; null when it may be. */
export function whyNotPlanned({ statement: { facts }, decision, outline }: Examined): string | null {
  if (!EXPLAINED.has(facts.kind)) return 'How many rows it concerns is not known: it has no plan.';
  const looked = [...facts.disclosed, ...facts.conditions, ...outline.listed];
  const isMasked = decision.masks.some(({ column }) => looked.some((other) => isSameColumn(column, other)));
  if (!isMasked && (decision.rows ?? []).length === 0) return null;
  return 'The planner is not asked: its estimates come of statistics of what is masked for the requester.';
}

/** Asks the planner, of what would be sent to the server, with what was bound. @throws what `Looks` throws; ZodError */
export async function planned(
  { statement: { facts }, enforcedText, world }: Examined,
  bound: Bound,
  looks: Looks,
): Promise<Planned> {
  const seen = await looks.see({
    text: `EXPLAIN (FORMAT JSON) ${enforcedText}`,
    ...bound,
    state: world.state,
    timeoutMs: EXPLAIN_MS,
  });
  const [{ Plan: plan }] = Explained.parse(JSON.parse(seen.rows[0]?.[0] ?? ''));
  const top = plan['Node Type'] === 'ModifyTable' ? (plan.Plans?.[0] ?? plan) : plan;
  const rows: RowFigure = { rows: Math.round(top['Plan Rows']), how: 'estimated' };
  const [written] = facts.writes;
  if (facts.hasWhere === null || written === undefined) return { rows, where: null };
  return { rows, where: { present: facts.hasWhere, index: indexOn(written.relation, top) } };
}

/** The index by which a relation's rows are found. */
function indexOn(relation: string, plan: Plan): string | null {
  if (plan['Relation Name'] === relation) return indexIn(plan);
  for (const inner of plan.Plans ?? []) {
    const index = indexOn(relation, inner);
    if (index !== null) return index;
  }
  return null;
}

function indexIn(plan: Plan): string | null {
  const index = plan['Index Name'];
  if (index !== undefined && plan['Index Cond'] !== undefined) return index;
  for (const inner of plan.Plans ?? []) {
    const found = indexIn(inner);
    if (found !== null) return found;
  }
  return null;
}
