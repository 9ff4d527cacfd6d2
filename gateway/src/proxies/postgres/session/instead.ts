import type { Principal } from '../../../../contract/principal.ts';
import type { Session } from '../../../core/flow/session.ts';
import type { AnalysedStatement, SelectList } from '../../../sql/engine.ts';
import type { Governor, World } from './governor.ts';

/** A stopped statement without the columns that it is stopped for: it was decided, and would run. */
export type Instead = {
  /** Names of the result columns that are left out. */
  leftOut: string[];
  /** UTF-16 offsets in the statement's text of what is replaced. */
  start: number;
  end: number;
  replacement: string;
  /** The statement as it would run. */
  text: string;
  /** Where the first column that is left out stands; null when it comes of a `*`. */
  position: number | null;
};

/** Beyond so many columns nobody wants to be told which. */
const MAX_ITEMS = 40;

/**
 * What of a stopped query would be allowed: without one column, or else with those alone that each would be allowed.
 * Every text that is offered was decided as it would be when it is run. Null when there is none such.
 */
export async function insteadOf(
  governor: Governor,
  session: Session,
  principal: Principal,
  statement: AnalysedStatement,
  world: World,
): Promise<Instead | null> {
  if (statement.facts.kind !== 'select') return null;
  const list = await governor.selectList(statement.text, world);
  if (list === null || list.items.length < 2 || list.items.length > MAX_ITEMS) return null;
  const runs = async (kept: SelectList['items']): Promise<boolean> => {
    const names = kept.map(({ name }) => name);
    return governor.wouldRun(session, principal, without(statement, list, kept).text, names, world);
  };
  for (const item of list.items) {
    const kept = list.items.filter((other) => other !== item);
    if (await runs(kept)) return without(statement, list, kept);
  }
  const alone: SelectList['items'] = [];
  for (const item of list.items) if (await runs([item])) alone.push(item);
  if (alone.length === 0 || alone.length === list.items.length || !(await runs(alone))) return null;
  return without(statement, list, alone);
}

function without({ text }: AnalysedStatement, list: SelectList, kept: SelectList['items']): Instead {
  const { start, end } = list;
  const replacement = kept.map((item) => item.text).join(', ');
  const dropped = list.items.filter((item) => !kept.includes(item));
  return {
    leftOut: dropped.map(({ name }) => name),
    start,
    end,
    replacement,
    text: text.slice(0, start) + replacement + text.slice(end),
    position: dropped[0]?.start ?? null,
  };
}

const MAX_SHOWN_CHARACTERS = 300;

/** "Leave out ssn: select id, name from customers" */
export function insteadWords({ leftOut, text }: Instead): string {
  const what = `Leave out ${leftOut.join(', ')}`;
  const shown = text.trim().replaceAll(/\s+/g, ' ');
  return shown.length > MAX_SHOWN_CHARACTERS ? `${what}.` : `${what}: ${shown}`;
}
