import type { ApprovalRequest, Bounds } from '../../../contract/approval-request.ts';
import { approversInWords } from '../../../contract/ask.ts';
import { assertNever } from '../../../contract/assert-never.ts';

/** Requests in plain words, for the command line and the approval page. Texts of people stand in them as they are. */

/** Where a request stands. `moment` writes a time for whoever reads it. */
export function standingInWords(request: ApprovalRequest, moment: (at: string) => string): string {
  const { status, asks, votes, lapsesAt, endsAt } = request;
  const agreed = votes.filter(({ verdict }) => verdict === 'approve').map(({ by }) => by.name);
  const denial = votes.find(({ verdict }) => verdict === 'deny');
  switch (status) {
    case 'pending': {
      const so = agreed.length === 0 ? '' : ` (${agreed.join(', ')} agreed)`;
      return `waits for ${approversInWords(asks)}${so} until ${moment(lapsesAt)}`;
    }
    case 'approved':
      return `approved by ${agreed.join(', ')}: ${boundsInWords(request.bounds)}, until ${moment(endsAt ?? lapsesAt)}`;
    case 'used':
      return `approved by ${agreed.join(', ')}, and it ran`;
    case 'denied':
      return `denied by ${denial?.by.name ?? 'somebody'}: ${denial?.reason ?? ''}`;
    case 'withdrawn':
      return 'withdrawn';
    case 'lapsed':
      return 'lapsed';
    case 'brokenGlass':
      return `ran without approval; ${approversInWords(asks)} must review it`;
    case 'reviewed':
      return 'ran without approval, and was reviewed';
    default:
      return assertNever(status);
  }
}

/** "at most 100 rows, once": how far an approval goes. */
export function boundsInWords({ maxRows, windowSeconds }: Bounds): string {
  const rows = maxRows === null ? 'however many rows it takes' : `at most ${count(maxRows, 'row')}`;
  return windowSeconds === null
    ? `${rows}, once`
    : `${rows}, and its like for ${durationInWords(windowSeconds)}`;
}

/** What it would do, a sentence each; nothing for what runs nothing. */
export function impactInWords({ impact, wanted }: Pick<ApprovalRequest, 'impact' | 'wanted'>): string[] {
  if (wanted.kind === 'unmask') return [];
  if (impact === null) return ['What it would do was not computed.'];
  const { summary, where, cascades, triggers, effects, unknown } = impact;
  return [
    summary,
    ...(where?.present === false ? ['It has no WHERE.'] : []),
    ...(where?.present === true && where.index === null ? ['No index finds its rows.'] : []),
    ...cascades.map(({ to, action }) => `Rows of ${to.schema}.${to.relation} go along (${action}).`),
    ...triggers.map((on) => `The trigger ${on.trigger} of ${on.schema}.${on.relation} runs.`),
    ...effects,
    ...unknown.map((what) => `Unknown: ${what}`),
  ];
}

/** What is asked for, line by line. */
export function wantedInWords({ wanted }: Pick<ApprovalRequest, 'wanted'>): string[] {
  if (wanted.kind === 'unmask') {
    const columns = wanted.columns.map(({ schema, relation, column }) => `${schema}.${relation}.${column}`);
    return [`to see ${columns.join(', ')} unmasked for ${durationInWords(wanted.forSeconds)}`];
  }
  const parameters = wanted.parameters.map((value, at) => `$${at + 1} = ${value ?? 'NULL'}`);
  return [...wanted.statement.trim().split(/\r?\n/), ...parameters];
}

export function durationInWords(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  const [name, size] = units.find(([, each]) => seconds % each === 0) ?? ['second', 1];
  return count(seconds / size, name);
}

/** The same for a text of several lines, for a protocol that takes neither NUL nor half a character. */
export function visibleLines(text: string): string {
  return text.toWellFormed().split(/\r?\n/).map(visible).join('\n');
}

/**
 * Shows characters that would not show themselves: control characters, which move a terminal's cursor, and those that turn
 * the direction of writing, by which a statement can look like another. Tabs stay.
 */
export function visible(text: string): string {
  return text.replace(
    /(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function count(how: number, what: string): string {
  return `${how} ${what}${how === 1 ? '' : 's'}`;
}
