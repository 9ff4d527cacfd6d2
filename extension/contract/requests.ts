import type { ApprovalRequest, ShownRequest, Vote } from '../../gateway/contract/approval-request.ts';
import { type Ask, approversInWords } from '../../gateway/contract/ask.ts';

/** Whether this person is asked for something: an answer, or a look at what ran without one. */
export function waitsForMe({ acts }: ShownRequest): boolean {
  return acts.includes('approve') || acts.includes('review');
}

/** Whether anything can still become of it. */
export function isOpen({ request }: ShownRequest): boolean {
  return request.status === 'pending' || request.status === 'approved' || request.status === 'brokenGlass';
}

/** What ran without approval first, then what lapses soonest. For `sort`. */
export function byUrgency(one: ShownRequest, other: ShownRequest): number {
  return urgencyOf(one) - urgencyOf(other) || one.request.id.localeCompare(other.request.id);
}

function urgencyOf({ request }: ShownRequest): number {
  return request.status === 'brokenGlass' ? 0 : Date.parse(request.lapsesAt);
}

/** Newest first. For `sort`. */
export function newestFirst(one: ShownRequest, other: ShownRequest): number {
  return other.request.id.localeCompare(one.request.id);
}

/** How far one rule's ask has come. */
export type AskProgress = { ask: Ask; agreed: string[]; missing: number };

/** Who has agreed to each ask, and how many people are still missing. For people to read: the gateway counts. */
export function progressOf({ asks, votes }: ApprovalRequest): AskProgress[] {
  return asks.map((ask) => {
    const agreed = [...new Set(votes.filter((vote) => countsFor(ask, vote)).map(({ by }) => by.name))];
    const needed = Math.max(ask.quorum, ask.of === 'each' ? ask.groups.length : 1);
    return { ask, agreed, missing: Math.max(0, needed - agreed.length) };
  });
}

function countsFor({ groups }: Ask, { verdict, groups: theirs }: Vote): boolean {
  return verdict === 'approve' && theirs.some((group) => groups.includes(group));
}

/** "dba", "2 people of dba", "1 more of dba": who still has to agree. */
export function awaited(request: ApprovalRequest): string {
  const progress = progressOf(request);
  const open = progress.filter(({ missing }) => missing > 0);
  return [...new Set((open.length > 0 ? open : progress).map(stillAwaited))].join(', and ');
}

function stillAwaited({ ask, agreed, missing }: AskProgress): string {
  if (agreed.length === 0 || missing === 0) return approversInWords([ask]);
  return `${missing} more of ${approversInWords([{ ...ask, quorum: 1 }])}`;
}

/** "12 min", "40 s", "2 h 05 min": what is left until a moment; "no time" when it has come. */
export function timeLeft(until: string, nowMs: number): string {
  const seconds = Math.ceil((Date.parse(until) - nowMs) / 1000);
  if (seconds <= 0) return 'no time';
  if (seconds < 60) return `${seconds} s`;
  // Clocks differ a little: 15 minutes are not told as 16.
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

const NAME = String.raw`((?:"(?:[^"]|"")+"|[\w$]+)(?:\.(?:"(?:[^"]|"")+"|[\w$]+))*)`;
const CHANGES: readonly (readonly [RegExp, string])[] = [
  [new RegExp(String.raw`^update\s+(?:only\s+)?${NAME}`, 'i'), 'update'],
  [new RegExp(String.raw`^delete\s+from\s+(?:only\s+)?${NAME}`, 'i'), 'delete from'],
  [new RegExp(String.raw`^insert\s+into\s+${NAME}`, 'i'), 'insert into'],
  [new RegExp(String.raw`^merge\s+into\s+(?:only\s+)?${NAME}`, 'i'), 'merge into'],
  [new RegExp(String.raw`^truncate\s+(?:table\s+)?(?:only\s+)?${NAME}`, 'i'), 'empty'],
  [new RegExp(String.raw`^alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?${NAME}`, 'i'), 'alter'],
  [new RegExp(String.raw`^drop\s+table\s+(?:if\s+exists\s+)?${NAME}`, 'i'), 'drop'],
  [new RegExp(String.raw`^create\s+table\s+(?:if\s+not\s+exists\s+)?${NAME}`, 'i'), 'create'],
];

/** "update customers": what is asked for, as a heading. It only reads the beginning; the card says the rest. */
export function wish({ wanted }: ApprovalRequest): string {
  if (wanted.kind === 'unmask') {
    return `see ${wanted.columns.map(({ relation, column }) => `${relation}.${column}`).join(', ')}`;
  }
  const statement = withoutComments(wanted.statement);
  for (const [pattern, verb] of CHANGES) {
    const named = pattern.exec(statement)?.[1];
    if (named !== undefined) return `${verb} ${named}`;
  }
  const word = /^[\w./-]+/.exec(statement)?.[0] ?? '';
  if (word === '') return 'run a statement';
  const verb = word.toLowerCase();
  if (SQL.has(verb)) return `run ${anOrA(verb)} ${verb}`;
  // What is asked of a host: a command by its program's name, a file by what is done with it.
  return word === 'sftp' ? statement.slice('sftp '.length) : `run ${word.split('/').at(-1)}`;
}

/** Statements that are not told in other words. */
const SQL = new Set(
  'select with values table do call copy explain create alter drop comment grant revoke lock vacuum analyze reindex cluster refresh listen notify set show begin merge truncate'.split(
    ' ',
  ),
);

function withoutComments(statement: string): string {
  return statement.replace(/^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '');
}

function anOrA(word: string): string {
  return /^[aeiou]/.test(word) ? 'an' : 'a';
}

/** "Ana": the first of a person's names, without what stands in parentheses behind it. */
export function shortName({ name }: { name: string }): string {
  return name.replace(/\s*\(.*\)\s*$/, '').split(/\s+/)[0] || name;
}
